import asyncio
import base64
import hashlib
import hmac

import pytest

from apiward.core.exchange import Failure, Response
from apiward.core.outgoing import NotSentError, RefusedError
from apiward.net.forwarding.posting import HttpDestination, batch_id, shown_address
from apiward.net.signed_posts import key_of
from tests.net.forwarding.made import NOW_S, Answers, record

OK = Response(204)


def made(answers: Answers, *, secret: str = "") -> HttpDestination:
    return HttpDestination(
        answers, "https://logs.example/hook/t0k3n?a=b", clock=lambda: NOW_S, headers=(("X-A", "b"),), secret=secret
    )


def test_records_are_lines_of_one_request() -> None:
    answers = Answers(OK)
    assert asyncio.run(made(answers).send([record(1), record(2)])) == ""
    (request,) = answers.requests
    assert (request.method, request.url) == ("POST", "https://logs.example/hook/t0k3n?a=b")
    assert request.body == b'{"n":1}\n{"n":2}\n'
    assert request.header("content-type") == "application/x-ndjson"
    assert (request.header("x-a"), request.header("webhook-signature")) == ("b", None)


def test_the_same_records_again_have_the_same_name() -> None:
    answers = Answers(OK)
    for some in ([record(1), record(2)], [record(1), record(2)], [record(1)]):
        asyncio.run(made(answers).send(some))
    first, second, third = (request.header("webhook-id") for request in answers.requests)
    assert first == second == batch_id([record(1), record(2)])
    assert third != first


@pytest.mark.parametrize(("secret", "key"), [("plain words", b"plain words"), ("whsec_AAEC", bytes([0, 1, 2]))])
def test_a_secret_signs_name_time_and_body(secret: str, key: bytes) -> None:
    answers = Answers(OK)
    asyncio.run(made(answers, secret=secret).send([record(1)]))
    (request,) = answers.requests
    assert request.header("webhook-timestamp") == "1800000000"
    signed = f"{request.header('webhook-id')}.1800000000.".encode() + request.body
    wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert request.header("webhook-signature") == f"v1,{wanted}"


def test_a_secret_that_is_cut_is_told() -> None:
    with pytest.raises(ValueError, match="base64"):
        key_of("whsec_AAE")


@pytest.mark.parametrize("answer", [Failure.TIMEOUT, Response(401), Response(404), Response(429), Response(503)])
def test_what_may_be_put_right_is_tried_again(answer: Response | Failure) -> None:
    with pytest.raises(NotSentError) as caught:
        asyncio.run(made(Answers(answer)).send([record()]))
    assert "t0k3n" not in str(caught.value)
    assert caught.value.wait_s == 0.0


@pytest.mark.parametrize("status", [400, 413, 422])
def test_what_is_wrong_with_the_records_is_refused(status: int) -> None:
    with pytest.raises(RefusedError, match=str(status)):
        asyncio.run(made(Answers(Response(status))).send([record()]))


@pytest.mark.parametrize(("after", "wait_s"), [("7", 7.0), ("99999", 3_600.0), ("soon", 0.0)])
def test_who_asks_for_time_gets_it(after: str, wait_s: float) -> None:
    with pytest.raises(NotSentError) as caught:
        asyncio.run(made(Answers(Response(429, (("Retry-After", after),)))).send([record()]))
    assert caught.value.wait_s == wait_s


def test_its_name_shows_no_token() -> None:
    assert made(Answers(OK)).name == "https://logs.example"
    asyncio.run(made(Answers(OK)).aclose())


def test_an_address_is_shown_without_what_may_be_secret() -> None:
    assert shown_address("https://who:pass@logs.example:9/hook/t0k3n?a=b") == "https://logs.example:9"
    assert shown_address("https://:pass@logs.example") == "https://logs.example"
