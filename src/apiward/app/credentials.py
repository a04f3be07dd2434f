"""Credentials by other means than a log-in of the API: a command, a token server (OAuth 2), a proof per request."""

import asyncio
import base64
import json
import secrets
from collections.abc import Callable
from typing import Final
from urllib.parse import quote, urlencode

from apiward.app.commands import printed
from apiward.app.signing import CommandSigner
from apiward.app.token_servers import TokenServers
from apiward.core.account import Account, Credential, Means, NoCredentialError
from apiward.core.api import Place
from apiward.core.exchange import Exchange, Headers, Request
from apiward.core.jsonvalue import Json, NotJson, parse_json
from apiward.core.ports import Clock, Sender
from apiward.net.proving import STAND_IN, ByOwnSender, DigestProver, Prover, ProvingSender
from apiward.net.sender import HttpSender
from apiward.net.sockets import UnusableCertificateError

COMMAND_S: Final = 30.0
"""Seconds that a command may take to print a token."""
_FORM: Final = "application/x-www-form-urlencoded"
_OF_CLIENT: Final = ("invalid_client", "invalid_request", None)
_WORDS: Final = ("Bearer ", "Token ", "JWT ")


class GivenMeans:
    """Gets credentials as accounts say. Implements `core.ports.CredentialSource`.

    A refresh token that the server exchanges for a new one is remembered for as long as this object lives. What
    proves each request anew is taught to `proving`, and the credential is a stand-in for it. `own_sender` makes a
    sender that shows a client certificate, of these two files.
    """

    def __init__(
        self,
        sender: Sender,
        *,
        clock: Clock,
        servers: TokenServers | None = None,
        proving: ProvingSender | None = None,
        own_sender: Callable[[str, str], HttpSender] | None = None,
    ) -> None:
        self._sender = sender
        self._clock = clock
        self._servers = servers or TokenServers(sender)
        self._proving = proving
        self._own_sender = own_sender
        self._rotated: dict[tuple[str, str], str] = {}
        self._stand_ins: dict[tuple[str, str, Means], Credential] = {}
        self._opened: list[HttpSender] = []
        self._lock = asyncio.Lock()

    async def aclose(self) -> None:
        """Close the connections that were opened for single accounts."""
        for sender in self._opened:
            await sender.aclose()

    async def obtain(self, account: Account) -> Credential:
        """Return a credential that is good now. Raises NoCredentialError."""
        means = account.means
        if means is None:
            raise NoCredentialError("it names no means")
        if means.command:
            return credential_in(await printed(means.command, within_s=COMMAND_S), self._clock())
        if means.signer or means.certificate or means.is_digest:
            return self._stand_in(account, means)
        async with self._lock:  # a rotating refresh token is good once only
            return await self._granted(account, means)

    def _stand_in(self, account: Account, means: Means) -> Credential:
        """Return what stands for the account in its requests until they are proved, the same at every call."""
        if self._proving is None:
            raise NoCredentialError("requests cannot be proved one by one here")
        key = (account.name, account.username, means)
        if key not in self._stand_ins:
            stand_in = secrets.token_urlsafe(24)
            self._proving.learn(stand_in, self._prover(account, means))
            self._stand_ins[key] = Credential(Place.HEADER, STAND_IN, stand_in)
        return self._stand_ins[key]

    def _prover(self, account: Account, means: Means) -> Prover:
        if means.signer:
            return CommandSigner(means.signer)
        if means.is_digest:
            return DigestProver(account.username, account.password, nonce=lambda: secrets.token_hex(16))
        if self._own_sender is None:
            raise NoCredentialError("certificates of accounts cannot be shown here")
        try:
            sender = self._own_sender(means.certificate, means.certificate_key)
        except UnusableCertificateError as error:
            raise NoCredentialError(str(error)) from None
        self._opened.append(sender)
        return ByOwnSender(sender)

    async def _granted(self, account: Account, means: Means) -> Credential:
        address = await self._servers.address(means)
        key = (account.name, address)
        fields = _fields(account, means, self._rotated.get(key, means.refresh_token))
        answer = await self._sender.send(_asking(address, means, fields, is_basic=True))
        if answer.status in {400, 401} and means.client_id and _body_of(answer).get("error") in _OF_CLIENT:
            # some servers take the client's secret in the body alone (RFC 6749, section 2.3.1)
            answer = await self._sender.send(_asking(address, means, fields, is_basic=False))
        body = _body_of(answer)
        further = body.get("refresh_token")
        if isinstance(further, str) and further:
            self._rotated[key] = further
        found = _credential_of(body, self._clock())
        if found is None:
            raise NoCredentialError(_why(answer, body))
        return found


