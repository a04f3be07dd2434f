"""Whose a shown token is: verified here, asked about, or known from a log-in; with its proof where it came with one."""

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TypeAlias

from apiward.access.credentials import ShownToken
from apiward.access.introspection import Introspection
from apiward.access.sessions.memory import SessionMemory
from apiward.access.tokens.binding import NOTHING, Possession
from apiward.access.tokens.checking import TokenCheck
from apiward.access.tokens.compact import looks_like_token
from apiward.access.tokens.proofs import Proof, ProofCheck
from apiward.core.call import Call
from apiward.core.decision import Decision
from apiward.core.principal import ANONYMOUS, Principal

Found: TypeAlias = Principal | Decision
Outcome: TypeAlias = "Found | Awaitable[Found]"


@dataclass(frozen=True, slots=True)
class BearerCheck:
    """Takes tokens to who can check them. Where nobody can, they are sessions of the API, known or not."""

    memory: SessionMemory
    proofs: ProofCheck
    tokens: TokenCheck | None = None
    introspection: Introspection | None = None
    passes_unknown: bool = False

    def check(self, call: Call, token: ShownToken, certificate: bytes | None, now_s: float) -> Outcome:
        """Return whose the token is, or why it is refused; awaitable where keys or an answer must be fetched."""
        if token.is_opaque:
            return self.other(token.value, now_s)
        if self.tokens is None and self.introspection is None:
            return self.session(token.value, now_s)
        if not token.shows_proof:
            return self._checked(token.value, NOTHING if certificate is None else Possession(certificate), now_s)
        proof = self.proofs.read(call, token.value, now_s)
        if isinstance(proof, Decision):
            return proof
        outcome = self._checked(token.value, Possession(certificate, proof.thumbprint), now_s)
        if isinstance(outcome, Principal | Decision):
            return self._counted(outcome, proof, now_s)
        return self._counted_later(outcome, proof, now_s)

    def session(self, value: bytes, now_s: float) -> Principal:
        """Return the account that was given this session at log-in, else the stranger who shows it."""
        return self.memory.account(value, now_s) or self.memory.unknown(value)

    def other(self, value: bytes, now_s: float) -> Principal:
        """Return whose a credential of another kind is: a password in the header, a key that nobody here made.

        Where tokens are verified here, what only the API could check makes nobody known, or it would be a way around.
        """
        if self.passes_unknown or (self.tokens is None and self.introspection is None):
            return self.session(value, now_s)
        return self.memory.account(value, now_s) or ANONYMOUS

    def _checked(self, value: bytes, holds: Possession, now_s: float) -> Outcome:
        is_readable = looks_like_token(value)
        if self.introspection is not None and (self.tokens is None or not is_readable):
            return self.introspection.check(value, now_s, holds)
        if self.tokens is None:
            return self.session(value, now_s)
        if not is_readable and (self.passes_unknown or self.memory.account(value, now_s) is not None):
            return self.session(value, now_s)
        outcome = self.tokens.check(value, now_s, holds)
        return self.session(value, now_s) if outcome is None else outcome

    def _counted(self, outcome: Found, proof: Proof, now_s: float) -> Found:
        if isinstance(outcome, Decision):
            return outcome
        return self.proofs.take(proof, now_s) or outcome

    async def _counted_later(self, outcome: Awaitable[Found], proof: Proof, now_s: float) -> Found:
        return self._counted(await outcome, proof, now_s)
