"""Bodies that do not come in one piece: the request's on its way up, the answer's on its way down."""

import asyncio
import math
from dataclasses import dataclass

from apiward.core.ports import Clock
from apiward.net.proxy.connection import Answer, Connection
from apiward.net.proxy.failures import ClientGoneError, RefusedRequestError, UpstreamError
from apiward.net.proxy.headers import CHUNKED
from apiward.net.proxy.messages import Message, Receive, Send

_IDLE_MESSAGES = 3


async def first_piece(receive: Receive, length: int, body_s: float) -> tuple[bytes, bool]:
    """Return the first piece of the request's body and whether it is all.

    A server need not say at once that a piece was the last one: the declared length says it as well,
    which spares waiting for the next message. Raises ClientGoneError, RefusedRequestError.
    """
    message = await _next(receive, body_s)
    body: bytes = message.get("body", b"")
    return body, not message.get("more_body", False) or len(body) == length


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds: for the client's next piece, and for the upstream to take it and to answer."""

    body_s: float
    answer_s: float
    clock: Clock


async def pump_body(connection: Connection, receive: Receive, length: int, sent: int, patience: Patience) -> None:
    """Send the rest of a request's body as it comes, `sent` bytes are gone; then watch the client.

    Whatever goes wrong ends the exchange through `connection.fail`; nothing is raised.
    """
    try:
        await _pump(connection, receive, length, sent, patience)
    except (ClientGoneError, RefusedRequestError, UpstreamError) as error:
        connection.fail(error)
        return
    connection.has_sent = True
    await watch_client(connection, receive)


async def watch_client(connection: Connection, receive: Receive) -> None:
    """End the exchange when the client goes away. The request's body must have been read to its end."""
    for _ in range(_IDLE_MESSAGES):
        message = await receive()
        if message["type"] == "http.disconnect":
            connection.fail(ClientGoneError())
            return


async def send_pieces(
    connection: Connection, answer: Answer, send: Send, *, clock: Clock, read_s: float, send_s: float
) -> None:
    """Send on an answer piece by piece; raises UpstreamError where it was cut, ClientGoneError where nobody reads."""
    await send({"type": "http.response.start", "status": answer.status, "headers": list(answer.fields)})
    data = answer.body
    # An empty first piece makes the server send the head now, which may be all for a while.
    while True:
        try:
            async with asyncio.timeout(send_s):
                await send({"type": "http.response.body", "body": data, "more_body": True})
        except TimeoutError:
            raise ClientGoneError from None
        connection.deadline_s = clock() + read_s
        data = await connection.read()
        connection.deadline_s = math.inf
        if not data:
            break
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _pump(connection: Connection, receive: Receive, length: int, sent: int, patience: Patience) -> None:
    more = True
    while more:
        # While the client is what we wait for, the upstream's time stands still.
        _wait_until(connection, math.inf)
        message = await _next(receive, patience.body_s)
        _wait_until(connection, patience.clock() + patience.answer_s)
        data: bytes = message.get("body", b"")
        more = message.get("more_body", False)
        sent += len(data)
        if length == CHUNKED:
            await connection.write(framed(data, is_last=not more))
            continue
        if sent > length or (not more and sent < length):
            raise RefusedRequestError(400, "body-mismatch")
        more = more and sent < length
        if data:
            await connection.write(data)


def _wait_until(connection: Connection, deadline_s: float) -> None:
    if connection.is_awaited:
        connection.deadline_s = deadline_s


async def _next(receive: Receive, body_s: float) -> Message:
    try:
        async with asyncio.timeout(body_s):
            message = await receive()
    except TimeoutError:
        raise RefusedRequestError(408, "body-slow") from None
    if message["type"] != "http.request":
        raise ClientGoneError
    return message


def framed(data: bytes, *, is_last: bool) -> bytes:
    """Return `data` as a chunk (RFC 9112, section 7.1), and the end where it is the last."""
    chunk = b"%x\r\n%b\r\n" % (len(data), data) if data else b""
    return chunk + b"0\r\n\r\n" if is_last else chunk
