"""Probes refuse strangers and let those in who are logged in, in whatever way they say so."""

import asyncio
import json
import random
from collections.abc import Callable

import pytest

from apiward.core.account import Credential
from apiward.core.api import Api, Operation, Place
from apiward.core.exchange import Exchange, Headers, Request, Response
from apiward.scan.calling.arguments import Arguments
from apiward.scan.calling.caller import Caller
from apiward.scan.calling.traffic import Budget, Traffic
from apiward.scan.identities.personas import invent
from apiward.scan.identities.probing import Probe, find_probes
from tests.scan.operations import op
from tests.scan.senders import FakeSender, Waits

GOOD = Credential(Place.HEADER, "Authorization", "good", "Bearer ")
BAD = Credential(Place.HEADER, "Authorization", "bad", "Bearer ")
Refusal = tuple[int, object]
Answers = Callable[[Request], tuple[int, object]]


def _caller(answers: Answers) -> tuple[Caller, FakeSender]:
    def respond(request: Request) -> Exchange:
        status, body = answers(request)
        headers: Headers = (("Location", "/login"),) if status == 302 else ()
        return Exchange(request, Response(status, headers, json.dumps(body).encode()))

    sender = FakeSender([respond])
    return Caller("http://api.test", Traffic(sender, Budget(), clock=lambda: 0.0, wait=Waits())), sender


def _guarded(refusal: Refusal) -> Answers:
    return lambda request: (200, {"id": 1}) if request.header("authorization") == "Bearer good" else refusal


def _found(answers: Answers, *operations: Operation, reads_only: bool = True) -> list[Probe]:
    caller, _ = _caller(answers)
    api = Api("t", "1", operations)
    return asyncio.run(find_probes(caller, api, invent(random.Random(1)), reads_only=reads_only))


@pytest.mark.parametrize(
    "refusal",
    [
        (401, {"detail": "no"}),
        (403, {"detail": "no"}),
        (302, ""),
        (200, {"status": "fail", "message": "Please log in"}),
        (400, {"message": "token is missing"}),
    ],
)
def test_a_probe_tells_who_is_logged_in(refusal: Refusal) -> None:
    (probe,) = _found(_guarded(refusal), op("GET /me"))
    caller, _ = _caller(_guarded(refusal))
    assert asyncio.run(probe.ask(caller, GOOD))[0] is True
    assert asyncio.run(probe.ask(caller, BAD))[0] is False
    assert asyncio.run(probe.ask(caller, None))[0] is False


def test_a_doubtful_answer_says_neither() -> None:
    refused = Exchange(Request("GET", "http://api.test/me"), Response(401))
    caller, _ = _caller(lambda _: (500, {}))
    assert asyncio.run(Probe(op("GET /me"), Arguments(), refused).ask(caller, GOOD))[0] is None


def test_what_is_open_to_everybody_is_no_probe() -> None:
    assert _found(lambda _: (200, []), op("GET /products")) == []


def test_the_callers_own_page_comes_first_and_staff_last() -> None:
    found = _found(_guarded((401, {})), op("GET /admin/users"), op("GET /orders"), op("GET /me"))
    assert [probe.operation.path for probe in found] == ["/me", "/orders", "/admin/users"]


def test_nothing_dangerous_and_nothing_of_accounts_is_asked() -> None:
    caller, sender = _caller(_guarded((401, {})))
    operations = (op("GET /reset"), op("GET /logout"), op("POST /orders", body="title", secured=True), op("GET /a"))
    asyncio.run(find_probes(caller, Api("t", "1", operations), invent(random.Random(1)), reads_only=True))
    assert [request.url for request in sender.sent] == ["http://api.test/a"]


def test_a_large_api_is_asked_only_a_few_questions() -> None:
    caller, sender = _caller(_guarded((401, {})))
    api = Api("t", "1", tuple(op(f"GET /things{number}") for number in range(500)))
    asyncio.run(find_probes(caller, api, invent(random.Random(1)), reads_only=True))
    assert len(sender.sent) <= 30


def _worded_alike(request: Request) -> tuple[int, object]:
    if request.header("authorization") == "Bearer good":
        return 404, {"error": {"message": "no such user"}}
    return 401, {"error": {"message": "no such token"}}


def _always_missing(request: Request) -> tuple[int, object]:
    is_named = request.header("authorization") is not None
    return (404 if is_named else 401), {"error": {"message": "no"}}


def test_not_found_in_the_words_of_a_refusal_is_told_apart_by_a_made_up_credential() -> None:
    (probe,) = _found(_worded_alike, op("GET /user/{username}"))
    caller, _ = _caller(_worded_alike)
    assert asyncio.run(probe.ask(caller, GOOD))[0] is True
    assert asyncio.run(probe.ask(caller, BAD))[0] is False


def test_not_found_for_every_credential_is_a_refusal() -> None:
    (probe,) = _found(_always_missing, op("GET /user/{username}"))
    caller, _ = _caller(_always_missing)
    assert asyncio.run(probe.ask(caller, GOOD))[0] is False
