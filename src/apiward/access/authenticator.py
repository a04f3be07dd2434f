"""Who a call is from: signature, key, token, session and certificate, in this order, joined to one answer."""

import hashlib
from collections.abc import Awaitable, Coroutine, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from apiward.access.bearer import BearerCheck, Found, Outcome
from apiward.access.certificates import CertificateCheck
from apiward.access.credentials import ShownToken, is_shown_twice, token_in
from apiward.access.introspection import Introspection
from apiward.access.keys.form import read_key_text
from apiward.access.keys.ring import KeyRing
from apiward.access.refusals import refused
from apiward.access.sessions.learning import SessionLearner
from apiward.access.sessions.memory import SessionMemory
from apiward.access.sessions.shapes import cookies_shown, ends_own_session, is_log_out
from apiward.access.signatures.checking import BODY_NOTE, SignatureCheck
from apiward.access.tokens.checking import TokenCheck, digest_of
from apiward.access.tokens.proofs import ProofCheck
from apiward.core.call import Answer, Call
from apiward.core.decision import Decision
from apiward.core.ports import Clock
from apiward.core.principal import ANONYMOUS, Principal, PrincipalKind

_DIGEST: Final = "access.digest"
_RANK: Final = {
    PrincipalKind.USER: 0,
    PrincipalKind.KEY: 1,
    PrincipalKind.DEVICE: 2,
    PrincipalKind.TOKEN: 3,
    PrincipalKind.ANONYMOUS: 4,
}


@dataclass(frozen=True, slots=True)
class Parts:
    """What the authenticator is put together from; None stands for what is not set up."""

    clock: Clock
    ring: KeyRing
    memory: SessionMemory
    proofs: ProofCheck
    tokens: TokenCheck | None = None
    introspection: Introspection | None = None
    signatures: SignatureCheck | None = None
    certificates: CertificateCheck | None = None
    learns_sessions: bool = True
    token_headers: tuple[bytes, ...] = (b"authorization", b"x-access-token", b"x-auth-token")
    key_header: bytes = b"x-api-key"
    key_marker: bytes = b"apw_"
    session_cookies: frozenset[bytes] = frozenset()
    passes_unknown: bool = False
    refuses_keys_in_address: bool = True


