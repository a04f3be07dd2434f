import asyncio
import json
import ssl

import pytest

from apiward.core.call import Answer
from apiward.net.messages import FAILURE, Message, Receive, Send
from apiward.net.middleware import IDENTITY, INCIDENT, GuardMiddleware
from tests.net.gates import NO, FakeGate, answer_with, body_of, echo, run, scope_of


def test_a_request_passes_as_it_came() -> None:
    gate = FakeGate()
    sent = run(gate, echo, scope_of(length=4), b"ab", b"cd")
    assert json.loads(body_of(sent)) == {"body": "abcd", "pieces": 1, "client": "192.0.2.1", "headers": 2}
    assert gate.bodies == [b"abcd"]
    assert gate.ends == [(200, "passed", len(body_of(sent)))]


def test_the_app_is_told_what_the_guard_knows() -> None:
    seen: Message = {}

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        seen.update(scope)
        scope[FAILURE] = "upstream-timeout"
        await answer_with(send, b"", status=504)

    gate = FakeGate()
    run(gate, app, scope_of("GET"))
    assert (seen[IDENTITY], seen[INCIDENT]) == (True, "abc")
    assert gate.ends == [(504, "failed", 0)]


def test_an_app_that_breaks_is_an_event_too() -> None:
    async def app(scope: Message, receive: Receive, send: Send) -> None:
        raise RuntimeError("broken")

    gate = FakeGate()
    with pytest.raises(RuntimeError):
        run(gate, app, scope_of("GET"))
    assert gate.ends == [(0, "failed", 0)]


def test_a_client_that_leaves_is_an_event_too() -> None:
    gate = FakeGate()

    async def go() -> None:
        async def receive() -> Message:
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            """Nobody is there."""

        await GuardMiddleware(echo, gate)(scope_of(length=5), receive, send)

    asyncio.run(go())
    assert gate.refused == ["guard.body-broken"]  # a server that says this of a damaged body tells its client
    assert [end[1] for end in gate.ends] == ["gone"]


def test_a_target_that_the_server_does_not_give_is_made_from_the_path() -> None:
    seen: list[bytes] = []
    gate = FakeGate(change=lambda call: seen.append(call.target_path))

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        await answer_with(send, b"")

    run(gate, app, scope_of("GET", raw_path=None, path="/a b/ü"))
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
    scope: Message = {**scope_of("GET"), "type": "websocket", "extensions": {"websocket.http.response": {}}}
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
        scope = scope_of("GET", type="websocket", extensions={"websocket.http.response": {}})
        sent = run(gate, app, scope, b"")
        assert [message["type"] for message in sent] == types
    plain = run(FakeGate(head=NO), app, scope_of("GET", type="websocket"), b"")
    assert plain == [{"type": "websocket.close", "code": 1008}]


def test_the_life_of_the_app_is_its_own() -> None:
    seen: list[str] = []

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])

    run(FakeGate(), app, {"type": "lifespan"})
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

    run(gate, app, scope_of())
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
    run(gate, echo, {**scope_of(length=1), **told}, b"a")
    assert seen == [certificate]
