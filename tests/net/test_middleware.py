import asyncio
import json
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from apiward.core.call import Answer, BodyKind, Call
from apiward.core.decision import Decision
from apiward.net.messages import FAILURE, App, Message, Receive, Send
from apiward.net.middleware import IDENTITY, INCIDENT, Bounds, GuardMiddleware

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

    async def judge_head(self, call: Call) -> Decision | None:
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
    await _answer(send, json.dumps(told).encode())


async def _answer(send: Send, *pieces: bytes, status: int = 200) -> None:
    headers = [(b"content-length", str(sum(map(len, pieces))).encode()), (b"server", b"x/1")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    for number, piece in enumerate(pieces, 1):
        await send({"type": "http.response.body", "body": piece, "more_body": number < len(pieces)})


def _scope(method: str = "POST", *, length: int | None = None, **more: object) -> Message:
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


def _run(
    gate: FakeGate,
    app: App,
    scope: Message,
    *pieces: bytes,
    bounds: Bounds = Bounds(max_answer=50),  # noqa: B008 - frozen
) -> list[Message]:
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


def _body(sent: list[Message]) -> bytes:
    return b"".join(message["body"] for message in sent if message["type"] == "http.response.body")


def test_a_request_passes_as_it_came() -> None:
    gate = FakeGate()
    sent = _run(gate, echo, _scope(length=4), b"ab", b"cd")
    assert json.loads(_body(sent)) == {"body": "abcd", "pieces": 1, "client": "192.0.2.1", "headers": 2}
    assert gate.bodies == [b"abcd"]
    assert gate.ends == [(200, "passed", len(_body(sent)))]


@pytest.mark.parametrize("gate", [FakeGate(head=NO), FakeGate(body=NO)])
def test_a_refused_request_never_reaches_the_app(gate: FakeGate) -> None:
    async def app(scope: Message, receive: Receive, send: Send) -> None:
        raise AssertionError("reached")

    sent = _run(gate, app, _scope(length=2), b"ab")
    assert (sent[0]["status"], _body(sent)) == (403, b"permit.no")
    assert gate.ends == [(403, "refused", 9)]


def test_a_request_without_a_body_is_judged_without_waiting_for_one() -> None:
    async def app(scope: Message, receive: Receive, send: Send) -> None:
        await _answer(send, b"ok")

    gate = FakeGate()
    assert _body(_run(gate, app, _scope("GET"))) == b"ok"
    assert gate.bodies == [b""]


def test_a_body_that_is_too_large_is_refused() -> None:
    gate = FakeGate(max_body=3)
    sent = _run(gate, echo, _scope(length=9), b"abcdef", b"ghi")
    assert _body(sent) == b"guard.body-too-large"
    assert gate.bodies == []


def test_a_body_that_is_too_large_is_judged_in_part_where_nothing_is_refused() -> None:
    gate = FakeGate(max_body=3, lets_large=True)
    sent = _run(gate, echo, _scope(length=9), b"abcdef", b"ghi")
    assert json.loads(_body(sent))["body"] == "abcdefghi"
    assert gate.bodies == [b"abcdef"]


def test_a_body_that_comes_too_slowly_is_refused() -> None:
    async def receive_nothing(scope: Message, receive: Receive, send: Send) -> None:
        raise AssertionError("reached")

    sent = _run(FakeGate(), receive_nothing, _scope(length=9), bounds=Bounds(body_timeout_s=0.01))
    assert _body(sent) == b"guard.body-too-slow"


def test_an_upload_streams_to_the_app() -> None:
    gate = FakeGate(kind=BodyKind.BINARY, max_body=3)
    sent = _run(gate, echo, _scope(length=9), b"abcdef", b"ghi")
    assert json.loads(_body(sent))["body"] == "abcdefghi"
    assert gate.bodies == [b""]
    assert gate.pieces == [(b"abcdef", False), (b"ghi", True)]


@pytest.mark.parametrize(("fears", "passed"), [(b"bad", [b"abc"]), (b"abc", [])])
def test_a_later_piece_of_an_upload_is_refused_before_it_goes_on(fears: bytes, passed: list[bytes]) -> None:
    gate = FakeGate(kind=BodyKind.BINARY, fears=fears)
    got: list[bytes] = []

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        while (message := await receive())["type"] == "http.request":
            got.append(message["body"])
        assert message["type"] == "http.disconnect"

    sent = _run(gate, app, _scope(length=9), b"abc", b"bad", b"ghi")
    assert got == passed
    assert _body(sent) == b"permit.no"
    assert gate.ends[0][1] == "refused"


@pytest.mark.parametrize(
    ("last", "rule", "outcome"),
    [(None, "guard.body-too-slow", "refused"), ("http.disconnect", "guard.body-broken", "gone")],
)
def test_an_upload_that_stops_is_given_up(last: str | None, rule: str, outcome: str) -> None:
    gate = FakeGate(kind=BodyKind.BINARY)
    sent: list[Message] = []

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        while (message := await receive())["type"] == "http.request":
            assert message["more_body"]

    async def run() -> None:
        pieces: list[Message] = [{"type": "http.request", "body": b"ab", "more_body": True}]

        async def receive() -> Message:
            if not pieces and last is None:
                await asyncio.sleep(3600)
            return pieces.pop() if pieces else {"type": last}

        async def send(message: Message) -> None:
            sent.append(message)

        await GuardMiddleware(app, gate, bounds=Bounds(body_timeout_s=0.01))(_scope(length=9), receive, send)

    asyncio.run(run())
    assert gate.refused == [rule]
    assert [end[1] for end in gate.ends] == [outcome]
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]


