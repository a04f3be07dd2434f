import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.decision import Decision, Effect
from apiward.guard.stages.conceal import Conceal, ConcealSettings, ServerErrors
from tests.guard.calls import answer, call, parts

TRACE = 'Traceback (most recent call last):\n  File "app.py", line 3, in x\nKeyError'
JSON = {"content-type": "application/json"}
HTML = {"content-type": "text/html"}


def stage(settings: ConcealSettings | None = None) -> Conceal:
    return Conceal(settings or ConcealSettings(), parts())


def judged(status: int, body: str, headers: dict[str, str] = JSON, *, query: str = "") -> Decision | None:
    return stage().on_answer_body(call("GET", f"/a{query}"), answer(status, headers=headers, body=body.encode()))


def test_headers_that_name_programs_go() -> None:
    edit = stage().on_answer_head(call(), answer(headers={"Server": "x/1.2", "X-Powered-By": "y", "date": "z"}))
    assert edit is not None
    assert edit.removed == {b"server", b"x-powered-by"}
    assert stage().on_answer_head(call(), answer(headers={"date": "z", "x-request-id": "1"})) is None


def test_headers_by_setting() -> None:
    headers = {"server": "x", "x-own": "1"}
    kept = stage(ConcealSettings(keep_headers=("Server",), more_headers=("X-Own",)))
    edit = kept.on_answer_head(call(), answer(headers=headers))
    assert edit is not None
    assert edit.removed == {b"x-own"}
    assert stage(ConcealSettings(headers=False)).on_answer_head(call(), answer(headers=headers)) is None


@pytest.mark.parametrize(
    ("status", "body", "headers", "rule"),
    [
        (500, TRACE, {"content-type": "text/plain"}, "conceal.trace"),
        (400, json.dumps({"error": TRACE}), JSON, "conceal.trace"),
        (500, '{"error": "UNIQUE constraint failed: users.email"}', JSON, "conceal.database"),
        (404, '{"error": "ENOENT: /home/shop/files/1"}', JSON, "conceal.path"),
        (502, "<html><h1>Bad gateway</h1></html>", HTML, "conceal.server-error"),
        (500, '{"message": "x", "stack_trace": ["a"]}', JSON, "conceal.server-error"),
    ],
)
def test_errors_that_tell_too_much(status: int, body: str, headers: dict[str, str], rule: str) -> None:
    decision = judged(status, body, headers)
    assert decision is not None
    assert (decision.rule, decision.effect) == (rule, Effect.EDIT)


@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [
        (500, '{"detail": "Internal Server Error"}', JSON),
        (503, '{"error": "maintenance", "retry": 60}', JSON),
        (500, "Internal Server Error", {"content-type": "text/plain"}),
        (404, '{"path": "/app/orders/1", "detail": "Not found"}', JSON),
        (422, '{"errors": {"line": "is missing", "trace": "is wrong"}}', JSON),
        (404, "<html><h1>Not found</h1></html>", HTML),
        (200, json.dumps({"n": 1}), JSON),
    ],
)
def test_errors_that_do_not(status: int, body: str, headers: dict[str, str]) -> None:
    assert judged(status, body, headers) is None


def test_what_the_caller_sent_is_no_leak() -> None:
    assert judged(400, '{"error": "no file /home/jo/x.txt"}', query="?file=/home/jo/x.txt") is None
    assert judged(400, '{"error": "no file /home/jo/x.txt"}') is not None


def test_the_replacement_is_a_problem_with_the_incident() -> None:
    asked = call()
    asked.incident = "abc123"
    decision = stage().on_answer_body(asked, answer(500, headers=HTML, body=TRACE.encode()))
    assert decision is not None
    assert decision.edit is not None
    assert decision.edit.body is not None
    problem = json.loads(decision.edit.body)
    assert (problem["status"], problem["incident"]) == (500, "abc123")
    assert b"Traceback" not in decision.edit.body
    assert dict(decision.edit.added)[b"content-type"] == b"application/problem+json"


def test_a_trace_in_a_good_answer_is_noted() -> None:
    decision = judged(200, json.dumps({"log": TRACE}))
    assert decision is not None
    assert (decision.rule, decision.effect) == ("conceal.trace-in-answer", Effect.NOTE)


def test_how_much_is_replaced() -> None:
    short = answer(500, headers=JSON, body=b'{"detail": "x"}')
    page = answer(500, headers=HTML, body=b"<p>x</p>")
    assert stage(ConcealSettings(server_errors=ServerErrors.ALL)).on_answer_body(call(), short) is not None
    assert stage(ConcealSettings(server_errors=ServerErrors.LEAKS)).on_answer_body(call(), page) is None


def test_which_answers_are_wanted() -> None:
    made = stage()
    assert made.wants_answer(call(), answer(500, headers=HTML))
    assert made.wants_answer(call(), answer(404))
    assert not made.wants_answer(call(), answer(200, headers=JSON))
    assert not made.wants_answer(call(), answer(404, headers={"content-type": "image/png"}))
    assert not made.wants_answer(call("HEAD"), answer(500, headers=HTML))


@given(st.binary(max_size=300), st.sampled_from([200, 404, 500]))
def test_no_bytes_raise(body: bytes, status: int) -> None:
    stage().on_answer_body(call(), answer(status, headers=JSON, body=body))


def test_a_long_error_is_withheld_as_it_streams() -> None:
    editor = stage().stream_editor(call(), answer(500, headers=HTML, body=None))
    assert editor is not None
    out = [editor.feed((TRACE + "\n").encode() * 50) for _ in range(40)]
    shown = b"".join([*out, editor.end()])
    assert json.loads(shown)["status"] == 500
    assert stage().stream_editor(call(), answer(200, headers=HTML, body=None)) is None


def test_a_packed_error_is_looked_into() -> None:
    headers = {"content-type": "text/plain", "content-encoding": "gzip"}
    decision = stage().on_answer_body(call(), answer(500, headers=headers, body=gzip.compress(TRACE.encode())))
    assert decision is not None
    assert decision.rule == "conceal.trace"
