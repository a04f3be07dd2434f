import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.call import Answer, Call
from apiward.core.decision import Effect
from apiward.guard.patching import Patch, PatchError, PatchKind
from apiward.guard.stages.patches import Patches, PatchesSettings
from tests.guard.calls import FakeAuthenticator, call, parts
from tests.guard.schemas import api, operation

USERS, OTHER = operation("PATCH /users/{id}"), operation("GET /other")
ROLE = Patch(id="p1", operation="PATCH /users/{id}", kind=PatchKind.PROPERTY_ABSENT, target="body.role")
LOGGED_IN = Patch(id="p2", operation="PATCH /users/{id}", kind=PatchKind.REQUIRE_PRINCIPAL)


def stage(*patches: Patch) -> Patches:
    return Patches(PatchesSettings(patches), parts(api=api(USERS, OTHER)))


def send(body: bytes = b'{"role": 1}', started_s: float = 0.0) -> Call:
    headers = {"content-type": "application/json"}
    return call("PATCH", "/users/1", operation=USERS, headers=headers, body=body, started_s=started_s)


def test_a_patch_holds_for_its_operation_alone() -> None:
    made = stage(ROLE)
    said = made.on_body(send())
    assert said is not None
    assert (said.rule, said.place, said.saw) == ("patches.value", "body.role", "patch p1")
    assert made.on_body(call("GET", "/other", operation=OTHER, json={"role": 1})) is None
    assert made.on_body(send(b'{"name": 1}')) is None


def test_the_body_is_wanted_only_where_a_patch_looks_at_it() -> None:
    assert stage(ROLE).wants_body(send())
    assert not stage(LOGGED_IN).wants_body(send())
    assert not stage(ROLE).wants_body(call("GET", "/other", operation=OTHER))


def test_who_calls_is_judged_before_the_body() -> None:
    said = stage(LOGGED_IN).on_head(send())
    assert said is not None
    assert said.rule == "patches.principal"
    assert stage(ROLE).on_head(send()) is None


def test_a_patch_that_has_ended_is_noted_once() -> None:
    ended = Patch(id="p3", operation=USERS.key, kind=PatchKind.METHOD_OFF, expires="2027-01-31")
    assert ended.expires_s is not None
    made = stage(ended, LOGGED_IN)
    before = made.on_head(send(started_s=ended.expires_s - 1))
    assert before is not None
    assert before.rule == "patches.off"
    made = stage(ended)
    noted = made.on_head(send(started_s=ended.expires_s))
    assert noted is not None
    assert (noted.rule, noted.effect, noted.saw) == ("patches.ended", Effect.NOTE, "p3")
    assert made.on_head(send(started_s=ended.expires_s)) is None


def test_a_patch_for_nothing_is_said_at_the_start() -> None:
    with pytest.raises(PatchError, match="the description has no 'GET /nothing'"):
        stage(Patch(id="p4", operation="GET /nothing", kind=PatchKind.REQUIRE_PRINCIPAL))


@given(st.binary(max_size=200))
def test_no_bytes_raise(body: bytes) -> None:
    stage(ROLE, LOGGED_IN).on_body(send(body))


def test_a_wide_patch_holds_for_what_it_covers_and_for_what_nobody_described() -> None:
    made = stage(Patch(id="p5", operation="* /old/**", kind=PatchKind.METHOD_OFF))
    said = made.on_head(call("GET", "/Old/notes/"))
    assert said is not None
    assert said.rule == "patches.hidden"
    assert made.on_head(call("GET", "/older")) is None
    assert made.on_head(send()) is None


def test_a_single_address_within_a_described_path_is_refused_alone() -> None:
    made = Patches(
        PatchesSettings((Patch(id="p6", operation="* /users/_export"),)), parts(api=api(operation("GET /users/{id}")))
    )
    one = operation("GET /users/{id}")
    assert made.on_head(call("GET", "/users/_export", operation=one)) is not None
    assert made.on_head(call("GET", "/users/7", operation=one)) is None


def test_answers_are_changed_one_after_another() -> None:
    me = operation("GET /other")
    patches = [
        Patch(id=name, operation=me.key, kind=PatchKind.ANSWER_WITHOUT, target=f"answer.{name}") for name in ("a", "b")
    ]
    made = stage(*patches)
    asked = call("GET", "/other", operation=me)
    answer = Answer(200, [(b"content-type", b"application/json")], b'{"a": 1, "b": 2, "c": 3}')
    assert made.wants_answer(asked, answer)
    said = made.on_answer_body(asked, answer)
    assert said is not None
    assert said[-1].edit is not None
    assert said[-1].edit.value == {"c": 3}
    assert made.on_answer_head(asked, answer) is None
    assert "on_answer_body" not in made.silent_phases(me)
    assert "on_answer_body" in made.silent_phases(USERS)


def test_an_answer_that_is_too_long_to_be_changed_does_not_leave() -> None:
    me = operation("GET /other")
    made = stage(Patch(id="p7", operation=me.key, kind=PatchKind.ANSWER_WITHOUT, target="answer.a"))
    said = made.on_answer_head(call("GET", "/other", operation=me), Answer(200, []))
    assert said is not None
    assert said.rule == "patches.unread-answer"
    assert made.on_answer_head(call("GET", "/other", operation=me), Answer(404, [])) is None


def test_after_its_end_an_answer_leaves_as_it_is() -> None:
    me = operation("GET /other")
    old = Patch(id="p8", operation=me.key, kind=PatchKind.ANSWER_WITHOUT, target="answer.a", expires="2027-01-31")
    asked = call("GET", "/other", operation=me, started_s=4e9)
    assert stage(old).on_answer_body(asked, Answer(200, [], b'{"a": 1}')) is None


@pytest.mark.parametrize(("status", "ended"), [(204, 1), (422, 0)])
def test_a_change_of_password_that_worked_ends_the_other_sessions(status: int, ended: int) -> None:
    authenticator = FakeAuthenticator()
    change = Patch(id="p9", operation=USERS.key, kind=PatchKind.ENDS_SESSIONS)
    made = Patches(PatchesSettings((change,)), parts(api=api(USERS), authenticator=authenticator))
    made.on_answer_head(send(), Answer(status, []))
    assert len(authenticator.ended) == ended
