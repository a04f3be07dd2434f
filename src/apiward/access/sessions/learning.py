"""Learns sessions from the answers to log-ins, follows them when they are renewed, and forgets them at log-out."""

from collections.abc import Iterable
from typing import Final

from apiward.access.sessions import shapes
from apiward.access.sessions.claims import claims_of
from apiward.access.sessions.memory import SessionMemory
from apiward.core.call import Answer, Call

_NOTE: Final = "authenticate.log-in"


class SessionLearner:
    """Looks at answers that have been read. What it learns names an account, but proves nothing: see `is_verified`."""

    def __init__(self, memory: SessionMemory) -> None:
        self._memory = memory

    def wants_answer(self, call: Call) -> bool:
        """Whether the body of the answer to this call may hold a session."""
        is_log_in = shapes.is_log_in(call) or shapes.is_renewal(call)
        call.notes[_NOTE] = is_log_in
        return is_log_in

    def learn(self, call: Call, answer: Answer, shown: Iterable[bytes], now_s: float) -> None:
        """Learn from one answer. `shown` are the tokens and session cookies that the call itself showed."""
        if answer.status >= 400:
            return
        if shapes.is_log_out(call):
            for token in tuple(shown):
                self._memory.forget(token)
        elif call.notes[_NOTE] if _NOTE in call.notes else shapes.is_log_in(call) or shapes.is_renewal(call):
            self._log_in(call, answer, tuple(shown), now_s)
        elif answer.header(b"set-cookie") is not None:
            self._renew(answer, tuple(shown), now_s)

    def _log_in(self, call: Call, answer: Answer, shown: tuple[bytes, ...], now_s: float) -> None:
        if not shapes.says_success(answer) or _is_yet_to_be_read(answer):
            return
        account = self._account(call, shown, now_s)
        if not account:
            return
        # What the request itself brought was not given out here: an API that repeats it must not make it good.
        tokens = [token for token in shapes.tokens_in(answer) if token not in call.body and token not in shown]
        for token in tokens:
            claims, ends_s = claims_of(token)
            self._memory.remember(token, account, now_s, claims=claims, ends_s=ends_s)
        for token in shapes.renewals_in(answer):
            if token not in call.body:
                self._memory.remember(token, account, now_s)
        if tokens or not shapes.sounds_refused(answer):
            self._take_cookies(answer, account, now_s)

    def _account(self, call: Call, shown: tuple[bytes, ...], now_s: float) -> str:
        """Return who logs in, or whose session is renewed: that of the token that the request hands back."""
        if shapes.is_log_in(call):
            return shapes.account_of(call) or self._account_of(shown, now_s)
        handed = tuple(shapes.tokens_sent(call))
        return self._account_of((*handed, *shown), now_s)

    def _take_cookies(self, answer: Answer, account: str, now_s: float) -> None:
        for name, value in shapes.cookies_set(answer):
            if shapes.has_session_form(value):
                self._memory.remember(value, account, now_s)
                self._memory.name_cookie(name)

    def _renew(self, answer: Answer, shown: tuple[bytes, ...], now_s: float) -> None:
        """Follow a session cookie to its new value: many frameworks give it a new one now and then."""
        account = self._account_of(shown, now_s)
        for name, value in shapes.cookies_set(answer):
            if account and name in self._memory.cookie_names and shapes.has_session_form(value):
                self._memory.remember(value, account, now_s)

    def _account_of(self, shown: tuple[bytes, ...], now_s: float) -> str:
        known = (self._memory.account(token, now_s) for token in shown)
        return next((principal.id for principal in known if principal is not None), "")


def _is_yet_to_be_read(answer: Answer) -> bool:
    """Whether the body of the answer is not there: it may say that the log-in failed, so nothing is learned before."""
    return answer.body is None and 200 <= answer.status < 300 and answer.status not in (204, 205)
