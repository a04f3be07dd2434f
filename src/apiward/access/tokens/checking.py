"""Says whom a token is of, fast: what was verified a moment ago is known by its hash, but never trusted blindly."""

import hashlib
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from apiward.access.bounded import Bounded
from apiward.access.refusals import refused, shown
from apiward.access.revocations import Marks, Revocations, marks_of
from apiward.access.tokens.binding import UNBOUND, Binding, Possession, binding_of
from apiward.access.tokens.claims import seconds
from apiward.access.tokens.compact import Compact, read_compact
from apiward.access.tokens.issuer import Issuer
from apiward.core.decision import Decision
from apiward.core.ports import Clock
from apiward.core.principal import Principal

Outcome: TypeAlias = "Principal | Decision | Awaitable[Principal | Decision] | None"

BAD_TOKEN_S: Final = 10.0
BAD_TOKENS: Final = 4_096
_LASTING: Final = frozenset(
    f"authenticate.token-{name}"
    for name in "unreadable algorithm header own-key duplicate encrypted signature expired endless type use".split()
)
"""Refusals that will be the same a moment later, whatever happens meanwhile."""
ENDLESS_S: Final = 30 * 86_400.0
"""How long a token that names no end stays taken back."""
_GRACE_S: Final = 120.0
"""More than clocks may differ."""


@dataclass(frozen=True, slots=True)
class Verified:
    """A token that was good, and what must be asked again each time it comes."""

    principal: Principal
    marks: Marks = field(repr=False)
    issued_s: float
    binding: Binding


class TokenCheck:
    """Verifies tokens of all issuers. Good and bad ones are remembered apart: garbage cannot push out what is good."""

    def __init__(
        self,
        issuers: Iterable[Issuer],
        *,
        clock: Clock,
        revocations: Revocations,
        cache_s: float = 60.0,
        cache_size: int = 20_000,
        longest: int = 8_192,
        passes_unknown: bool = False,
    ) -> None:
        known = tuple(issuers)
        self._issuers = {issuer.name: issuer for issuer in known}
        self._by_algorithm = {(issuer.name, name): issuer for issuer in known for name in issuer.algorithms}
        self._clock, self._revocations = clock, revocations
        self._cache_s, self._longest, self._passes_unknown = cache_s, longest, passes_unknown
        self._good: Bounded[Verified] = Bounded(cache_size)
        self._bad: Bounded[Decision] = Bounded(BAD_TOKENS)

    def recall(self, digest: bytes, now_s: float) -> Principal | None:
        """Return whom a token is of that was verified a moment ago and needs nothing else; the short way of `check`."""
        held = self._good.get(digest, now_s)
        if held is None or held.binding is not UNBOUND:
            return None
        return None if self._revocations.is_revoked(held.marks, held.issued_s, now_s) else held.principal

    def check(self, token: bytes, now_s: float, holds: Possession) -> Outcome:
        """Return whom `token` is of or why it is refused; None where it is of nobody known here and may pass."""
        if len(token) > self._longest:
            return refused("token-too-large", saw=f"{len(token)} bytes, {self._longest} allowed")
        digest = digest_of(token)
        held = self._good.get(digest, now_s)
        if held is None:
            return self._verified(token, digest, now_s, holds)
        return self._admitted(held, now_s, holds)

    def end(self, token: bytes, now_s: float, expires_s: float | None) -> None:
        """Take back a token that was good a moment ago, as after a log-out. Raises OverflowError."""
        until_s = now_s + ENDLESS_S if expires_s is None else expires_s + _GRACE_S
        self._revocations.revoke(_mark_of(digest_of(token)), now_s=now_s, until_s=until_s)

    def _verified(self, token: bytes, digest: bytes, now_s: float, holds: Possession) -> Outcome:
        known_bad = self._bad.get(digest, now_s)
        if known_bad is not None:
            return known_bad
        read = read_compact(token, longest=self._longest)
        if isinstance(read, Decision):
            return self._remember_bad(digest, read, now_s)
        issuer = self._issuer_of(read)
        if not isinstance(issuer, Issuer):
            return issuer
        found = issuer.verify(read, now_s)
        if found is None:
            return self._looked(issuer, read, digest, holds)
        return self._kept(found, read, digest, now_s, holds)

    async def _looked(self, issuer: Issuer, token: Compact, digest: bytes, holds: Possession) -> Principal | Decision:
        found = await issuer.verify_after_look(token, self._clock())
        return self._kept(found, token, digest, self._clock(), holds)

    def _issuer_of(self, token: Compact) -> Issuer | Decision | None:
        named = token.claims.get("iss", "")
        if isinstance(named, str):
            # Where several have one name, the algorithm chooses among keys of which each is bound to its own.
            issuer = self._by_algorithm.get((named, token.algorithm)) or self._issuers.get(named)
            if issuer is not None:
                return issuer
        if self._passes_unknown:
            return None
        plain = named.rstrip("/") if isinstance(named, str) else ""
        if plain and any(name.rstrip("/") == plain for name in self._issuers):
            return refused("token-issuer", saw="iss differs by the slash at its end")
        return refused("token-issuer", saw=f"iss {shown(named)}")

    def _kept(
        self,
        found: Principal | Decision,
        token: Compact,
        digest: bytes,
        now_s: float,
        holds: Possession,
    ) -> Principal | Decision:
        if isinstance(found, Decision):
            return self._remember_bad(digest, found, now_s)
        marks = (*marks_of(token.claims, found.issuer, found.id), _mark_of(digest))
        verified = Verified(found, marks, seconds(token.claims.get("iat")), binding_of(token.claims))
        end_s = now_s + self._cache_s
        self._good.put(digest, verified, end_s if found.expires_s is None else min(end_s, found.expires_s))
        return self._admitted(verified, now_s, holds)

    def _admitted(self, held: Verified, now_s: float, holds: Possession) -> Principal | Decision:
        if self._revocations.is_revoked(held.marks, held.issued_s, now_s):
            return refused("token-revoked")
        return held.binding.refusal(holds) or held.principal

    def _remember_bad(self, digest: bytes, problem: Decision, now_s: float) -> Decision:
        if problem.rule in _LASTING:
            self._bad.put(digest, problem, now_s + BAD_TOKEN_S)
        return problem


def digest_of(token: bytes) -> bytes:
    """Return what a token is known by here, so that the token itself need not be kept."""
    return hashlib.sha256(token).digest()


def _mark_of(digest: bytes) -> str:
    return f"token||{digest.hex()}"
