"""Runs an ASGI app as a server does: its start, requests, WebSockets, its end."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import unquote

from apiward.net.messages import Message

CLIENT = ("192.0.2.9", 4711)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back; `pieces` are the parts of the body as they were sent."""

    status: int
    headers: dict[str, str]
    pieces: tuple[bytes, ...]

    @property
    def body(self) -> bytes:
        """The whole body."""
        return b"".join(self.pieces)

    @property
    def json(self) -> Any:  # noqa: ANN401 - JSON may be anything
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def rule(self) -> str:
        """The rule that refused it, of a problem document; empty for any other answer."""
        if self.headers.get("content-type") != "application/problem+json":
            return ""
        return str(self.json["type"]).removeprefix("urn:apiward:")


@dataclass(slots=True)
class Server:
    """One app between its start and its end, on an event loop of its own."""

    app: Callable[..., Any]
    root_path: str = ""
    has_lifespan: bool = True
    said: list[Message] = field(default_factory=list)
    _runner: asyncio.Runner = field(default_factory=asyncio.Runner)
    _life: "asyncio.Task[None] | None" = None
    _events: "asyncio.Queue[Message] | None" = None

    def __enter__(self) -> Self:
        self._runner.__enter__()
        if self.has_lifespan:
            self._runner.run(self._begin())
        return self

    def __exit__(self, *_: object) -> None:
        if self.has_lifespan:
            self._runner.run(self._finish())
        self._runner.close()

    def get(self, target: str, **headers: str) -> Reply:
        """Send a GET."""
        return self.send("GET", target, headers=headers)

    def post(self, target: str, document: object, **headers: str) -> Reply:
        """Send a document as JSON; bytes go as they are."""
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        return self.send("POST", target, body, {"content-type": "application/json", **headers})

    def send(self, method: str, target: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Reply:
        """Send one request and return the whole answer."""
        fields = {"host": "shop.test", "accept": "application/json", **(headers or {})}
        if body:
            fields["content-length"] = str(len(body))
        return self._runner.run(self._exchange(self._scope("http", method, target, fields), body))

    def talk(self, target: str, *texts: str, **headers: str) -> list[Message]:
        """Open a WebSocket, send texts, leave; return all that the app said."""
        scope = self._scope("websocket", "GET", target, {"host": "shop.test", **headers})
        return self._runner.run(self._talk(scope, texts))

    def _scope(self, kind: str, method: str, target: str, fields: dict[str, str]) -> Message:
        path, _, query = target.partition("?")
        scope: Message = {
            "type": kind,
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "scheme": "http" if kind == "http" else "ws",
            "path": self.root_path + unquote(path),
            "raw_path": (self.root_path + path).encode(),
            "query_string": query.encode(),
            "root_path": self.root_path,
            "headers": [(name.replace("_", "-").lower().encode(), text.encode()) for name, text in fields.items()],
            "client": CLIENT,
            "server": ("shop.test", 80),
            "extensions": {"http.response.pathsend": {}, "http.response.debug": {}},
        }
        if kind == "http":
            scope["method"] = method
        else:
            scope["subprotocols"] = []
        return scope

    async def _exchange(self, scope: Message, body: bytes) -> Reply:
        sent: list[Message] = []
        waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
        is_over = asyncio.Event()

        async def receive() -> Message:
            if waiting:
                return waiting.pop()
            await is_over.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            sent.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                is_over.set()

        await self.app(scope, receive, send)
        start = sent[0]
        headers = {name.decode(): value.decode("latin-1") for name, value in start["headers"]}
        pieces = [message.get("body", b"") for message in sent[1:]]
        return Reply(start["status"], headers, tuple(piece for piece in pieces if piece))

    async def _talk(self, scope: Message, texts: tuple[str, ...]) -> list[Message]:
        sent: list[Message] = []
        waiting: list[Message] = [{"type": "websocket.connect"}]
        waiting += [{"type": "websocket.receive", "text": text} for text in texts]

        async def receive() -> Message:
            return waiting.pop(0) if waiting else {"type": "websocket.disconnect", "code": 1000}

        async def send(message: Message) -> None:
            sent.append(message)

        await self.app(scope, receive, send)
        return sent

    async def _begin(self) -> None:
        self._events = events = asyncio.Queue[Message]()
        has_started = asyncio.Event()

        async def send(message: Message) -> None:
            self.said.append(message)
            has_started.set()

        scope: Message = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": {}}
        self._life = asyncio.create_task(self.app(scope, events.get, send))
        await events.put({"type": "lifespan.startup"})
        begun = asyncio.create_task(has_started.wait())
        await asyncio.wait((begun, self._life), return_when=asyncio.FIRST_COMPLETED)
        begun.cancel()

    async def _finish(self) -> None:
        if self._events is not None and self._life is not None:
            await self._events.put({"type": "lifespan.shutdown"})
            await self._life
