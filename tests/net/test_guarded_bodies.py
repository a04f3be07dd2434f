import asyncio
import json

import pytest

from apiward.core.call import BodyKind, Call
from apiward.net.messages import Message, Receive, Send
from apiward.net.middleware import Bounds, GuardMiddleware
from tests.net.gates import NO, FakeGate, answer_with, body_of, echo, run, scope_of


@pytest.mark.parametrize("gate", [FakeGate(head=NO), FakeGate(body=NO)])
def test_a_refused_request_never_reaches_the_app(gate: FakeGate) -> None:
    async def app(scope: Message, receive: Receive, send: Send) -> None:
        raise AssertionError("reached")

    sent = run(gate, app, scope_of(length=2), b"ab")
    assert (sent[0]["status"], body_of(sent)) == (403, b"permit.no")
    assert gate.ends == [(403, "refused", 9)]


def test_a_request_without_a_body_is_judged_without_waiting_for_one() -> None:
    async def app(scope: Message, receive: Receive, send: Send) -> None:
        await answer_with(send, b"ok")

    gate = FakeGate()
    assert body_of(run(gate, app, scope_of("GET"))) == b"ok"
    assert gate.bodies == [b""]


def test_a_body_that_is_too_large_is_refused() -> None:
    gate = FakeGate(max_body=3)
    sent = run(gate, echo, scope_of(length=9), b"abcdef", b"ghi")
    assert body_of(sent) == b"guard.body-too-large"
    assert gate.bodies == []


def test_a_body_that_is_too_large_is_judged_in_part_where_nothing_is_refused() -> None:
    gate = FakeGate(max_body=3, lets_large=True)
    sent = run(gate, echo, scope_of(length=9), b"abcdef", b"ghi")
    assert json.loads(body_of(sent))["body"] == "abcdefghi"
    assert gate.bodies == [b"abcdef"]


def test_a_body_that_comes_too_slowly_is_refused() -> None:
    async def receive_nothing(scope: Message, receive: Receive, send: Send) -> None:
        raise AssertionError("reached")

    sent = run(FakeGate(), receive_nothing, scope_of(length=9), bounds=Bounds(body_timeout_s=0.01))
    assert body_of(sent) == b"guard.body-too-slow"


def test_an_upload_streams_to_the_app() -> None:
    gate = FakeGate(kind=BodyKind.BINARY, max_body=3)
    sent = run(gate, echo, scope_of(length=9), b"abcdef", b"ghi")
    assert json.loads(body_of(sent))["body"] == "abcdefghi"
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

    sent = run(gate, app, scope_of(length=9), b"abc", b"bad", b"ghi")
    assert got == passed
    assert body_of(sent) == b"permit.no"
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

    async def go() -> None:
        pieces: list[Message] = [{"type": "http.request", "body": b"ab", "more_body": True}]

        async def receive() -> Message:
            if not pieces and last is None:
                await asyncio.sleep(3600)
            return pieces.pop() if pieces else {"type": last}

        async def send(message: Message) -> None:
            sent.append(message)

        await GuardMiddleware(app, gate, bounds=Bounds(body_timeout_s=0.01))(scope_of(length=9), receive, send)

    asyncio.run(go())
    assert gate.refused == [rule]
    assert [end[1] for end in gate.ends] == [outcome]
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]


def test_an_edited_body_goes_on_with_its_own_length() -> None:
    def change(call: Call) -> None:
        call.body = b"new"
        call.headers = [(b"host", b"a"), (b"x-new", b"1"), (b"content-length", b"3")]
        call.client = "198.51.100.7"

    sent = run(FakeGate(change=change), echo, scope_of(length=2), b"ab")
    assert json.loads(body_of(sent)) == {"body": "new", "pieces": 1, "client": "198.51.100.7", "headers": 3}
