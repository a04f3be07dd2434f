"""The guard around an ASGI app: the app behind it may be an API of this process, or the way to another server."""

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias
from urllib.parse import quote

from apiward.core.call import Answer, BodyKind, Call
from apiward.core.decision import Decision, Ruling
from apiward.core.ports import Clock, Gate, StreamEditor

# ASGI's own types: messages are loose mappings (ASGI 3.0, "HTTP & WebSocket format").
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Message, Receive, Send], Awaitable[None]]

IDENTITY: Final = "apiward.identity"
"""Set in the scope: asks the app for an answer without content coding, so that it can be read."""
INCIDENT: Final = "apiward.incident"
"""Set in the scope: the id that the proxy names where it must answer by itself."""
BODY: Final = "apiward.body"
"""Set in the scope: the whole body, where it has been read, so that the proxy need not read it piece by piece."""
PRINCIPAL: Final = "apiward.principal"
"""Set in the scope: who calls, as a `core.principal.Principal`, for apps of this process."""
FAILURE: Final = "apiward.failure"
"""Set in the scope by the proxy: why the API gave no answer."""

_DENIAL: Final = "websocket.http.response."
_STREAMED: Final = frozenset({BodyKind.BINARY, BodyKind.MULTIPART})
_TOO_LARGE: Final = Decision("guard.body-too-large", place="body")
_TOO_SLOW: Final = Decision("guard.body-too-slow", place="body")
_BROKEN: Final = Decision("guard.body-broken", place="body")
_OWN: Final = (_TOO_LARGE, _TOO_SLOW, _BROKEN)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the adapter itself keeps to: sizes in bytes, times in seconds."""

    max_answer: int = 1_048_576
    body_timeout_s: float = 30.0


class ClientGoneError(Exception):
    """Nobody is there any more to answer to."""


class GuardMiddleware:
    """An ASGI 3 app that lets through to `app` what the gate lets pass."""

    def __init__(self, app: App, gate: Gate, *, clock: Clock = time.time, bounds: Bounds = Bounds()) -> None:
        self._app = app
        self._gate = gate
        self._clock = clock
        self._bounds = bounds

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Guard one request, one WebSocket, or pass the start and the end of the app's life on."""
        kind = scope["type"]
        if kind == "http":
            await self._http(scope, receive, send)
        elif kind == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _http(self, scope: Message, receive: Receive, send: Send) -> None:
        gate = self._gate
        call = _call(scope, scope["method"], self._clock())
        sender = _Sender(gate, call, send, self._bounds.max_answer)
        outcome = "failed"
        try:
            refusal = await gate.judge_head(call)
            if refusal is None and _has_body(call):
                refusal, receive = await self._with_body(call, receive)
            elif refusal is None:
                refusal = await gate.judge_body(call)
            if refusal is None:
                onward = _onward(scope, call)
                await self._app(onward, receive, sender)
                outcome = "failed" if FAILURE in onward else sender.outcome
                if not sender.status and isinstance(receive, _Patient | _Replay) and receive.why:
                    await sender.refuse(receive.why)
                    outcome = "gone" if receive.why is _BROKEN else "refused"
            else:
                await sender.refuse(refusal)
                outcome = "refused"
        except ClientGoneError:
            await sender.refuse(_BROKEN)
            outcome = "gone"
        except asyncio.CancelledError:
            outcome = "gone"
            raise
        finally:
            gate.finish(call, status=sender.status, outcome=outcome, answer_size=sender.sent_size)

    async def _with_body(self, call: Call, receive: Receive) -> tuple[Decision | None, Receive]:
        """Read what must be judged; the refusal, and where the app reads the body from now on."""
        gate = self._gate
        if call.body_kind in _STREAMED and not gate.wants_body(call):
            call.is_body_whole = False
            return await gate.judge_body(call), _Patient(receive, self._bounds.body_timeout_s)
        pieces, is_whole, size = [], False, 0
        length = _length(call)
        try:
            async with asyncio.timeout(self._bounds.body_timeout_s):
                while size <= gate.max_body and not is_whole:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise ClientGoneError("the client left before its request was complete")
                    piece: bytes = message.get("body", b"")
                    size += len(piece)
                    # A server may tell the end of the body in a message of its own: no need to wait for that one.
                    is_whole = not message.get("more_body", False) or size == length
                    pieces.append(piece)
        except TimeoutError:
            return _TOO_SLOW, receive
        call.body = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        call.is_body_whole = is_whole
        if size > gate.max_body and call.body_kind not in _STREAMED:
            return _TOO_LARGE, receive
        refusal = await gate.judge_body(call)
        rest = receive if is_whole else _Patient(receive, self._bounds.body_timeout_s)
        return refusal, _Replay(call.body, rest, is_whole=is_whole)

    async def _websocket(self, scope: Message, receive: Receive, send: Send) -> None:
        gate = self._gate
        call = _call(scope, "GET", self._clock())
        status, outcome = 403, "failed"
        try:
            refusal = await gate.judge_head(call) or await gate.judge_body(call)
            if refusal is None:
                opening = _Opening(_Sender(gate, call, _denial(send), self._bounds.max_answer), send)
                status, outcome = 101, "passed"
                onward = _onward(scope, call)
                await self._app(onward, receive, opening)
                status, outcome = opening.status, "failed" if FAILURE in onward else opening.outcome
            else:
                outcome = "refused"
                await receive()  # websocket.connect
                status = await _refuse_websocket(scope, send, gate.refusal(call, refusal))
        except asyncio.CancelledError:
            outcome = "gone"
            raise
        finally:
            gate.finish(call, status=status, outcome=outcome, answer_size=0)