class CredentialAuthenticator:
    """The `core.ports.Authenticator`. Answers at once, but where keys must be fetched or a service must be asked."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._clock = parts.clock
        self._learns_sessions = parts.learns_sessions
        self._learner = SessionLearner(parts.memory)
        handed_on = (parts.certificates.header,) if parts.certificates is not None else ()
        self._headers = frozenset((*parts.token_headers, parts.key_header, *handed_on))
        self._tokens_alone = parts.tokens if parts.token_headers[:1] == (b"authorization",) else None
        self._beside = frozenset(self._other_headers())
        self._bearer = BearerCheck(
            parts.memory, parts.proofs, parts.tokens, parts.introspection, passes_unknown=parts.passes_unknown
        )

    def authenticate(self, call: Call) -> Outcome:
        """Return who calls, ANONYMOUS where nothing is shown, or why what is shown is no good."""
        headers, tokens = call.headers, self._tokens_alone
        if len(headers) != len(call.header) and is_shown_twice(call, self._headers):
            return refused("credential-twice", place="headers", saw="a header with a credential stands twice")
        now_s = self._clock()
        if (
            tokens is not None
            and call.certificate is None
            and (not call.query or call.query.find(self._parts.key_marker) < 0)
        ):
            block = call.block
            digest = block.ready.get(_DIGEST) if block is headers and block is not None else None
            if not isinstance(digest, bytes):
                digest = self._digest_alone(call)
            known = tokens.recall(digest, now_s) if digest else None
            if known is not None:
                return known
        return self._joined(call, now_s)

    def _digest_alone(self, call: Call) -> bytes:
        """Return the digest of the token that is all that the headers show of the caller, or nothing; keep it."""
        digest = self._digest_of(call.header)
        if call.block is not None and call.block is call.headers:
            call.block.keep(_DIGEST, digest)
        return digest

    def _digest_of(self, header: Mapping[bytes, bytes]) -> bytes:
        value = header.get(b"authorization", b"")
        if value[:7] != b"Bearer " or not self._beside.isdisjoint(header):
            return b""
        return digest_of(value[7:])

    def _joined(self, call: Call, now_s: float) -> Outcome:
        found: list[Principal] = []
        waiting: list[Awaitable[Found]] = []
        for one in self._checked(call, now_s):
            if isinstance(one, Principal):
                found.append(one)
            elif isinstance(one, Decision):
                _close(waiting)
                return one
            else:
                waiting.append(one)
        if waiting:
            return self._awaited(found, waiting)
        return settle(found)

    def _other_headers(self) -> Iterator[bytes]:
        """Yield the headers beside Authorization that may show somebody: where one is there, the long way is taken."""
        parts = self._parts
        yield from parts.token_headers[1:]
        yield parts.key_header
        if parts.signatures is not None:
            yield from (b"signature", b"signature-input")
        if parts.certificates is not None and parts.certificates.header:
            yield parts.certificates.header

    @property
    def reads_bodies(self) -> bool:
        """Whether requests may be signed."""
        return self._parts.signatures is not None

    def may_learn(self, call: Call, answer: Answer) -> bool:
        """Whether the answer renews a session, or ends one."""
        if not self._learns_sessions or answer.status >= 400:
            return False
        return b"set-cookie" in answer.head().names or is_log_out(call)

    def wants_body(self, call: Call) -> bool:
        """Whether `check_body` must see the body of this call (its signature speaks of it)."""
        return BODY_NOTE in call.notes

    def check_body(self, call: Call) -> Decision | None:
        """Return the refusal of a signed call whose body is another; call it when the body has been read."""
        return self._parts.signatures.check_body(call) if self._parts.signatures is not None else None

    def wants_answer(self, call: Call) -> bool:
        """Whether `learn` should see the body of the answer to this call."""
        return self._learns_sessions and self._learner.wants_answer(call)

    def learn(self, call: Call, answer: Answer) -> None:
        """Look at an answer: a log-in gives a session or a token to remember, a log-out one to forget."""
        if not self._learns_sessions:
            return
        now_s = self._clock()
        self._learner.learn(call, answer, self._shown(call), now_s)
        if self._parts.tokens is not None and call.principal.is_verified and answer.status < 400:
            self._end(call, self._parts.tokens, now_s)

    def end_others(self, call: Call) -> None:
        """Forget all sessions of the account that calls, but the one that the call shows: it changed its password."""
        if call.principal.kind is PrincipalKind.USER and not call.principal.is_verified:
            self._parts.memory.forget_others(call.principal.id, frozenset(self._shown(call)))

    def _end(self, call: Call, tokens: TokenCheck, now_s: float) -> None:
        """After a log-out, the token that it showed is no longer good here, whatever the API makes of it."""
        if ends_own_session(call):
            for token in self._tokens(call):
                with suppress(OverflowError):  # the list is full of log-outs: the API's own judgement stays
                    tokens.end(token.value, now_s, call.principal.expires_s)

    async def _awaited(self, found: list[Principal], waiting: list[Awaitable[Found]]) -> Found:
        for position, one in enumerate(waiting):
            outcome = await one
            if isinstance(outcome, Decision):
                _close(waiting[position + 1 :])
                return outcome
            found.append(outcome)
        return settle(found)

    def _checked(self, call: Call, now_s: float) -> "Iterator[Outcome]":
        parts, header = self._parts, call.header
        certificate = call.certificate
        if parts.certificates is not None:
            certificate = parts.certificates.shown(call)
        if parts.signatures is not None and (b"signature-input" in header or b"signature" in header):
            yield parts.signatures.check(call, now_s)
        if not parts.ring.is_empty:
            yield from self._misplaced_key(call)
        key = header.get(parts.key_header)
        if key is not None:
            yield self._key(call, key, now_s)
        for token in self._tokens(call):
            yield self._token(call, token, certificate, now_s)
        if b"cookie" in header:
            yield from self._cookies(call, now_s)
        if certificate is not None and parts.certificates is not None:
            device = parts.certificates.check(certificate, now_s)
            if device is not None:
                yield device

    def _tokens(self, call: Call) -> Iterator[ShownToken]:
        for name in self._parts.token_headers:
            value = call.header.get(name)
            token = token_in(value) if value is not None else None
            if token is not None:
                yield token

    def _shown(self, call: Call) -> Iterator[bytes]:
        """Yield what the call shows that may be a session of the API."""
        for token in self._tokens(call):
            yield token.value
        yield from self._session_cookies(call)

    def _key(self, call: Call, text: bytes, now_s: float) -> Found:
        parts = self._parts
        if parts.ring.is_empty:
            return self._bearer.other(text, now_s)
        if parts.passes_unknown and read_key_text(text) is None:
            return parts.memory.unknown(text)
        path, address = call.path or call.target_path.decode("latin-1"), call.client or call.peer
        return parts.ring.check(text, method=call.method, path=path, address=address, now_s=now_s)

    def _token(self, call: Call, token: ShownToken, certificate: bytes | None, now_s: float) -> Outcome:
        if token.value.startswith(self._parts.key_marker) and not self._parts.ring.is_empty:
            return self._key(call, token.value, now_s)
        return self._bearer.check(call, token, certificate, now_s)

    def _cookies(self, call: Call, now_s: float) -> Iterator[Principal]:
        for value in self._session_cookies(call):
            yield self._bearer.session(value, now_s)

    def _session_cookies(self, call: Call) -> Iterator[bytes]:
        names, more = self._parts.session_cookies, self._parts.memory.cookie_names
        if names or more:
            for name, value in cookies_shown(call):
                if value and (name in more or name in names):
                    yield value

    def _misplaced_key(self, call: Call) -> Iterator[Decision]:
        parts = self._parts
        if not parts.refuses_keys_in_address or parts.key_marker not in call.query:
            return
        values = (part.partition(b"=")[2] for part in call.query.split(b"&", 200))
        if any(read_key_text(value) is not None for value in values):
            yield refused("key-in-address", place="query")


def settle(found: list[Principal]) -> Found:
    """Return the one who calls: a person before a key, a key before a device, what was verified before what was not.

    Two of the same kind that are not the same disagree, and nobody could say which the API follows. Verified ones
    are refused; of sessions that were only learned, none counts, and the caller is a stranger.
    """
    if len(found) < 2:
        return found[0] if found else ANONYMOUS
    best = min(found, key=_order)
    rivals = [one for one in found if _order(one) == _order(best) and one.key != best.key]
    if not rivals or best.kind is PrincipalKind.TOKEN:
        return best
    if best.is_verified:
        return refused("credential-twice", saw=f"two callers of the kind {best.kind}")
    return _stranger([best, *rivals])


def _stranger(sessions: list[Principal]) -> Principal:
    names = "\n".join(sorted({session.key for session in sessions}))
    return Principal(PrincipalKind.TOKEN, hashlib.sha256(names.encode()).hexdigest()[:24])


def _order(principal: Principal) -> tuple[bool, int]:
    return not principal.is_verified, _RANK[principal.kind]


def _close(waiting: list[Awaitable[Found]]) -> None:
    """Give up what will not be awaited, so that nothing is left half started."""
    for one in waiting:
        if isinstance(one, Coroutine):
            one.close()
