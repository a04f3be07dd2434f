"""An account that is logged in: its credential, renewed before it expires and when it is refused."""

import asyncio
import base64
import binascii
from collections.abc import Awaitable, Callable
from typing import Final

from apiward.core.account import Account, Credential
from apiward.core.api import Place
from apiward.core.exchange import Request
from apiward.core.jsonvalue import Json, parse_json
from apiward.core.ports import Clock
from apiward.scan.personas import Persona

_MARGIN_S: Final = 12.0
MIN_LOG_IN_GAP_S: Final = 1.0


class Session:
    """One account with its persona. `log_in` returns a new credential, or None where it failed."""

    def __init__(
        self,
        account: Account,
        persona: Persona,
        credential: Credential | None,
        *,
        log_in: Callable[["Session"], Awaitable[Credential | None]],
        clock: Clock,
    ) -> None:
        self.account = account
        self.persona = persona
        self.password = account.password or persona.password
        self.credential = credential
        self._log_in = log_in
        self._clock = clock
        self._lock = asyncio.Lock()
        self._given_s = clock()
        self.secrets: set[str] = {account.password, persona.password} - {""}
        self.note(credential)

    @property
    def name(self) -> str:
        """The account's name."""
        return self.account.name

    async def current(self) -> Credential | None:
        """Return a credential that will live for some seconds more, logging in again where it must."""
        if self.credential is not None and self._is_ending(self.credential):
            await self.renew(self.credential)
        return self.credential

    async def renew(self, old: Credential | None) -> bool:
        """Log in again unless somebody did since `old` was taken. Return whether there is a new credential."""
        async with self._lock:
            if self.credential is not old:
                return True
            new = await self._log_in(self)
            if new is None:
                return False
            self.credential = new
            self._given_s = self._clock()
            self.note(new)
            return True

    @property
    def age_s(self) -> float:
        """Seconds since the last log-in."""
        return self._clock() - self._given_s

    def _is_ending(self, credential: Credential) -> bool:
        if credential.expires_s is None:
            return False
        life_s = max(credential.expires_s - self._given_s, 0.0)
        return self._clock() > credential.expires_s - min(_MARGIN_S, life_s / 4)

    def note(self, credential: Credential | None) -> None:
        """Remember a credential as a secret that must never be kept in the clear."""
        if credential is not None:
            self.secrets.add(credential.value)


def with_credential(request: Request, credential: Credential | None) -> Request:
    """Return the request with the credential in its place, replacing what stands there."""
    if credential is None:
        return request
    if credential.place is Place.QUERY:
        mark = "&" if "?" in request.url else "?"
        url = f"{request.url}{mark}{credential.name}={credential.shown}"
        return Request(request.method, url, request.headers, request.body)
    if credential.place is Place.COOKIE:
        old = request.header("cookie")
        pair = f"{credential.name}={credential.shown}" if credential.name else credential.shown
        return _with_header(request, "Cookie", f"{old}; {pair}" if old else pair)
    return _with_header(request, credential.name, credential.shown)


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


def _with_header(request: Request, name: str, value: str) -> Request:
    kept = tuple((key, text) for key, text in request.headers if key.lower() != name.lower())
    return Request(request.method, request.url, (*kept, (name, value)), request.body)
