"""Requests that must be proved one by one: signed, or shown by a certificate, or by an answer to a challenge.

An engine shows a stand-in, as it shows a token. Here, last before the wire, the proof takes its place, so that a
request is proved as it really is, whoever has made it; a made-up stand-in is sent as it stands, and refused.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final, Protocol

from apiward.core.exchange import Exchange, Request
from apiward.core.ports import Sender
from apiward.net.digest_access import Challenge, authorization, challenge_of

STAND_IN: Final = "X-Apiward-Proof"
"""The header in which a stand-in stands; it is sent only where nobody knows it."""


class Prover(Protocol):
    """Proves the requests of one account."""

    async def send(self, request: Request, sender: Sender, *, timeout_s: float | None) -> Exchange:
        """Send the request with its proof, by `sender` or by one of its own."""
        ...


class ProvingSender:
    """Sends each request by the prover whose stand-in it shows, and any other as it is."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self._provers: dict[str, Prover] = {}

    def learn(self, stand_in: str, prover: Prover) -> None:
        """Know a stand-in from now on."""
        self._provers[stand_in] = prover

    async def send(self, request: Request, *, timeout_s: float | None = None) -> Exchange:
        """Send a request; what comes back tells of the request that was asked for, stand-in and all."""
        prover = self._provers.get(request.header(STAND_IN) or "")
        if prover is None:
            return await self._sender.send(request, timeout_s=timeout_s)
        exchange = await prover.send(_without(request, STAND_IN), self._sender, timeout_s=timeout_s)
        return replace(exchange, request=request)


class DigestProver:
    """Answers challenges of digest access; asks for one with a request that shows nothing."""

    def __init__(self, username: str, password: str, *, nonce: Callable[[], str]) -> None:
        self._username = username
        self._password = password
        self._nonce = nonce
        self._challenge: Challenge | None = None
        self._count = 0

    async def send(self, request: Request, sender: Sender, *, timeout_s: float | None) -> Exchange:
        """Send with the challenge that is known, and once more where the server has given another one."""
        shown = self._challenge
        exchange = await sender.send(self._proved(request), timeout_s=timeout_s)
        found = challenge_of(exchange.response.headers) if exchange.response and exchange.status == 401 else None
        if found is None or (shown is not None and found.nonce == shown.nonce):
            return exchange
        if self._challenge is None or found.nonce != self._challenge.nonce:
            self._challenge, self._count = found, 0
        return await sender.send(self._proved(request), timeout_s=timeout_s)

    def _proved(self, request: Request) -> Request:
        if self._challenge is None:
            return request
        self._count += 1
        value = authorization(
            self._challenge, request, self._username, self._password, count=self._count, own_nonce=self._nonce()
        )
        plain = _without(request, "Authorization")
        return replace(plain, headers=(*plain.headers, ("Authorization", value)))


class ByOwnSender:
    """Sends all of an account's requests by a sender of its own: one that shows a client certificate."""

    def __init__(self, own: Sender) -> None:
        self._own = own

    async def send(self, request: Request, sender: Sender, *, timeout_s: float | None) -> Exchange:
        """Send the request by that sender."""
        del sender
        return await self._own.send(request, timeout_s=timeout_s)


def _without(request: Request, name: str) -> Request:
    kept = tuple((key, value) for key, value in request.headers if key.lower() != name.lower())
    return replace(request, headers=kept)
