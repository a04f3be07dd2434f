"""Requests signed by a program of the owner: for APIs that want an HMAC, or another proof, of each request."""

import asyncio
import hashlib
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from apiward.app.commands import printed
from apiward.config.account_ways import header_of
from apiward.core.account import NoCredentialError
from apiward.core.exchange import Exchange, Failure, Headers, Request
from apiward.core.ports import Sender

SIGN_S: Final = 10.0
"""Seconds that the program may take for one request."""
AT_A_TIME: Final = 4
MAX_HEADERS: Final = 20
_OF_THE_WIRE: Final = frozenset({"host", "content-length", "transfer-encoding", "connection"})


class CommandSigner:
    """Runs the program for each request. Implements `net.proving.Prover`."""

    def __init__(self, command: tuple[str, ...]) -> None:
        self._command = command
        self._places = asyncio.Semaphore(AT_A_TIME)

    async def send(self, request: Request, sender: Sender, *, timeout_s: float | None) -> Exchange:
        """Send the request with the headers that the program prints for it; without them, it is not sent."""
        try:
            async with self._places:
                text = await printed(self._command, within_s=SIGN_S, told=told_of(request))
            added = headers_in(text)
        except NoCredentialError as error:
            return Exchange(request, failure=Failure.NOT_SENDABLE, failure_detail=f"sign_command: {error}")
        names = {name.lower() for name, _ in added}
        kept = tuple(pair for pair in request.headers if pair[0].lower() not in names)
        return await sender.send(replace(request, headers=(*kept, *added)), timeout_s=timeout_s)


def told_of(request: Request) -> bytes:
    """Return what the program is told, a line each: method, target, SHA-256 of the body in hex, host."""
    parts = urlsplit(request.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = (request.method, target, hashlib.sha256(request.body).hexdigest(), request.header("host") or parts.netloc)
    return "".join(f"{' '.join(line.splitlines())}\n" for line in lines).encode("utf-8", "replace")


def headers_in(text: str) -> Headers:
    """Return the headers that the program has printed, one a line. Raises NoCredentialError."""
    lines = [line for line in text.splitlines() if line.strip()]
    try:
        found = tuple(header_of(line) for line in lines[:MAX_HEADERS])
    except ValueError:
        raise NoCredentialError("the command printed something that is no header") from None
    if not found:
        raise NoCredentialError("the command printed no header")
    if any(name.lower() in _OF_THE_WIRE for name, _ in found):
        raise NoCredentialError("the command printed a header that says how a request is framed")
    return found
