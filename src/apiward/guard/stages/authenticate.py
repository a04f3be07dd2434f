"""Finds out who calls, and turns away who is shut out. What a caller may do is for `permit` to say."""

from collections.abc import Awaitable
from typing import Final

from apiward.core.api import Operation
from apiward.core.call import Answer, Call
from apiward.core.decision import Decision
from apiward.core.principal import Principal
from apiward.core.settings import NoSettings
from apiward.guard.stage import Judgement, Parts, StageName
from apiward.guard.tenants import tenant_of

_MAY_LOG_IN: Final = frozenset({"POST", "PUT"})
_WANTED: Final = "authenticate-wanted"


class Authenticate:
    """Asks the authenticator, and shows it the answers of log-ins so that it knows their sessions."""

    name: Final = StageName.AUTHENTICATE

    def __init__(self, settings: NoSettings, parts: Parts) -> None:  # noqa: ARG002 - all stages are built alike
        self._authenticator = parts.authenticator
        self._blocks = parts.blocks

    def silent_phases(self, operation: Operation | None) -> frozenset[str]:
        """Look at bodies and at answers only where a log-in may be."""
        silent = set() if self._authenticator.reads_bodies else {"wants_body", "on_body"}
        if operation is not None and operation.method not in _MAY_LOG_IN:
            silent |= {"wants_answer", "on_answer_body"}
        return frozenset(silent)

    def on_head(self, call: Call) -> Judgement:
        """Set the principal of the call, or refuse what is shown."""
        said = self._authenticator.authenticate(call)
        if isinstance(said, Principal):
            call.principal = said
            return None if said.is_anonymous else self._admitted(call, said)
        return said if isinstance(said, Decision) else self._awaited(call, said)

    def wants_body(self, call: Call) -> bool:
        """Return whether a signature covers the body."""
        return self._authenticator.wants_body(call)

    def on_body(self, call: Call) -> Decision | None:
        """Hold the body against its signed digest."""
        return self._authenticator.check_body(call)

    def wants_answer(self, call: Call, answer: Answer) -> bool:
        """Return whether the answer may hold a new session."""
        is_wanted = call.notes[_WANTED] = answer.status < 400 and self._authenticator.wants_answer(call)
        return is_wanted

    def on_answer_body(self, call: Call, answer: Answer) -> None:
        """Learn from a log-in."""
        if call.notes.get(_WANTED, True):  # else its head tells all that there is to learn
            self._authenticator.learn(call, answer)
            call.notes["authenticate"] = True

    def on_answer_head(self, call: Call, answer: Answer) -> None:
        """Learn from what needs no body: a log-out, a renewed cookie."""
        if "authenticate" not in call.notes and self._authenticator.may_learn(call, answer):
            self._authenticator.learn(call, answer)

    def _admitted(self, call: Call, principal: Principal) -> Decision | None:
        blocks = self._blocks
        reason, place = blocks.reason(principal.key, call.started_s), "caller"
        if not reason:
            if not blocks.has_tenants:
                return None
            reason, place = blocks.reason(f"tenant:{tenant_of(principal)}", call.started_s), "tenant"
        return Decision("authenticate.shut-out", place=place, saw=reason[:200], is_ordered=True) if reason else None

    async def _awaited(self, call: Call, asked: Awaitable[Principal | Decision]) -> Decision | None:
        said = await asked
        if isinstance(said, Decision):
            return said
        call.principal = said
        return None if said.is_anonymous else self._admitted(call, said)
