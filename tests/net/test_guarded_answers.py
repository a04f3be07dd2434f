import pytest

from apiward.core.call import Answer, AnswerBlock, RawHeaders
from apiward.net.messages import Message, Receive, Send, WholeSender
from apiward.net.middleware import Bounds
from tests.net.gates import NO, FakeGate, Shout, answer_with, body_of, echo, run, scope_of


def test_the_head_of_an_answer_is_judged_before_it_is_sent() -> None:
    async def app(scope: Message, receive: Receive, send: Send) -> None:
        await answer_with(send, b"a" * 40, b"b" * 40)

    def edit(answer: Answer) -> None:
        answer.headers = [(b"x-a", b"1")]

    gate = FakeGate(edit=edit)
    sent = run(gate, app, scope_of("GET"))
    assert sent[0]["headers"] == [(b"x-a", b"1")]
    assert [len(message["body"]) for message in sent[1:]] == [40, 40]
    assert gate.answers == [None]
    assert gate.ends == [(200, "passed", 80)]


def test_a_whole_answer_is_judged_and_edited() -> None:
    async def app(scope: Message, receive: Receive, send: Send) -> None:
        await answer_with(send, b"secret", b" text")

    def edit(answer: Answer) -> None:
        answer.body = b"text"

    gate = FakeGate(wants=True, edit=edit)
    sent = run(gate, app, scope_of("GET"))
    assert gate.answers == [b"secret text"]
    assert body_of(sent) == b"text"
    assert dict(sent[0]["headers"])[b"content-length"] == b"4"


@pytest.mark.parametrize("wants", [True, False])
def test_an_answer_is_refused_whole(wants: bool) -> None:  # noqa: FBT001 - a parameter of the test
    async def app(scope: Message, receive: Receive, send: Send) -> None:
        await answer_with(send, b"secret", b" text")

    gate = FakeGate(wants=wants, out=NO)
    sent = run(gate, app, scope_of("GET"))
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    assert body_of(sent) == b"permit.no"
    assert gate.ends[0][:2] == (403, "refused")


def test_an_answer_that_is_too_long_to_hold_streams_by() -> None:
    async def app(scope: Message, receive: Receive, send: Send) -> None:
        await answer_with(send, b"a" * 40, b"b" * 40, b"c" * 40)

    gate = FakeGate(wants=True)
    sent = run(gate, app, scope_of("GET"))
    assert [len(message["body"]) for message in sent[1:]] == [80, 40]
    assert gate.answers == [None]


def test_an_answer_that_is_too_long_to_hold_is_edited_as_it_streams() -> None:
    async def app(scope: Message, receive: Receive, send: Send) -> None:
        await answer_with(send, b"a" * 40, b"b" * 40, b"c" * 40)

    sent = run(FakeGate(wants=True, editor=Shout()), app, scope_of("GET"))
    assert body_of(sent) == b"A" * 40 + b"B" * 40 + b"C" * 40 + b"!"
    assert b"content-length" not in dict(sent[0]["headers"])


def test_head_has_no_body_and_keeps_its_length() -> None:
    async def app(scope: Message, receive: Receive, send: Send) -> None:
        headers = [(b"content-length", b"12")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    sent = run(FakeGate(wants=True), app, scope_of("HEAD"))
    assert dict(sent[0]["headers"])[b"content-length"] == b"12"
    assert body_of(sent) == b""


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
    sent = run(gate, app, scope_of("GET"), bounds=bounds)
    assert [value for name, value in sent[0]["headers"] if name == b"server"] == [seen]
    refused = run(FakeGate(head=NO), app, scope_of("GET"), bounds=bounds)
    assert [value for name, value in refused[0]["headers"] if name == b"server"] == [b"-"]


def test_where_no_name_is_given_the_server_in_front_names_itself() -> None:
    sent = run(FakeGate(head=NO), echo, scope_of("GET"))
    assert b"server" not in dict(sent[0]["headers"])


def whole(
    gate: FakeGate, headers: RawHeaders, body: bytes, *, is_counted: bool = True, method: str = "GET"
) -> list[Message]:
    """Return what goes out where the app hands a whole answer over in one go."""

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        assert isinstance(send, WholeSender)
        await send.whole(200, headers, body, is_counted=is_counted)

    return run(gate, app, scope_of(method))


@pytest.mark.parametrize("wants", [True, False])
def test_an_answer_in_one_go_is_judged_like_any_other(wants: bool) -> None:  # noqa: FBT001 - a parameter of the test
    gate = FakeGate(wants=wants)
    sent = whole(gate, [(b"content-length", b"4"), (b"x-a", b"1")], b"text")
    assert sent[0]["headers"] == [(b"content-length", b"4"), (b"x-a", b"1")]
    assert body_of(sent) == b"text"
    assert gate.answers == [b"text" if wants else None]
    assert gate.ends == [(200, "passed", 4)]


def test_the_length_is_told_anew_where_it_was_not_or_is_another() -> None:
    def edit(answer: Answer) -> None:
        answer.body = b"ab"

    assert dict(whole(FakeGate(), [], b"text", is_counted=False)[0]["headers"]) == {b"content-length": b"4"}
    sent = whole(FakeGate(wants=True, edit=edit), [(b"content-length", b"4")], b"text")
    assert (sent[0]["headers"], body_of(sent)) == ([(b"content-length", b"2")], b"ab")


def test_to_head_goes_no_body_and_the_length_stays() -> None:
    sent = whole(FakeGate(), [(b"content-length", b"4")], b"", method="HEAD")
    assert (sent[0]["headers"], body_of(sent)) == ([(b"content-length", b"4")], b"")


def test_an_answer_in_one_go_is_refused_whole() -> None:
    sent = whole(FakeGate(out=NO), [(b"x-secret", b"1")], b"secret")
    assert b"x-secret" not in dict(sent[0]["headers"])
    assert body_of(sent) == b"permit.no"


def test_a_head_that_others_have_too_is_not_changed() -> None:
    block = AnswerBlock([(b"content-type", b"text/plain"), (b"content-length", b"1")])

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        assert isinstance(send, WholeSender)
        await send.whole(200, block, b"a", is_counted=True)

    sent = run(FakeGate(), app, scope_of("GET"), bounds=Bounds(name=b"-"))
    assert sent[0]["headers"] == [(b"content-type", b"text/plain"), (b"content-length", b"1"), (b"server", b"-")]
    assert sent[0]["headers"].__class__ is list
    assert len(block) == 2