class _Replay:
    """Gives the app the body that was read, then what is left of it."""

    def __init__(self, body: bytes, receive: Receive, *, is_whole: bool) -> None:
        self._first: Message | None = {"type": "http.request", "body": body, "more_body": not is_whole}
        self._receive = receive

    @property
    def why(self) -> Decision | None:
        """Why the rest of the body did not come to its end."""
        return self._receive.why if isinstance(self._receive, _Patient) else None

    async def __call__(self) -> Message:
        if self._first is not None:
            first, self._first = self._first, None
            return first
        return await self._receive()


class _Patient:
    """Gives the app a body that streams, as long as each piece comes in time; after that the client counts as gone."""

    def __init__(self, receive: Receive, patience_s: float) -> None:
        self._receive = receive
        self._patience_s = patience_s
        self._is_over = False
        self.why: Decision | None = None
        """Why the body did not come to its end."""

    async def __call__(self) -> Message:
        if self._is_over:  # what comes now is only the news that the client has left
            return await self._receive()
        try:
            async with asyncio.timeout(self._patience_s):
                message = await self._receive()
        except TimeoutError:
            message, self.why = {"type": "http.disconnect"}, _TOO_SLOW
        else:
            self.why = _BROKEN if message["type"] == "http.disconnect" else None
        self._is_over = not message.get("more_body", False)
        return message


class _Opening:
    """Passes on what the app says to a WebSocket.

    Where it answers the opening with a plain answer, as any server does that takes no WebSocket
    there, that answer is judged like each other one.
    """

    def __init__(self, sender: "_Sender", send: Send) -> None:
        self._sender = sender
        self._send = send
        self._is_open = False

    @property
    def status(self) -> int:
        """What the client was told."""
        return self._sender.status or (101 if self._is_open else 403)

    @property
    def outcome(self) -> str:
        """How it ended."""
        return self._sender.outcome

    async def __call__(self, message: Message) -> None:
        kind: str = message["type"]
        if kind.startswith(_DENIAL):
            await self._sender({**message, "type": kind.removeprefix("websocket.")})
            return
        self._is_open = self._is_open or kind == "websocket.accept"
        await self._send(message)