def test_an_edited_body_goes_on_with_its_own_length() -> None:
    def change(call: Call) -> None:
        call.body = b"new"
        call.headers = [(b"host", b"a"), (b"x-new", b"1"), (b"content-length", b"3")]
        call.client = "198.51.100.7"

    sent = _run(FakeGate(change=change), echo, _scope(length=2), b"ab")
    assert json.loads(_body(sent)) == {"body": "new", "pieces": 1, "client": "198.51.100.7", "headers": 3}


def test_the_head_of_an_answer_is_judged_before_it_is_sent() -> None:
    async def app(scope: Message, receive: Receive, send: Send) -> None:
        await _answer(send, b"a" * 40, b"b" * 40)

    def edit(answer: Answer) -> None:
        answer.headers = [(b"x-a", b"1")]

    gate = FakeGate(edit=edit)
    sent = _run(gate, app, _scope("GET"))
    assert sent[0]["headers"] == [(b"x-a", b"1")]
    assert [len(message["body"]) for message in sent[1:]] == [40, 40]
    assert gate.answers == [None]
    assert gate.ends == [(200, "passed", 80)]


def test_a_whole_answer_is_judged_and_edited() -> None:
    async def app(scope: Message, receive: Receive, send: Send) -> None:
        await _answer(send, b"secret", b" text")

    def edit(answer: Answer) -> None:
        answer.body = b"text"

    gate = FakeGate(wants=True, edit=edit)
    sent = _run(gate, app, _scope("GET"))
    assert gate.answers == [b"secret text"]
    assert _body(sent) == b"text"
    assert dict(sent[0]["headers"])[b"content-length"] == b"4"


@pytest.mark.parametrize("wants", [True, False])
def test_an_answer_is_refused_whole(wants: bool) -> None:  # noqa: FBT001 - a parameter of the test
    async def app(scope: Message, receive: Receive, send: Send) -> None:
        await _answer(send, b"secret", b" text")

    gate = FakeGate(wants=wants, out=NO)
    sent = _run(gate, app, _scope("GET"))
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    assert _body(sent) == b"permit.no"
    assert gate.ends[0][:2] == (403, "refused")


def test_an_answer_that_is_too_long_to_hold_streams_by() -> None:
    async def app(scope: Message, receive: Receive, send: Send) -> None:
        await _answer(send, b"a" * 40, b"b" * 40, b"c" * 40)

    gate = FakeGate(wants=True)
    sent = _run(gate, app, _scope("GET"))
    assert [len(message["body"]) for message in sent[1:]] == [80, 40]
    assert gate.answers == [None]


def test_an_answer_that_is_too_long_to_hold_is_edited_as_it_streams() -> None:
    async def app(scope: Message, receive: Receive, send: Send) -> None:
        await _answer(send, b"a" * 40, b"b" * 40, b"c" * 40)

    sent = _run(FakeGate(wants=True, editor=Shout()), app, _scope("GET"))
    assert _body(sent) == b"A" * 40 + b"B" * 40 + b"C" * 40 + b"!"
    assert b"content-length" not in dict(sent[0]["headers"])


