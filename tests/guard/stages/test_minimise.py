import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.call import Answer, Call
from apiward.core.decision import Decision, Effect
from apiward.core.jsonvalue import Json
from apiward.core.principal import Principal, PrincipalKind
from apiward.guard.stages.minimise import Minimise, MinimiseSettings, StreamedAnswer, Undeclared
from tests.guard.calls import answer, call, parts
from tests.guard.schemas import PASSWORD, TEXT, WHOLE, api, many, obj, operation

USER = obj({"id": WHOLE, "name": TEXT, "email": TEXT, "card_number": TEXT})
GET = operation("GET /users/{id}", USER)
LIST = operation("GET /users", many(USER))
LOG_IN = operation("POST /login", obj({"access_token": TEXT}), sent=obj({"email": TEXT, "password": PASSWORD}))
BARE = operation("GET /bare")
JO = Principal(PrincipalKind.USER, "7")
GOOD: Json = {"id": 1, "name": "Jo", "email": "jo@mail.example"}
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.c2lnbmF0dXJl"


def stage(settings: MinimiseSettings | None = None) -> Minimise:
    return Minimise(settings or MinimiseSettings(), parts(api=api(GET, LIST, LOG_IN, BARE)))


def get(principal: Principal = JO) -> Call:
    return call("GET", "/users/1", operation=GET, principal=principal)


def judged(made: Minimise, asked: Call, body: Json, status: int = 200) -> tuple[Decision, ...]:
    said = made.on_answer_body(asked, answer(status, json=body))
    return (said,) if isinstance(said, Decision) else said or ()


def shown(decisions: tuple[Decision, ...]) -> Json:
    edit = decisions[0].edit
    assert edit is not None
    assert edit.body is not None
    value: Json = json.loads(edit.body)
    assert value == edit.value
    return value


def test_a_sound_answer_passes() -> None:
    assert judged(stage(), get(), GOOD) == ()


def test_undeclared_fields_are_dropped() -> None:
    (decision,) = judged(stage(), get(), {**GOOD, "is_admin": True})  # type: ignore[dict-item]
    assert (decision.rule, decision.effect) == ("minimise.undeclared", Effect.EDIT)
    assert decision.place == "answer is_admin"
    assert shown((decision,)) == GOOD


def test_undeclared_fields_are_noted_or_kept_where_asked() -> None:
    body: Json = {"id": 1, "x": 1}
    noted = judged(stage(MinimiseSettings(undeclared=Undeclared.NOTE)), get(), body)
    assert [(d.rule, d.effect) for d in noted] == [("minimise.undeclared", Effect.NOTE)]
    assert judged(stage(MinimiseSettings(undeclared=Undeclared.KEEP)), get(), body) == ()


def test_where_nothing_is_declared_nothing_is_undeclared() -> None:
    assert judged(stage(), call("GET", "/bare", operation=BARE), {"anything": {"goes": 1}}) == ()
    assert judged(stage(), call("GET", "/unknown"), {"anything": {"goes": 1}}) == ()


def test_secrets_do_not_leave_described_or_not() -> None:
    body: Json = {"name": "Jo", "password_hash": "$2b$12$" + "a" * 53}
    for asked in (call("GET", "/bare", operation=BARE), call("GET", "/unknown")):
        decisions = judged(stage(), asked, body)
        assert [d.rule for d in decisions] == ["minimise.secret"]
        assert shown(decisions) == {"name": "Jo"}
    assert judged(stage(), get(), {"error": "x", "password": "hunter2x"}, 500)[0].rule == "minimise.secret"


def test_a_log_in_gives_its_token() -> None:
    asked = call("POST", "/login", operation=LOG_IN)
    assert judged(stage(), asked, {"access_token": JWT}) == ()
    assert judged(stage(), call("POST", "/v1/auth/login"), {"access_token": JWT, "refresh_token": JWT}) == ()


def test_tokens_of_people_in_a_list_are_a_leak() -> None:
    (decision,) = judged(stage(), call("GET", "/people"), [{"username": "jo", "token": JWT}])
    assert decision.rule == "minimise.secret"


def test_errors_about_a_password_pass() -> None:
    body: Json = {"errors": {"password": ["The password must have at least 8 characters."]}}
    assert judged(stage(), call("POST", "/register"), body, 422) == ()


def test_card_numbers_show_four_digits() -> None:
    decisions = judged(stage(), get(), {"id": 1, "card_number": "4111 1111 1111 1111"})
    assert [d.rule for d in decisions] == ["minimise.card"]
    assert shown(decisions) == {"id": 1, "card_number": "…1111"}
    assert judged(stage(), get(), {"id": 1, "card_number": "…1111"}) == ()


def test_personal_data_by_role() -> None:
    made = stage(MinimiseSettings(mask=("email",), see={"staff": ("email",)}))
    decisions = judged(made, get(), GOOD)
    assert [d.rule for d in decisions] == ["minimise.personal"]
    assert shown(decisions) == {"id": 1, "name": "Jo", "email": "j…@m….example"}
    assert judged(made, get(Principal(PrincipalKind.USER, "1", roles=frozenset({"staff"}))), GOOD) == ()


