"""The ASGI app that sends every request on to an upstream, and the answer back.

Order of what happens to a request: find the rule, write the head, read the body (a small one whole, a large one
piece by piece), take a connection, send, wait for the head of the answer, send it on. What the guard decided on is
what is sent: the target goes out byte for byte.

The guard in front may set these in the scope:
`apiward.body`: the request's body, where it has been read already: it is sent with its true length;
`apiward.identity` True: ask the upstream for an uncompressed answer;
`apiward.block`: the headers as a `core.call.HeaderBlock`, where the same ones came before;
`apiward.add`: fields to add, which replace every copy from the client and cannot be dropped by it;
`apiward.incident`: the id to show where the proxy itself must answer.
`apiward.peer`: host and port of the connection, where `client` was rewritten to somebody further away.
The proxy sets `apiward.failure` to the kind of failure where it answered itself.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from websockets.asyncio.client import ClientConnection

from apiward.core.ports import Clock
from apiward.net.messages import WholeSender
from apiward.net.proxy.calls import Call
from apiward.net.proxy.connection import Answer, Connection
from apiward.net.proxy.exchanges import Exchanges
from apiward.net.proxy.failures import (
    ClientGoneError,
    NoServerError,
    RefusedRequestError,
    UpstreamError,
    forget_places,
)
from apiward.net.proxy.hangup import cut
from apiward.net.proxy.headers import HeadWriter, checked_head, target_of
from apiward.net.proxy.health import watch_health
from apiward.net.proxy.messages import Fields, Receive, Scope, Send
from apiward.net.proxy.problems import problem
from apiward.net.proxy.streaming import Patience, first_piece, send_pieces
from apiward.net.proxy.upstreams import Server, Upstream, Upstreams
from apiward.net.proxy.websockets import Refused, bridge, open_upstream, refuse, subprotocols_of

_GOING_AWAY: Final = 1001
_GOODBYE_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class ForwardSettings:
    """Limits, in seconds and bytes.

    `body_s`: until the client sends the next piece of its body; `answer_s`: until the answer begins; `read_s`:
    between two pieces of it (a stream that is silent for longer is cut); `send_s`: until the client takes a piece;
    `watch_s`: after this the client is watched, so that what nobody waits for is not computed.
    `message_bytes` is the largest WebSocket message, in either direction. `name` stands in `Via`.
    """

    body_s: float = 30.0
    answer_s: float = 60.0
    read_s: float = 300.0
    send_s: float = 60.0
    watch_s: float = 0.5
    message_bytes: int = 1024 * 1024
    name: str = "apiward"


class Forwarder:
    """A plain ASGI 3 application (http, websocket, lifespan). One per process."""

    def __init__(
        self,
        upstreams: Upstreams,
        settings: ForwardSettings,
        *,
        clock: Clock,
        new_incident: Callable[[], str] = lambda: secrets.token_hex(8),
    ) -> None:
        self._upstreams = upstreams
        self._settings = settings
        self._clock = clock
        self._new_incident = new_incident
        self._writer = HeadWriter(settings.name)
        patience = Patience(settings.body_s, settings.answer_s, clock)
        self._exchanges = Exchanges(upstreams, patience, watch_s=settings.watch_s)
        self._websockets: set[ClientConnection] = set()
        self._checks: list[asyncio.Task[None]] = []

    @property
    def servers(self) -> tuple[Server, ...]:
        """Every server behind this proxy."""
        return self._upstreams.servers

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Serve one ASGI scope."""
        kind = scope["type"]
        if kind == "http":
            return self._serve_http(scope, receive, send)
        if kind == "websocket":
            return self._serve_websocket(scope, receive, send)
        return self._serve_lifespan(receive, send)

    async def _serve_http(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            upstream = self._upstreams.only or self._upstream_for(scope)
            outgoing = self._writer.write(scope)
            body, is_whole = scope.get("apiward.body"), True
            if body is None:
                body = b""
                if outgoing.length:
                    body, is_whole = await first_piece(receive, outgoing.length, self._settings.body_s)
            call = Call(scope, receive, outgoing, body, is_whole)
            server = upstream.pick()
            try:
                connection, answer = await self._exchanges.ask(server, upstream, call)
            except UpstreamError as error:
                server, connection, answer = await self._exchanges.ask_again(upstream, call, server, error)
            try:
                if not answer.is_complete:
                    await self._send_pieces(scope, send, connection, answer)
                elif isinstance(send, WholeSender):
                    await send.whole(answer.status, answer.fields, answer.body, is_counted=answer.is_counted)
                else:
                    await send({"type": "http.response.start", "status": answer.status, "headers": list(answer.fields)})
                    await send({"type": "http.response.body", "body": answer.body})
            finally:
                self._exchanges.finish(server, connection)
        except (UpstreamError, RefusedRequestError) as error:
            forget_places(error)
            if "apiward.began" in scope:
                self._break_off(scope, error)
            else:
                await self._apologise(scope, send, error)
        except ClientGoneError as error:
            forget_places(error)
            scope["apiward.failure"] = "client-gone"

    async def _send_pieces(self, scope: Scope, send: Send, connection: Connection, answer: Answer) -> None:
        scope["apiward.began"] = "counted" if answer.is_counted else "open"
        limits = self._settings
        await send_pieces(connection, answer, send, clock=self._clock, read_s=limits.read_s, send_s=limits.send_s)

    def _break_off(self, scope: Scope, error: UpstreamError | RefusedRequestError) -> None:
        scope["apiward.failure"] = error.kind
        peer = scope.get("apiward.peer") or scope.get("client")
        # Where the length was declared, the server in front sees for itself that something is missing.
        if peer and scope["apiward.began"] == "open":
            cut(*peer)

    async def _serve_websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (await receive())["type"] != "websocket.connect":
            return
        try:
            connection = await self._open_websocket(scope)
        except Refused as answer:
            await refuse(send, answer.status, [(b"content-type", answer.media_type)], answer.body)
            return
        except (UpstreamError, RefusedRequestError) as error:
            await refuse(send, error.status, *self._apology(scope, error))
            return
        self._websockets.add(connection)
        try:
            await send({"type": "websocket.accept", "subprotocol": connection.subprotocol})
            await bridge(connection, receive, send, size=self._settings.message_bytes)
        finally:
            self._websockets.discard(connection)
            connection.transport.close()

    async def _open_websocket(self, scope: Scope) -> ClientConnection:
        upstream = self._upstreams.only or self._upstream_for(scope)
        outgoing = self._writer.write(scope)
        server = upstream.pick()
        size, open_s = self._settings.message_bytes, upstream.settings.pool.connect_s
        try:
            host = outgoing.host if upstream.settings.keeps_host else server.authority
            head = checked_head(b"".join((b"host: ", host, b"\r\n", *outgoing.parts)), outgoing.lines + 1)
            target = target_of(scope, server.base)
            names = subprotocols_of(scope)
            connection = await open_upstream(server, target, head, names, size=size, open_s=open_s)
        except UpstreamError:
            server.breaker.failed(self._clock())
            raise
        except Refused:
            server.breaker.succeeded()
            raise
        except BaseException:  # the client is gone: nothing was learnt of the server
            server.breaker.forgot()
            raise
        server.breaker.succeeded()
        return connection

    def _upstream_for(self, scope: Scope) -> Upstream:
        host = next((value for name, value in scope["headers"] if name == b"host"), b"")
        upstream = self._upstreams.find(host, scope["raw_path"])
        if upstream is None:
            raise RefusedRequestError(404, "no-route")
        return upstream

    async def _apologise(self, scope: Scope, send: Send, error: UpstreamError | RefusedRequestError) -> None:
        fields, body = self._apology(scope, error)
        await send({"type": "http.response.start", "status": error.status, "headers": fields})
        await send({"type": "http.response.body", "body": body})

    def _apology(self, scope: Scope, error: UpstreamError | RefusedRequestError) -> tuple[Fields, bytes]:
        scope["apiward.failure"] = error.kind
        incident = scope.get("apiward.incident") or self._new_incident()
        wait_s = error.retry_after_s if isinstance(error, NoServerError) else 1.0 if error.status == 503 else None
        return problem(error.status, error.kind, incident, retry_after_s=wait_s)

    async def _serve_lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self.start()
                await send({"type": "lifespan.startup.complete"})
            else:
                await self._end_websockets()
                self.close()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _end_websockets(self) -> None:
        """Say good-bye to upstreams. granian has dropped the clients' side by now, without a word to them."""
        ends = (connection.close(_GOING_AWAY) for connection in self._websockets)
        with suppress(TimeoutError):
            async with asyncio.timeout(_GOODBYE_S):
                await asyncio.gather(*ends, return_exceptions=True)

    def start(self) -> None:
        """Begin with the health checks; a lifespan's start-up does so too."""
        if self._checks:
            return
        loop = asyncio.get_running_loop()
        for upstream in self._upstreams.all:
            if upstream.settings.health.path is not None:
                work = [watch_health(server, upstream.settings.health) for server in upstream.servers]
                self._checks += map(loop.create_task, work)

    def close(self) -> None:
        """Close idle connections, and stop looking after them and after the servers."""
        for check in self._checks:
            check.cancel()
        self._checks.clear()
        self._exchanges.close()