def credential_in(printed: str, now_s: float) -> Credential:
    """Return the credential that a command has printed: a token, `Name: value`, or JSON. Raises NoCredentialError."""
    text = printed.strip()
    value = parse_json(text) if text.startswith("{") else NotJson.NOT_JSON
    if isinstance(value, dict):
        found = _credential_of(value, now_s)
        if found is None:
            raise NoCredentialError("the command printed JSON without a token")
        return found
    line = text.splitlines()[-1].strip() if text else ""
    if not line or not line.isascii() or not line.isprintable():
        raise NoCredentialError("the command printed no token")
    name, colon, rest = line.partition(": ")
    if colon and name.replace("-", "").isalnum():
        return _in_header(name, rest.strip())
    return _in_header("Authorization", line if line.startswith(_WORDS) else f"Bearer {line}")


def _in_header(name: str, value: str) -> Credential:
    word = next((one for one in _WORDS if value.startswith(one)), "")
    return Credential(Place.HEADER, name, value.removeprefix(word).strip(), word)


def _fields(account: Account, means: Means, refresh_token: str) -> dict[str, str]:
    """Return the grant: a refresh token, else name and password, else the client's own (RFC 6749, section 4)."""
    if refresh_token:
        fields = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    elif account.username and account.password:
        fields = {"grant_type": "password", "username": account.username, "password": account.password}
    else:
        fields = {"grant_type": "client_credentials"}
    return {**fields, **({"scope": means.scope} if means.scope else {})}


def _asking(address: str, means: Means, fields: dict[str, str], *, is_basic: bool) -> Request:
    headers: Headers = (("Accept", "application/json"), ("Content-Type", _FORM))
    if means.client_id and is_basic and means.client_secret:
        pair = f"{quote(means.client_id, safe='')}:{quote(means.client_secret, safe='')}"
        headers = (*headers, ("Authorization", f"Basic {base64.b64encode(pair.encode()).decode()}"))
    elif means.client_id:
        own = {"client_id": means.client_id, "client_secret": means.client_secret}
        fields = fields | {name: value for name, value in own.items() if value}
    return Request("POST", address, headers, urlencode(fields).encode())


def _body_of(answer: Exchange) -> dict[str, Json]:
    value = answer.response.json() if answer.response is not None else None
    return value if isinstance(value, dict) else {}


def _credential_of(body: dict[str, Json], now_s: float) -> Credential | None:
    token = next((body[name] for name in ("access_token", "token", "id_token") if isinstance(body.get(name), str)), "")
    if not isinstance(token, str) or not token or not token.isprintable():
        return None
    life = body.get("expires_in")
    is_told = isinstance(life, int | float) and not isinstance(life, bool)
    ends = now_s + float(life) if is_told and isinstance(life, int | float) else None
    return Credential(Place.HEADER, "Authorization", token, "Bearer ", ends)


def _why(answer: Exchange, body: dict[str, Json]) -> str:
    if answer.response is None:
        return f"the token server gave no answer ({answer.failure})"
    said = body.get("error")
    told = f" ({json.dumps(said)[:80]})" if isinstance(said, str) else ""
    return f"the token server answered with status {answer.status}{told}"