class _Sender:
    """Takes the app's answer, has it judged, and sends it on: at once where its body need not be read."""

    __slots__ = (
        "_answer",
        "_call",
        "_editor",
        "_gate",
        "_held",
        "_limit",
        "_send",
        "_start",
        "outcome",
        "sent_size",
        "status",
    )

    def __init__(self, gate: Gate, call: Call, send: Send, limit: int) -> None:
        self._gate = gate
        self._call = call
        self._send = send
        self._limit = limit
        self._start: Message | None = None
        self._answer: Answer | None = None
        self._held: list[bytes] = []
        self._editor: StreamEditor | None = None
        self.status = 0
        self.sent_size = 0
        self.outcome = "passed"

    async def __call__(self, message: Message) -> None:
        kind = message["type"]
        if kind == "http.response.start":
            await self._begin(message)
        elif kind == "http.response.body" and self._answer is not None:
            await self._hold(message)
        elif kind == "http.response.body":
            if self.outcome != "refused":
                await self._pass(message)
        else:
            await self._send(message)

    async def refuse(self, decision: Decision) -> None:
        """Send a refusal, or the answer that an edit gives."""
        self.outcome = "refused"
        if decision in _OWN:  # what the gate decides, it notes by itself
            self._call.rulings.append(Ruling(decision, is_applied=True))
        await self._give(self._gate.refusal(self._call, decision))

    async def _begin(self, message: Message) -> None:
        answer = Answer(message["status"], list(message.get("headers", ())))
        if self._gate.wants_answer(self._call, answer):
            self._start, self._answer = message, answer
            return
        refusal = await self._gate.judge_answer(self._call, answer)
        if refusal is not None:
            await self.refuse(refusal)
            return
        self.status = answer.status
        message["status"], message["headers"] = answer.status, answer.headers
        await self._send(message)

    async def _hold(self, message: Message) -> None:
        self._held.append(message.get("body", b""))
        answer = self._answer
        if message.get("more_body", False):
            if sum(map(len, self._held)) > self._limit:
                await self._release()
            return
        if answer is None:
            return
        answer.body = self._held[0] if len(self._held) == 1 else b"".join(self._held)
        self._answer = None
        refusal = await self._gate.judge_answer(self._call, answer)
        if refusal is not None:
            await self.refuse(refusal)
        else:
            await self._give(answer)

    async def _release(self) -> None:
        """Let an answer go that is too long to hold: its head is judged, its body is not."""
        answer, start = self._answer, self._start
        self._answer = None
        if answer is None or start is None:
            return
        refusal = await self._gate.judge_answer(self._call, answer)
        if refusal is not None:
            await self.refuse(refusal)
            return
        self.status = answer.status
        start["status"], start["headers"] = answer.status, answer.headers
        self._editor = self._gate.stream_editor(self._call, answer)
        if self._editor is not None:  # its length is not known before its end
            start["headers"] = [pair for pair in answer.headers if pair[0] != b"content-length"]
        await self._send(start)
        await self._pass({"type": "http.response.body", "body": b"".join(self._held), "more_body": True})

    async def _pass(self, message: Message) -> None:
        editor = self._editor
        if editor is not None:
            body = editor.feed(message.get("body", b""))
            if not message.get("more_body", False):
                body += editor.end()
            message["body"] = body
        self.sent_size += len(message.get("body", b""))
        await self._send(message)

    async def _give(self, answer: Answer) -> None:
        body = answer.body or b""
        self.status = answer.status
        self.sent_size = len(body)
        headers = answer.headers
        if not (self._call.method == "HEAD" or answer.status in (204, 304)):
            headers = [pair for pair in headers if pair[0] != b"content-length"]
            headers.append((b"content-length", str(len(body)).encode()))
        await self._send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await self._send({"type": "http.response.body", "body": b"" if self._call.method == "HEAD" else body})


def _call(scope: Message, method: str, started_s: float) -> Call:
    client = scope.get("client")
    target = scope.get("raw_path")
    if not target:  # optional in ASGI: some servers and test clients leave it out
        target = quote(scope["path"], safe="/:@!$&'()*+,;=-._~").encode("ascii")
    return Call(
        method=method,
        target_path=target.partition(b"?")[0],
        query=scope.get("query_string", b""),
        headers=list(scope["headers"]),
        peer=client[0] if client else "",
        scheme=scope.get("scheme", "http"),
        http_version=scope.get("http_version", "1.1"),
        started_s=started_s,
    )


def _length(call: Call) -> int | None:
    """Return the length of the body as told; framing that says two things at once was refused before."""
    told = call.header.get(b"content-length", b"")
    return int(told) if told.isdigit() and b"transfer-encoding" not in call.header else None


def _has_body(call: Call) -> bool:
    """Whether there may be a body: told by its length or coding; in HTTP/2 it may come untold (RFC 9113, 8.1)."""
    length = call.header.get(b"content-length")
    if length is not None:
        return length != b"0"
    return b"transfer-encoding" in call.header or call.http_version[0] != "1"


def _onward(scope: Message, call: Call) -> Message:
    """Return the scope that the app sees: with the true client, and the headers as edited."""
    onward = dict(scope)
    onward["headers"] = call.headers
    onward[IDENTITY] = True
    onward[INCIDENT] = call.incident
    onward[PRINCIPAL] = call.principal
    if call.is_body_whole:
        onward[BODY] = call.body
    if call.client and call.client != call.peer:
        onward["client"] = (call.client, 0)
    return onward


def _denial(send: Send) -> Send:
    """Return what sends a plain answer as the answer to a WebSocket's opening."""

    async def denied(message: Message) -> None:
        await send({**message, "type": f"websocket.{message['type']}"})

    return denied


async def _refuse_websocket(scope: Message, send: Send, answer: Answer) -> int:
    """Refuse the handshake, with an answer where the server can give one (ASGI "Websocket Denial Response")."""
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1008})
        return 403
    await send({"type": "websocket.http.response.start", "status": answer.status, "headers": answer.headers})
    await send({"type": "websocket.http.response.body", "body": answer.body or b""})
    return answer.status
