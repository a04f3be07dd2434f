"""An account that is logged in: its credential, renewed before it expires and when it is refused."""

import asyncio
import base64
import binascii
from collections.abc import Awaitable, Callable
from typing import Final

from apiward.core.account import Account, Credential
from apiward.core.jsonvalue import Json, parse_json
from apiward.core.ports import Clock
from apiward.scan.identities.personas import Persona

_MARGIN_S: Final = 12.0


class Session:
    """One account with its persona, and its credential for each area that it may enter.

    An area is named by its security schemes. `log_in` returns a new credential for an area, or None.
    """

    def __init__(
        self,
        account: Account,
        persona: Persona,
        *,
        log_in: Callable[["Session", frozenset[str]], Awaitable[Credential | None]],
        clock: Clock,
    ) -> None:
        self.account = account
        self.persona = persona
        self.password = account.password or persona.password
        self.secrets: set[str] = {account.password, persona.password} - {""}
        self._credentials: dict[frozenset[str], Credential] = {}
        self._given_s: dict[frozenset[str], float] = {}
        self._log_in = log_in
        self._clock = clock
        self._lock = asyncio.Lock()

    @property
    def name(self) -> str:
        """The account's name."""
        return self.account.name

    @property
    def own_names(self) -> frozenset[str]:
        """The names and the address by which this account, and no other, is known."""
        return frozenset({self.account.username, self.persona.email, self.persona.handle} - {""})

    @property
    def main(self) -> frozenset[str]:
        """The area that was opened first."""
        return next(iter(self._credentials), frozenset())

    @property
    def credential(self) -> Credential | None:
        """The credential of the main area as it is now."""
        return self._credentials.get(self.main)

    def has_entered(self, area: frozenset[str]) -> bool:
        """Whether the account holds a credential that an area has accepted."""
        return area in self._credentials

    def credential_for(self, area: frozenset[str]) -> Credential | None:
        """Return the credential of an area as it is now; the main one where the account has none for it."""
        return self._credentials.get(area, self.credential)

    def take(self, area: frozenset[str], credential: Credential) -> None:
        """Use a credential for an area from now on."""
        self._credentials[area] = credential
        self._given_s[area] = self._clock()
        self.note(credential)

    async def current(self, area: frozenset[str] | None = None) -> Credential | None:
        """Return a credential that will live for some seconds more, logging in again where it must."""
        wanted = self._held(area)
        credential = self._credentials.get(wanted)
        if credential is not None and self._is_ending(wanted, credential):
            await self.renew(credential, wanted)
        return self._credentials.get(wanted)

    async def renew(self, old: Credential | None, area: frozenset[str] | None = None) -> bool:
        """Log in again unless somebody did since `old` was taken. Return whether there is a new credential."""
        wanted = self._held(area)
        async with self._lock:
            if self._credentials.get(wanted) is not old:
                return True
            new = await self._log_in(self, wanted)
            if new is not None:
                self.take(wanted, new)
            return new is not None

    def note(self, credential: Credential) -> None:
        """Remember a credential as a secret that must never be kept in the clear."""
        self.secrets.add(credential.value)

    def _held(self, area: frozenset[str] | None) -> frozenset[str]:
        return area if area is not None and area in self._credentials else self.main

    def _is_ending(self, area: frozenset[str], credential: Credential) -> bool:
        if credential.expires_s is None:
            return False
        life_s = max(credential.expires_s - self._given_s[area], 0.0)
        return self._clock() > credential.expires_s - min(_MARGIN_S, life_s / 4)


def token_claims(token: str) -> dict[str, Json] | None:
    """Return the claims of a JWT without verifying it (RFC 7519), or None where it is none."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        body = base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
    except (binascii.Error, ValueError):
        return None
    claims = parse_json(body)
    return claims if isinstance(claims, dict) else None
