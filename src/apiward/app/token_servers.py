"""Where tokens are given out: at an address that the owner names, that a provider tells, or that is described.

A secret goes to no server that the owner has not named: neither a description nor a provider's document
(OpenID Connect Discovery 1.0) may send it elsewhere.
"""

from collections.abc import Iterable
from typing import Final
from urllib.parse import urljoin, urlsplit

from apiward.core.account import Means, NoCredentialError
from apiward.core.api import SecurityScheme
from apiward.core.exchange import Exchange, Request
from apiward.core.ports import Sender

WELL_KNOWN: Final = "/.well-known/openid-configuration"
_KNOWN_FLOWS: Final = frozenset({"password", "clientCredentials"})


class TokenServers:
    """Finds the address of the token server of an account. `origin` is where the API answers, in whole."""

    def __init__(self, sender: Sender, schemes: Iterable[SecurityScheme] = (), origin: str = "") -> None:
        self._sender = sender
        self._schemes = tuple(schemes)
        self._origin = origin
        self._told: dict[str, str] = {}

    async def address(self, means: Means) -> str:
        """Return the address at which to ask for a token. Raises NoCredentialError."""
        if means.token_url:
            return means.token_url
        if means.openid_url:
            return await self._discovered(means.openid_url)
        return await self._described()

    async def _described(self) -> str:
        elsewhere = ""
        for scheme in self._schemes:
            named = scheme.openid_url or (scheme.token_url if _KNOWN_FLOWS & set(scheme.flows) else None)
            if not named:
                continue
            address = _whole(self._origin, named)
            if not _is_same_server(address, self._origin):
                elsewhere = elsewhere or address
            elif scheme.openid_url:
                return await self._discovered(address)
            else:
                return address
        if elsewhere:
            raise NoCredentialError(f"the description names {_server(elsewhere)}; if you trust it, give its token_url")
        raise NoCredentialError("the description names no token server; give its token_url or openid_url")

    async def _discovered(self, url: str) -> str:
        """Return what the provider at `url` tells of itself, asked once."""
        if url not in self._told:
            document = url if "/.well-known/" in urlsplit(url).path else f"{url.rstrip('/')}{WELL_KNOWN}"
            answer = await self._sender.send(Request("GET", document, (("Accept", "application/json"),)))
            self._told[url] = _endpoint(answer, document)
        return self._told[url]


def _endpoint(answer: Exchange, document: str) -> str:
    body = answer.response.json() if answer.response is not None and answer.is_success else None
    told = body.get("token_endpoint") if isinstance(body, dict) else None
    if not isinstance(told, str) or not told:
        raise NoCredentialError(f"{document.partition('?')[0]} tells no token_endpoint (status {answer.status})")
    if not _is_same_server(told, document):
        raise NoCredentialError(f"the provider names {_server(told)} for tokens; if you trust it, give its token_url")
    return told


def _whole(origin: str, address: str) -> str:
    try:
        return urljoin(f"{origin}/", address)
    except ValueError:
        return ""


def _is_same_server(one: str, other: str) -> bool:
    """Whether two addresses are of one server: scheme, host and port, so that no secret leaves TLS either."""
    try:
        first, second = urlsplit(one), urlsplit(other)
    except ValueError:
        return False
    return (first.scheme, first.netloc.lower()) == (second.scheme, second.netloc.lower()) and one.isprintable()


def _server(address: str) -> str:
    """Return which server an address names, as it may be printed."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "another server"
    return f"{parts.scheme}://{parts.hostname or ''}"[:80] if parts.netloc.isprintable() else "another server"
