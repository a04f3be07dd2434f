import json
from typing import Any

import pytest

from apiward.app.discovering import passing_learner
from apiward.core.exchange import Exchange, Failure, Request, Response
from apiward.prove.har import har_pieces
from apiward.spec.samples.reading import read_input

SENT = Request(
    "POST", "http://h/notes?tag=a%20b&tag=", (("Content-Type", "application/json"),), b'{"text": "t\xc3\xa9"}'
)
ANSWER = Response(201, (("Content-Type", "application/json"), ("Location", "/notes/1")), b'{"id": 1}')
DONE = Exchange(SENT, ANSWER, started_s=1_700_000_000.25, elapsed_s=0.0123456)


def _text(*exchanges: Exchange, comment: str = "") -> str:
    return "".join(har_pieces(exchanges, version="1.2.3", comment=comment))


def _log(*exchanges: Exchange, comment: str = "") -> dict[str, Any]:
    log: dict[str, Any] = json.loads(_text(*exchanges, comment=comment))["log"]
    return log


def test_a_file_of_nothing_is_whole() -> None:
    log = _log(comment="3 left out")
    assert (log["version"], log["creator"], log["comment"], log["entries"]) == (
        "1.2",
        {"name": "apiward", "version": "1.2.3"},
        "3 left out",
        [],
    )


def test_each_exchange_is_an_entry_with_all_that_the_format_asks_for() -> None:
    first, second = _log(DONE, DONE)["entries"]
    assert first == second
    assert first["startedDateTime"] == "2023-11-14T22:13:20.250+00:00"
    assert (first["time"], first["timings"]) == (12.346, {"send": 0, "wait": 12.346, "receive": 0})
    assert first["cache"] == {}
    request, response = first["request"], first["response"]
    assert {"method", "url", "httpVersion", "cookies", "headers", "queryString", "headersSize", "bodySize"} <= set(
        request
    )
    assert request["queryString"] == [{"name": "tag", "value": "a b"}, {"name": "tag", "value": ""}]
    assert request["postData"] == {"mimeType": "application/json", "text": '{"text": "t\u00e9"}'}
    assert {"cookies", "headers", "httpVersion", "headersSize", "bodySize"} <= set(response)
    assert (response["status"], response["statusText"], response["redirectURL"]) == (201, "Created", "/notes/1")
    assert response["content"] == {"size": 9, "mimeType": "application/json", "text": '{"id": 1}'}


def test_what_never_came_and_what_was_cut_are_told() -> None:
    lost = Exchange(SENT, failure=Failure.TIMEOUT, failure_detail="not within 1 s")
    cut = Exchange(Request("GET", "http://[broken"), Response(599, (), b"a\xff", is_cut=True))
    one, other = (entry["response"] for entry in _log(lost, cut)["entries"])
    assert (one["status"], one["_error"]) == (0, "timeout: not within 1 s")
    assert "_error" not in other
    assert (other["statusText"], other["content"]["comment"], other["content"]["text"]) == ("", "cut", "a\ufffd")


@pytest.mark.parametrize("status", [200, 201])
def test_our_own_reader_reads_it(status: int) -> None:
    exchange = Exchange(SENT, Response(status, ANSWER.headers, ANSWER.body))
    api = read_input(_text(exchange, exchange).encode(), source="scan.har", learner=passing_learner, target="http://h")
    assert [operation.key for operation in api.operations] == ["POST /notes"]
