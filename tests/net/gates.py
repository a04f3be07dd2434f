"""A gate that does as it is told, and the guard around an app with it."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field

from apiward.core.call import Answer, BodyKind, Call
from apiward.core.decision import Decision
from apiward.net.messages import App, Message, Receive, Send
from apiward.net.middleware import Bounds, GuardMiddleware

NO = Decision("permit.no")


class Shout:
    """Writes all in capitals."""

    def feed(self, chunk: bytes) -> bytes:
        """Change the piece."""
        return chunk.upper()

    def end(self) -> bytes:
        """Say that it was the end."""
        return b"!"

    def said(self) -> tuple[Decision, ...]:
        """Say nothing."""
        return ()


@dataclass
class FakeGate:
    """Lets pass what it is not told to refuse, and keeps what it saw."""

    head: Decision | None = None
    body: Decision | None = None
    out: Decision | None = None
    wants: bool = False
    lets_large: bool = False
    editor: "Shout | None" = None
    kind: BodyKind = BodyKind.JSON
    max_body: int = 100
    edit: Callable[[Answer], None] = field(default=lambda _: None)
    change: Callable[[Call], None] = field(default=lambda _: None)
    bodies: list[bytes] = field(default_factory=list)
    answers: list[bytes | None] = field(default_factory=list)
    ends: list[tuple[int, str, int]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    fears: bytes = b""
    pieces: list[tuple[bytes, bool]] = field(default_factory=list)

    async def judge_head(self, call: Call, *, may_end: bool = False) -> Decision | None:
        """Say what was given."""
        call.header = dict(call.headers)
        call.body_kind = self.kind
        call.incident = "abc"
        return self.head

    def wants_body(self, call: Call) -> bool:
        """Never ask for what may stream."""
        return False

    async def judge_body(self, call: Call) -> Decision | None:
        """Keep the body, and say what was given."""
        self.bodies.append(call.body)
        self.change(call)
        return self.body

    async def judge_more(self, call: Call, piece: bytes, *, is_last: bool) -> Decision | None:
        """Refuse a piece with the word that was given."""
        self.pieces.append((piece, is_last))
        return NO if self.fears and self.fears in piece else None

    def wants_answer(self, call: Call, answer: Answer) -> bool:
        """Say what was given."""
        return self.wants

    async def judge_answer(self, call: Call, answer: Answer) -> Decision | None:
        """Keep the answer, edit it, say what was given."""
        self.answers.append(answer.body)
        self.edit(answer)
        return self.out

    def judge_size(self, call: Call) -> Decision | None:
        """Refuse it, unless nothing is refused."""
        return None if self.lets_large else Decision("guard.body-too-large")

    def stream_editor(self, call: Call, answer: Answer) -> "Shout | None":
        """Give what was given."""
        return self.editor

    def refusal(self, call: Call, decision: Decision) -> Answer:
        """Refuse with the name of the rule."""
        return Answer(403, [(b"content-type", b"text/plain")], decision.rule.encode())

    def finish(self, call: Call, *, status: int, outcome: str, answer_size: int) -> None:
        """Keep how it ended."""
        self.ends.append((status, outcome, answer_size))
        self.refused += [ruling.decision.rule for ruling in call.rulings]


async def echo(scope: Message, receive: Receive, send: Send) -> None:
    """Answer with what was received, and how many pieces it had."""
    body, pieces, more = b"", 0, True
    while more:
        message = await receive()
        body += message.get("body", b"")
        pieces += 1
        more = message.get("more_body", False)
    told = {"body": body.decode(), "pieces": pieces, "client": scope["client"][0], "headers": len(scope["headers"])}
    await answer_with(send, json.dumps(told).encode())


async def answer_with(send: Send, *pieces: bytes, status: int = 200) -> None:
    """Answer with these pieces."""
    headers = [(b"content-length", str(sum(map(len, pieces))).encode()), (b"server", b"x/1")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    for number, piece in enumerate(pieces, 1):
        await send({"type": "http.response.body", "body": piece, "more_body": number < len(pieces)})


def scope_of(method: str = "POST", *, length: int | None = None, **more: object) -> Message:
    """Return the scope of a request."""
    headers = [(b"host", b"shop.test")]
    if length is not None:
        headers.append((b"content-length", str(length).encode()))
    return {
        "type": "http",
        "method": method,
        "path": "/a",
        "raw_path": b"/a",
        "query_string": b"",
        "headers": headers,
        "client": ("192.0.2.1", 1),
        "http_version": "1.1",
        **more,
    }


def run(
    gate: FakeGate,
    app: App,
    scope: Message,
    *pieces: bytes,
    bounds: Bounds = Bounds(max_answer=50),  # noqa: B008 - frozen
) -> list[Message]:
    """Send a request with these pieces of a body through the guard; return what the server is told to send."""
    sent: list[Message] = []
    waiting: list[Message] = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    if waiting:
        waiting[-1]["more_body"] = False

    async def receive() -> Message:
        if not waiting:
            await asyncio.sleep(3600)
        return waiting.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(GuardMiddleware(app, gate, clock=lambda: 0.0, bounds=bounds)(scope, receive, send))
    return sent


def body_of(sent: list[Message]) -> bytes:
    """Return the body of what was sent."""
    return b"".join(message["body"] for message in sent if message["type"] == "http.response.body")
