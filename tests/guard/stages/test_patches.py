import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.call import Call
from apiward.core.decision import Effect
from apiward.guard.patching import Patch, PatchError, PatchKind
from apiward.guard.stages.patches import Patches, PatchesSettings
from tests.guard.calls import call, parts
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
