"""The answer on its way through the guard: judged, then sent on; at once where its body need not be read."""

from typing import Final, NamedTuple

from apiward.core.call import Answer, AnswerBlock, Call, RawHeaders
from apiward.core.decision import Decision, Ruling
from apiward.core.ports import Gate, StreamEditor
from apiward.net.guarded_bodies import BROKEN, TOO_SLOW
from apiward.net.messages import FAILURE, Message, Send, WholeSender

_DENIAL: Final = "websocket.http.response."
_OWN: Final = (TOO_SLOW, BROKEN)


class Opening:
    """Passes on what the app says to a WebSocket.

    Where it answers the opening with a plain answer, as any server does that takes no WebSocket
    there, that answer is judged like each other one.
    """

    def __init__(self, sender: "AnswerSender", send: Send) -> None:
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
        """Take the next message of the app."""
        kind: str = message["type"]
        if kind.startswith(_DENIAL):
            await self._sender({**message, "type": kind.removeprefix("websocket.")})
            return
        self._is_open = self._is_open or kind == "websocket.accept"
        await self._send(message)


class _Held(NamedTuple):
    """An answer that waits until its body is there: its first message, and the pieces that have come."""

    answer: Answer
    start: Message
    pieces: list[bytes]


class AnswerSender(WholeSender):
    """Takes the app's answer, has it judged, and sends it on: at once where its body need not be read."""

    __slots__ = (
        "_call",
        "_editor",
        "_gate",
        "_held",
        "_limit",
        "_name",
        "_send",
        "is_finished",
        "outcome",
        "scope",
        "sent_size",
        "status",
    )

    def __init__(
        self, gate: Gate, call: Call, send: Send, limit: int, name: bytes = b"", *, finishes: bool = True
    ) -> None:
        """Make it; with `finishes` it tells the gate of the end when the last piece of the answer has gone."""
        self._gate = gate
        self._call = call
        self._send = send
        self._limit = limit
        self._name = name
        self._held: _Held | None = None
        self._editor: StreamEditor | None = None
        self.is_finished = not finishes
        self.scope: Message = {}
        """What the app was called with: the proxy notes there why the API gave no answer."""
        self.status = 0
        self.sent_size = 0
        self.outcome = "passed"

    async def __call__(self, message: Message) -> None:
        """Take the next message of the app."""
        kind = message["type"]
        if kind == "http.response.start":
            await self._begin(message)
        elif kind == "http.response.body" and self._held is not None:
            await self._hold(message, self._held)
        elif kind == "http.response.body":
            if self.outcome == "passed":
                await self._pass(message)
        else:
            await self._send(message)

    async def whole(self, status: int, headers: RawHeaders, body: bytes, *, is_counted: bool) -> None:
        """Take a whole answer: judged, then sent on."""
        gate, call = self._gate, self._call
        answer = Answer(status, headers)
        if gate.wants_answer(call, answer):
            answer.body = body
        refusal = await gate.judge_answer(call, answer)
        if refusal is not None:
            await self.refuse(refusal)
            return
        if answer.body is None:
            answer.body = body
        elif answer.body is not body:
            is_counted = False
        start, last = self._messages(answer, is_counted=is_counted)
        send = self._send
        await send(start)
        await send(last)
        self.finish("failed" if FAILURE in self.scope else self.outcome)

    def finish(self, outcome: str) -> None:
        """Tell the gate how it ended, once. An app may go on after its answer, with what it does in the background."""
        if not self.is_finished:
            self.is_finished = True
            self._gate.finish(self._call, status=self.status, outcome=outcome, answer_size=self.sent_size)

    async def refuse(self, decision: Decision) -> None:
        """Send a refusal, or the answer that an edit gives."""
        self.outcome = "gone" if decision is BROKEN else "refused"
        if decision in _OWN:  # what the gate decides, it notes by itself
            self._call.rulings.append(Ruling(decision, is_applied=True))
        await self._give(self._gate.refusal(self._call, decision))

    async def _begin(self, message: Message) -> None:
        answer = Answer(message["status"], list(message.get("headers", ())))
        if self._gate.wants_answer(self._call, answer):
            self._held = _Held(answer, message, [])
            return
        refusal = await self._gate.judge_answer(self._call, answer)
        if refusal is not None:
            await self.refuse(refusal)
            return
        self.status = answer.status
        if self._name:
            name_server(answer.headers, self._name)
        message["status"], message["headers"] = answer.status, answer.headers
        await self._send(message)

    async def _hold(self, message: Message, held: _Held) -> None:
        answer, _, pieces = held
        pieces.append(message.get("body", b""))
        if message.get("more_body", False):
            if sum(map(len, pieces)) > self._limit:
                await self._release(held)
            return
        answer.body = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        self._held = None
        refusal = await self._gate.judge_answer(self._call, answer)
        if refusal is not None:
            await self.refuse(refusal)
        else:
            await self._give(answer)

    async def _release(self, held: _Held) -> None:
        """Let an answer go that is too long to hold: its head is judged, its body is not."""
        answer, start, pieces = held
        self._held = None
        refusal = await self._gate.judge_answer(self._call, answer)
        if refusal is not None:
            await self.refuse(refusal)
            return
        self.status = answer.status
        if self._name:
            name_server(answer.headers, self._name)
        start["status"], start["headers"] = answer.status, answer.headers
        self._editor = self._gate.stream_editor(self._call, answer)
        if self._editor is not None:  # its length is not known before its end
            start["headers"] = [pair for pair in answer.headers if pair[0] != b"content-length"]
        await self._send(start)
        await self._pass({"type": "http.response.body", "body": b"".join(pieces), "more_body": True})

    async def _pass(self, message: Message) -> None:
        editor = self._editor
        if editor is not None:
            body = editor.feed(message.get("body", b""))
            if not message.get("more_body", False):
                body += editor.end()
            message["body"] = body
        self.sent_size += len(message.get("body", b""))
        await self._send(message)
        if message["type"] == "http.response.body" and not message.get("more_body", False):
            self.finish("failed" if FAILURE in self.scope else self.outcome)

    async def _give(self, answer: Answer) -> None:
        for message in self._messages(answer, is_counted=False):
            await self._send(message)
        self.finish("failed" if FAILURE in self.scope else self.outcome)

    def _messages(self, answer: Answer, *, is_counted: bool) -> tuple[Message, Message]:
        """Return what sends a whole answer; with `is_counted` a header tells its length already."""
        body = answer.body or b""
        headers = answer.headers
        self.status = answer.status
        self.sent_size = len(body)
        if headers.__class__ is AnswerBlock:
            headers = list(headers)  # others have the same one
        if self._name:
            name_server(headers, self._name)
        is_head = self._call.method == "HEAD"
        if not (is_counted or is_head or answer.status in (204, 304)):
            headers = [pair for pair in headers if pair[0] != b"content-length"]
            headers.append((b"content-length", str(len(body)).encode()))
        return (
            {"type": "http.response.start", "status": answer.status, "headers": headers},
            {"type": "http.response.body", "body": b"" if is_head else body},
        )


def name_server(headers: RawHeaders, name: bytes) -> None:
    """Put `name` into `Server` where an answer has none: else the HTTP server in front puts its own there."""
    if b"server" not in dict(headers):
        headers.append((b"server", name))


def as_denial(send: Send) -> Send:
    """Return what sends a plain answer as the answer to a WebSocket's opening."""

    async def denied(message: Message) -> None:
        await send({**message, "type": f"websocket.{message['type']}"})

    return denied


async def refuse_websocket(scope: Message, send: Send, answer: Answer) -> int:
    """Refuse the handshake, with an answer where the server can give one (ASGI "Websocket Denial Response")."""
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1008})
        return 403
    await send({"type": "websocket.http.response.start", "status": answer.status, "headers": answer.headers})
    await send({"type": "websocket.http.response.body", "body": answer.body or b""})
    return answer.status
