"""A caller sends one call with exactly one credential, and the scan's extra headers."""

import asyncio

from apiward.core.account import Credential
from apiward.core.api import Place
from apiward.core.exchange import Request
from apiward.scan.calling.arguments import Arguments
from apiward.scan.calling.caller import Caller
from apiward.scan.calling.traffic import Budget, Traffic
from tests.scan.operations import op
from tests.scan.senders import FakeSender, Waits, answer


def _caller(sender: FakeSender) -> Caller:
    traffic = Traffic(sender, Budget(), clock=lambda: 0.0, wait=Waits())
    return Caller("http://api.test/base", traffic, (("X-Scan", "apiward"), ("accept", "text/plain")))


def test_a_call_carries_its_credential_and_the_extra_headers() -> None:
    sender = FakeSender([answer()])
    token = Credential(Place.HEADER, "Authorization", "t", "Bearer ")
    operation = op("GET /users/{id}")
    asyncio.run(_caller(sender).call(operation, Arguments(path={"id": 7}), token, headers=(("X-One", "1"),)))
    (sent,) = sender.sent
    assert sent.url == "http://api.test/base/users/7"
    assert sent.header("authorization") == "Bearer t"
    assert [value for name, value in sent.headers if name.lower() == "accept"] == ["text/plain"]
    assert (sent.header("x-scan"), sent.header("x-one")) == ("apiward", "1")


def test_without_a_credential_nothing_is_shown() -> None:
    sender = FakeSender([answer()])
    asyncio.run(_caller(sender).call(op("GET /users"), Arguments()))
    assert sender.sent[0].header("authorization") is None


def test_a_request_is_sent_as_it_is() -> None:
    sender = FakeSender([answer()])
    asyncio.run(_caller(sender).send(Request("TRACE", "http://api.test/x", (("A", "b"),), b"body")))
    assert (sender.sent[0].method, sender.sent[0].body) == ("TRACE", b"body")


def test_the_first_exchange_that_sets_a_cookie_is_kept() -> None:
    lines = ("sid=abc; HttpOnly", "gone=; Max-Age=0", "no cookie", "sid=def")
    sender = FakeSender([answer(headers=(("Set-Cookie", line),)) for line in lines])
    caller = _caller(sender)
    for _ in lines:
        asyncio.run(caller.send(Request("GET", "http://api.test/x")))
    assert list(caller.cookies_set) == ["sid"]
    response = caller.cookies_set["sid"].response
    assert response is not None
    assert response.header("set-cookie") == "sid=abc; HttpOnly"
