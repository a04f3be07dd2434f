"""One log-in service: its keys, what its tokens must say, and whom they speak of."""

from dataclasses import dataclass

from apiward.access.refusals import away, refused, shown
from apiward.access.tokens.claims import ClaimRules
from apiward.access.tokens.compact import Compact
from apiward.access.tokens.identity import IdentityRules
from apiward.access.tokens.key_source import KeySource
from apiward.core.decision import Decision
from apiward.core.principal import Principal


@dataclass(frozen=True, slots=True)
class Issuer:
    """Verifies the tokens of one issuer. The signature comes first; what a token says counts only after it."""

    name: str
    keys: KeySource
    claims: ClaimRules
    identity: IdentityRules
    algorithms: frozenset[str] = frozenset()
    """What tells it from others of the same name; empty where there are none."""

    def verify(self, token: Compact, now_s: float) -> Principal | Decision | None:
        """Return whom the token is of or why it is refused; None where a look for new keys must come first."""
        self.keys.renew_in_time(now_s)
        if not self.keys.is_usable(now_s):
            return None if self.keys.can_look(now_s) else away("the issuer's keys cannot be had")
        candidates = self.keys.candidates(token.kid, token.algorithm)
        if any(key.verifies(token.algorithm, token.signing_input, token.signature) for key in candidates):
            return self._read(token, now_s)
        if token.brings_key:
            return refused("token-own-key", saw=f"kid {shown(token.kid)}")
        if any(key.kid == token.kid for key in candidates if token.kid is not None):
            return refused("token-signature", saw=f"alg {shown(token.algorithm)}, kid {shown(token.kid)}")
        return None if self.keys.can_look(now_s) else self.unknown_key(token)

    async def verify_after_look(self, token: Compact, now_s: float) -> Principal | Decision:
        """Look for new keys once, then verify."""
        if not await self.keys.look():
            return away("the issuer's keys cannot be had")
        candidates = self.keys.candidates(token.kid, token.algorithm)
        if any(key.verifies(token.algorithm, token.signing_input, token.signature) for key in candidates):
            return self._read(token, now_s)
        return self.unknown_key(token)

    def unknown_key(self, token: Compact) -> Decision:
        """Return the refusal of a token that no known key of its kind has signed."""
        candidates = self.keys.candidates(token.kid, token.algorithm)
        if candidates:
            return refused("token-signature", saw=f"alg {shown(token.algorithm)}, no kid")
        return refused("token-key-unknown", saw=f"alg {shown(token.algorithm)}, kid {shown(token.kid)}")

    def _read(self, token: Compact, now_s: float) -> Principal | Decision:
        problem = self.claims.refusal(token.type, token.claims, now_s)
        if problem is not None:
            return problem
        return self.identity.principal(token.claims) or refused("token-nobody")