def test_long_lists_are_noted_or_cut() -> None:
    body: list[Json] = [{"id": number, "name": "x" * 20} for number in range(12)]
    asked = call("GET", "/users", operation=LIST, principal=JO)
    (noted,) = judged(stage(MinimiseSettings(max_items=10)), asked, body)
    assert (noted.rule, noted.effect) == ("minimise.long-list", Effect.NOTE)
    decisions = judged(stage(MinimiseSettings(max_items=10, cut_lists=True)), asked, body)
    assert shown(decisions) == body[:10]
    assert judged(stage(), asked, body) == ()


def test_which_answers_are_wanted() -> None:
    made = stage()
    json_type = {"content-type": "application/json"}
    assert made.wants_answer(get(), answer(200, headers=json_type))
    assert made.wants_answer(get(), answer(500, headers={"content-type": "application/problem+json"}))
    assert made.wants_answer(get(), answer(200, headers={"content-type": "text/html; charset=utf-8"}))
    assert not made.wants_answer(call("GET", "/page"), answer(200, headers={"content-type": "text/html"}))
    assert not made.wants_answer(get(), answer(200, headers={"content-type": "image/png"}))
    assert not made.wants_answer(get(), answer(304, headers=json_type))
    assert not made.wants_answer(call("HEAD", "/users/1", operation=GET), answer(200, headers=json_type))


def test_a_long_answer_is_edited_as_it_streams() -> None:
    made = stage()
    asked = call("GET", "/users", operation=LIST, principal=JO)
    head = Answer(200, [(b"content-type", b"application/json")])
    editor = made.stream_editor(asked, head)
    assert editor is not None
    body = json.dumps([{"id": number, "name": "Jo", "salt": "x"} for number in range(100)]).encode()
    out = [editor.feed(body[at : at + 100]) for at in range(0, len(body), 100)]
    assert json.loads(b"".join([*out, editor.end()])) == [{"id": number, "name": "Jo"} for number in range(100)]
    assert isinstance(editor, StreamedAnswer)
    assert [(d.rule, d.effect, d.saw) for d in editor.said()] == [("minimise.undeclared", Effect.NOTE, "100 found")]
    assert made.stream_editor(asked, Answer(200, [(b"content-type", b"image/png")])) is None


def test_what_a_stream_cannot_judge_does_not_leave_and_is_said() -> None:
    for body, left in ((b"[1, oops, 2]", b"[1,2]"), (b'[1] {"password": "hunter2x"}', b"[1]")):
        editor = stage().stream_editor(call("GET", "/x"), Answer(200, [(b"content-type", b"application/json")]))
        assert isinstance(editor, StreamedAnswer)
        assert editor.feed(body) + editor.end() == left
        assert [d.rule for d in editor.said()] == ["minimise.left-out"]


def test_unknown_kinds_are_said() -> None:
    with pytest.raises(ValueError, match=r"see\.staff: there is no kind 'mail'"):
        MinimiseSettings(see={"staff": ("mail",)})


@given(st.binary(max_size=300), st.sampled_from([200, 400, 500]))
def test_no_bytes_raise(body: bytes, status: int) -> None:
    made = stage()
    for asked in (get(), call("GET", "/unknown")):
        made.on_answer_body(asked, answer(status, headers={"content-type": "application/json"}, body=body))


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.integers() | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["name", "password", "token", "card_number", "x", "errors"]), inner)
    ),
    max_leaves=20,
)


@given(_JSON)
def test_twice_is_once(value: Json) -> None:
    made = stage(MinimiseSettings(mask=("email", "phone", "card-number", "health", "iban")))
    first = judged(made, get(), value)
    once = shown(first) if first else value
    assert not [d for d in judged(made, get(), once) if d.rule != "minimise.card"]


@given(_JSON, st.integers(1, 60))
def test_piece_by_piece_is_the_same_as_at_once(value: Json, size: int) -> None:
    made = stage()
    for asked in (get(), call("GET", "/users", operation=LIST, principal=JO), call("GET", "/unknown")):
        at_once = judged(made, asked, value)
        editor = made.stream_editor(asked, Answer(200, [(b"content-type", b"application/json")]))
        assert editor is not None
        body = json.dumps(value).encode()
        pieces = [editor.feed(body[at : at + size]) for at in range(0, len(body), size)]
        left = json.loads(b"".join([*pieces, editor.end()]))
        assert left == (shown(at_once) if at_once and at_once[0].edit else value)


def test_a_packed_answer_is_looked_into() -> None:
    headers = {"content-type": "application/json", "content-encoding": "gzip"}
    body = json.dumps({**GOOD, "x": 1}).encode()  # type: ignore[dict-item]
    said = stage().on_answer_body(get(), answer(200, headers=headers, body=gzip.compress(body)))
    assert isinstance(said, tuple)
    assert shown(said) == GOOD
    assert said[0].edit is not None
    assert b"content-encoding" in said[0].edit.removed
    assert stage().on_answer_body(get(), answer(200, headers=headers, body=gzip.compress(b'{"id": 1}'))) is None


def test_what_cannot_be_read_is_said() -> None:
    said = stage().on_answer_body(get(), answer(200, headers={"content-type": "application/json"}, body=b"\x1f\x8b"))
    assert isinstance(said, Decision)
    assert (said.rule, said.effect) == ("minimise.unread", Effect.NOTE)
    assert stage().on_answer_body(get(), answer(200, headers={"content-type": "text/html"}, body=b"<p>")) is None
