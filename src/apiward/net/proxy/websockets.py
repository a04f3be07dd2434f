"""WebSocket through the proxy: granian speaks to the client, the `websockets` library to the upstream.

Why that library: its protocol core is separate from its I/O, strict, kept, BSD-licensed, and it lets us write the
opening request ourselves. Its `connect` is not used: it follows redirects and rewrites addresses.

Passed on: text, binary, close codes and reasons, subprotocols, a refused opening with its body. Of one side only:
pings (each side's are answered where they arrive), compression, fragments. Fields of the upstream's opening answer
are lost, since granian sends none.
"""

import asyncio
from typing import Final

from websockets.asyncio.client import ClientConnection
from websockets.client import ClientProtocol
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus
from websockets.http11 import Request
from websockets.typing import Subprotocol
from websockets.uri import WebSocketURI

from apiward.net.proxy.failures import (
    BadAnswerError,
    ConnectTimeoutError,
    HungUpError,
    RefusedRequestError,
    UnreachableError,
)
from apiward.net.proxy.messages import Message, Receive, Scope, Send
from apiward.net.proxy.upstreams import Server

_NOT_SENDABLE: Final = frozenset({1004, 1005, 1006, 1015})
_TOO_BIG: Final = 1009
_BROKEN: Final = 1011
_HANDSHAKE_FIELDS: Final = (b"sec-websocket-",)


class Refused(Exception):  # noqa: N818 - an outcome, not a fault: the upstream said no, and its no is passed on
    """The upstream answered the opening with something else than 101."""

    def __init__(self, status: int, media_type: bytes, body: bytes) -> None:
        super().__init__(status)
        self.status = status
        self.media_type = media_type
        self.body = body


class _Opening(ClientProtocol):
    """A client's side of the protocol whose opening request has the target and fields that we give it."""

    def __init__(self, target: str, fields: list[tuple[str, str]], subprotocols: list[str], size: int) -> None:
        uri = WebSocketURI(secure=False, host="upstream", port=80, path=target, query="")
        wanted = [Subprotocol(name) for name in subprotocols] or None
        super().__init__(uri, subprotocols=wanted, max_size=size)
        self._target = target
        self._fields = fields

    def connect(self) -> Request:
        """Return the opening request."""
        headers = Headers(self._fields)
        for name, value in super().connect().headers.raw_items():
            if name != "Host":
                headers[name] = value
        return Request(self._target, headers)


async def open_upstream(
    server: Server, target: bytes, head: bytes, subprotocols: list[str], *, size: int, open_s: float
) -> ClientConnection:
    """Return an open WebSocket to `server`; `head` are field lines. Raises UpstreamError, or Refused."""
    lines = [line.partition(b": ") for line in head.split(b"\r\n") if line]
    fields = [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, _, value in lines
        if not name.lower().startswith(_HANDSHAKE_FIELDS)
    ]
    protocol = _Opening(target.decode("latin-1"), fields, subprotocols, size)
    loop = asyncio.get_running_loop()
    name = server.host if server.is_tls else None
    try:
        async with asyncio.timeout(open_s):
            _, connection = await loop.create_connection(
                lambda: ClientConnection(protocol), server.host, server.port, ssl=server.tls, server_hostname=name
            )
            await _shake_hands(connection)
    except TimeoutError:
        raise ConnectTimeoutError("the upstream did not open a WebSocket in time") from None
    except OSError as error:
        raise UnreachableError(f"no connection to the upstream: {error.strerror or error}") from error
    connection.start_keepalive()
    return connection


async def _shake_hands(connection: ClientConnection) -> None:
    try:
        await connection.handshake(None, None)
    except BaseException as error:
        connection.transport.abort()
        if isinstance(error, InvalidStatus):
            answer = error.response
            kind = answer.headers.get("Content-Type", "application/octet-stream").encode("latin-1")
            raise Refused(answer.status_code, kind, bytes(answer.body)) from None
        if isinstance(error, InvalidHandshake):
            raise BadAnswerError("the upstream did not accept the WebSocket in a valid way") from error
        if isinstance(error, EOFError):
            raise HungUpError("the upstream hung up while the WebSocket was opened") from error
        raise


async def bridge(connection: ClientConnection, receive: Receive, send: Send, *, size: int) -> None:
    """Carry messages both ways until one side ends, then end the other with the same code.

    Each direction holds one message at a time: a slow reader slows its writer.
    """
    down = asyncio.create_task(_downwards(connection, send))
    up = asyncio.create_task(_upwards(connection, receive, size))
    try:
        await asyncio.wait({down, up}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        # granian cannot close while somebody waits for a message, so the waiting ends first.
        for task in (down, up):
            task.cancel()
        ends = await asyncio.gather(down, up, return_exceptions=True)
    try:
        for code, reason in (end for end in ends if isinstance(end, tuple)):
            await send({"type": "websocket.close", "code": code, "reason": reason})
            break
    finally:
        await connection.close()


async def refuse(send: Send, status: int, fields: list[tuple[bytes, bytes]], body: bytes) -> None:
    """Answer an opening with a plain HTTP answer (ASGI extension `websocket.http.response`)."""
    await send({"type": "websocket.http.response.start", "status": status, "headers": fields})
    await send({"type": "websocket.http.response.body", "body": body})


async def _downwards(connection: ClientConnection, send: Send) -> tuple[int, str]:
    """Carry messages to the client until the upstream ends; return what to tell the client."""
    try:
        while True:
            data = await connection.recv()
            await send({"type": "websocket.send", "text" if isinstance(data, str) else "bytes": data})
    except ConnectionClosed as end:
        return _end_of(end)


def _end_of(end: ConnectionClosed) -> tuple[int, str]:
    """Return what the client is told: the upstream's own words, or why we had to end it."""
    if end.sent is not None and end.sent.code == _TOO_BIG:
        return _TOO_BIG, "message too big"
    if end.rcvd is None:
        return _BROKEN, ""
    return (1000, "") if end.rcvd.code in _NOT_SENDABLE else (end.rcvd.code, end.rcvd.reason)


async def _upwards(connection: ClientConnection, receive: Receive, size: int) -> tuple[int, str] | None:
    """Carry messages to the upstream until the client ends, or must be ended: then return what to tell it."""
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            code = message.get("code") or 1005
            await connection.close(1000 if code in _NOT_SENDABLE else code, message.get("reason") or "")
            return None
        data = _data_of(message)
        if len(data) > size or (isinstance(data, str) and len(data.encode()) > size):
            await connection.close(_TOO_BIG)
            return _TOO_BIG, "message too big"
        try:
            await connection.send(data)
        except ConnectionClosed as end:
            return _end_of(end)


def _data_of(message: Message) -> str | bytes:
    text: str | None = message.get("text")
    data: bytes = message.get("bytes") or b""
    return data if text is None else text


def subprotocols_of(scope: Scope) -> list[str]:
    """Return what the client offers; raises RefusedRequestError for names that are no tokens."""
    names: list[str] = list(scope.get("subprotocols") or ())
    if not all(name.isascii() and name.replace("-", "").replace(".", "").replace("_", "").isalnum() for name in names):
        raise RefusedRequestError(400, "bad-framing")
    return names
