import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.call import Answer, RawHeaders
from apiward.core.decision import Effect
from apiward.core.jsonvalue import Json, NotJson
from apiward.guard.answers.patched import answer_change, is_read_whole
from apiward.guard.patching import Patch, PatchKind

WITHOUT = Patch(id="w", operation="GET /me", kind=PatchKind.ANSWER_WITHOUT, target="answer.user.password")
NO = '{"status": "fail", "message": "No."}'
ALIKE = Patch(id="s", operation="POST /login", kind=PatchKind.SAME_ANSWER, statuses=(200, 404), status=200, value=NO)
RESET = Patch(
    id="r", operation="POST /forgot", kind=PatchKind.SAME_ANSWER, statuses=(200,), status=200, value=NO, every=True
)


def answer(body: Json, status: int = 200, headers: RawHeaders | None = None) -> Answer:
    return Answer(status, headers or [(b"content-type", b"application/json")], json.dumps(body).encode())


def left(patch: Patch, body: Json, status: int = 200) -> Json:
    said = answer_change(patch)(answer(body, status))
    if said is None:
        return body
    assert said.edit is not None
    assert said.effect is Effect.EDIT
    assert not isinstance(said.edit.value, NotJson)
    assert json.loads(said.edit.body or b"") == said.edit.value
    return said.edit.value


def test_a_field_is_taken_out_in_lists_too() -> None:
    assert left(WITHOUT, {"user": {"name": "a", "Password": "x"}}) == {"user": {"name": "a"}}
    assert left(WITHOUT, [{"user": [{"password": "x"}, {"name": "b"}]}]) == [{"user": [{}, {"name": "b"}]}]


@pytest.mark.parametrize("body", [{"user": {"name": "a"}}, {"password": "elsewhere"}, [1, 2], "text", None])
def test_an_answer_without_the_field_stays(body: Json) -> None:
    assert answer_change(WITHOUT)(answer(body)) is None


def test_an_error_stays_and_what_is_no_json_is_held_back() -> None:
    assert answer_change(WITHOUT)(answer({"user": {"password": "x"}}, 404)) is None
    said = answer_change(WITHOUT)(Answer(200, [], b"<html>"))
    assert said is not None
    assert (said.rule, said.effect) == ("patches.unread-answer", Effect.DENY)


def test_refusals_become_alike_and_good_answers_stay() -> None:
    alike = {"status": "fail", "message": "No."}
    assert left(ALIKE, {"status": "fail", "message": "Wrong password."}) == alike
    assert left(ALIKE, {"detail": "Unknown."}, 404) == alike
    assert left(ALIKE, {"status": "success", "token": "t"}) == {"status": "success", "token": "t"}
    assert left(ALIKE, {"detail": "Slow down."}, 429) == {"detail": "Slow down."}


def test_good_answers_become_alike_too_where_that_is_asked_for() -> None:
    assert left(RESET, {"status": "ok", "message": "On its way."}) == {"status": "fail", "message": "No."}


def test_headers_that_tell_the_cases_apart_go() -> None:
    said = answer_change(ALIKE)(answer({"status": "fail"}))
    assert said is not None
    assert said.edit is not None
    assert {b"set-cookie", b"www-authenticate"} <= said.edit.removed


def test_whether_an_answer_is_there() -> None:
    assert is_read_whole(answer({}))
    assert is_read_whole(Answer(204, []))
    assert is_read_whole(Answer(200, [(b"content-length", b"0")]))
    assert not is_read_whole(Answer(200, []))


@given(st.binary(max_size=200))
def test_no_bytes_raise(body: bytes) -> None:
    for patch in (WITHOUT, ALIKE):
        answer_change(patch)(Answer(200, [(b"content-type", b"application/json")], body))
        answer_change(patch)(Answer(200, [(b"content-encoding", b"gzip")], body))
