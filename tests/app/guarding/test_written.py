import asyncio

import pytest

from apiward.app.guarding.cases import Case, WrittenAnswer
from apiward.app.guarding.written import UnansweredError, WrittenExchange
from apiward.net.messages import Message

ANSWER = WrittenAnswer(201, [(b"a", b"b")], b"body")


def test_the_head_is_that_of_the_case() -> None:
    headers = [(b"host", b"shop.test"), (b"a", b"1"), (b"a", b"2")]
    case = Case(1, "PUT", "/a%2fb?x=1?2", headers, client="203.0.113.7", scheme="https", http_version="2")
    scope = WrittenExchange(case).scope("192.0.2.1")
    assert (scope["type"], scope["method"], scope["raw_path"], scope["query_string"]) == (
        "http",
        "PUT",
        b"/a%2fb",
        b"x=1?2",
    )
    assert scope["headers"] == headers
    assert (scope["client"][0], scope["scheme"], scope["http_version"]) == ("203.0.113.7", "https", "2")
    assert WrittenExchange(Case(1, "GET", "/", [])).scope("192.0.2.1")["client"][0] == "192.0.2.1"
    assert WrittenExchange(Case(1, "GET", "/", [], scheme="ws")).scope("")["type"] == "websocket"


def test_the_body_comes_once() -> None:
    exchange = WrittenExchange(Case(1, "POST", "/", [], b"x"))

    async def read() -> list[Message]:
        return [await exchange.receive(), await exchange.receive()]

    first, then = asyncio.run(read())
    assert first == {"type": "http.request", "body": b"x", "more_body": False}
    assert then == {"type": "http.disconnect"}


def test_the_answer_is_the_one_that_was_written_down() -> None:
    exchange = WrittenExchange(Case(1, "GET", "/", [], answer=ANSWER))
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)
        await exchange.send(message)

    asyncio.run(exchange.answer({"type": "http"}, exchange.receive, send))
    assert [message.get("status") or message.get("body") for message in sent] == [201, b"body"]
    assert exchange.status == 201


@pytest.mark.parametrize(("kind", "answer"), [("http", None), ("websocket", ANSWER)])
def test_no_answer(kind: str, answer: WrittenAnswer | None) -> None:
    exchange = WrittenExchange(Case(1, "GET", "/", [], answer=answer))
    with pytest.raises(UnansweredError):
        asyncio.run(exchange.answer({"type": kind}, exchange.receive, exchange.send))