def test_head_has_no_body_and_keeps_its_length() -> None:
    async def app(scope: Message, receive: Receive, send: Send) -> None:
        headers = [(b"content-length", b"12")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    sent = _run(FakeGate(wants=True), app, _scope("HEAD"))
    assert dict(sent[0]["headers"])[b"content-length"] == b"12"
    assert _body(sent) == b""


def test_the_app_is_told_what_the_guard_knows() -> None:
    seen: Message = {}

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        seen.update(scope)
        scope[FAILURE] = "upstream-timeout"
        await _answer(send, b"", status=504)

    gate = FakeGate()
    _run(gate, app, _scope("GET"))
    assert (seen[IDENTITY], seen[INCIDENT]) == (True, "abc")
    assert gate.ends == [(504, "failed", 0)]


def test_an_app_that_breaks_is_an_event_too() -> None:
    async def app(scope: Message, receive: Receive, send: Send) -> None:
        raise RuntimeError("broken")

    gate = FakeGate()
    with pytest.raises(RuntimeError):
        _run(gate, app, _scope("GET"))
    assert gate.ends == [(0, "failed", 0)]


def test_a_client_that_leaves_is_an_event_too() -> None:
    gate = FakeGate()

    async def run() -> None:
        async def receive() -> Message:
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            """Nobody is there."""

        await GuardMiddleware(echo, gate)(_scope(length=5), receive, send)

    asyncio.run(run())
    assert gate.refused == ["guard.body-broken"]  # a server that says this of a damaged body tells its client
    assert [end[1] for end in gate.ends] == ["gone"]


def test_a_target_that_the_server_does_not_give_is_made_from_the_path() -> None:
    seen: list[bytes] = []
    gate = FakeGate(change=lambda call: seen.append(call.target_path))

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        await _answer(send, b"")

    _run(gate, app, _scope("GET", raw_path=None, path="/a b/ü"))
    assert seen == [b"/a%20b/%C3%BC"]


def test_a_plain_answer_to_a_websocket_is_judged_like_any_other() -> None:
    sent: list[Message] = []

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        await send({"type": "websocket.http.response.start", "status": 200, "headers": [(b"x-secret", b"1")]})
        await send({"type": "websocket.http.response.body", "body": b"abc"})

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    def change(answer: Answer) -> None:
        answer.headers, answer.body = [], b"a"

    gate = FakeGate(wants=True, edit=change)
    scope: Message = {**_scope("GET"), "type": "websocket", "extensions": {"websocket.http.response": {}}}
    asyncio.run(GuardMiddleware(app, gate)(scope, receive, send))

    assert gate.answers == [b"abc"]
    assert [message["type"] for message in sent] == ["websocket.http.response.start", "websocket.http.response.body"]
    assert (sent[0]["headers"], sent[1]["body"]) == ([(b"content-length", b"1")], b"a")
    assert gate.ends == [(200, "passed", 0)]


def test_a_websocket_is_judged_at_its_handshake() -> None:
    async def app(scope: Message, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})

    for gate, types in (
        (FakeGate(), ["websocket.accept"]),
        (FakeGate(head=NO), ["websocket.http.response.start", "websocket.http.response.body"]),
    ):
        scope = _scope("GET", type="websocket", extensions={"websocket.http.response": {}})
        sent = _run(gate, app, scope, b"")
        assert [message["type"] for message in sent] == types
    plain = _run(FakeGate(head=NO), app, _scope("GET", type="websocket"), b"")
    assert plain == [{"type": "websocket.close", "code": 1008}]


def test_the_life_of_the_app_is_its_own() -> None:
    seen: list[str] = []

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])

    _run(FakeGate(), app, {"type": "lifespan"})
    assert seen == ["lifespan"]


def test_the_end_is_told_when_the_answer_has_gone_and_not_when_the_app_has_done_all_its_work() -> None:
    gate = FakeGate()
    ends: list[int] = []

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 201, "headers": []})
        await send({"type": "http.response.body", "body": b"ab", "more_body": True})
        ends.append(len(gate.ends))
        await send({"type": "http.response.body", "body": b"c"})
        ends.append(len(gate.ends))

    _run(gate, app, _scope())
    assert ends == [0, 1]
    assert gate.ends == [(201, "passed", 3)]


_DER = b"0\x03\x02\x01\x07"
_TELLS = {"client_cert_chain": (ssl.DER_cert_to_PEM_cert(_DER), "more")}


@pytest.mark.parametrize(
    ("told", "certificate"),
    [
        ({"extensions": {"tls": _TELLS}}, _DER),
        ({"apiward.certificate": _DER, "extensions": {}}, _DER),
        ({"extensions": {"tls": {**_TELLS, "client_cert_error": "it is not trusted"}}}, None),
        ({"extensions": {"tls": {"client_cert_chain": ()}}}, None),
        ({"extensions": {"tls": {"client_cert_chain": ["no certificate"]}}}, b""),
        ({"extensions": {}}, None),
        ({"extensions": None}, None),
        ({}, None),
    ],
)
def test_a_client_certificate_that_the_server_tells_is_judged(
    told: dict[str, object], certificate: bytes | None
) -> None:
    seen: list[bytes | None] = []
    gate = FakeGate(change=lambda call: seen.append(call.certificate))
    _run(gate, echo, {**_scope(length=1), **told}, b"a")
    assert seen == [certificate]


@pytest.mark.parametrize(
    ("fields", "seen"), [([], b"-"), ([(b"server", b"own")], b"own"), ([(b"x-server", b"a")], b"-")]
)
@pytest.mark.parametrize("gate", [FakeGate(), FakeGate(wants=True), FakeGate(wants=True, max_body=10)])
@pytest.mark.parametrize("size", [10, 200])
def test_an_answer_names_no_server_but_the_one_that_was_let_through(
    gate: FakeGate, fields: list[tuple[bytes, bytes]], seen: bytes, size: int
) -> None:
    async def app(scope: Message, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": fields})
        await send({"type": "http.response.body", "body": b"a" * size, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    bounds = Bounds(max_answer=50, name=b"-")
    sent = _run(gate, app, _scope("GET"), bounds=bounds)
    assert [value for name, value in sent[0]["headers"] if name == b"server"] == [seen]
    refused = _run(FakeGate(head=NO), app, _scope("GET"), bounds=bounds)
    assert [value for name, value in refused[0]["headers"] if name == b"server"] == [b"-"]


def test_where_no_name_is_given_the_server_in_front_names_itself() -> None:
    sent = _run(FakeGate(head=NO), echo, _scope("GET"))
    assert b"server" not in dict(sent[0]["headers"])
