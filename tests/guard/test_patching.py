import math
import tomllib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.guard.patching import Patch, PatchError, PatchKind, operation_key, read_patch
from tests.guard.schemas import api, operation

PLAIN = {"id": "p1", "operation": "PATCH /users/{id}", "kind": "property-absent", "target": "body.role"}
API = api(operation("PATCH /users/{id}"))


def test_a_patch_comes_from_toml_and_goes_back() -> None:
    text = """
    id = "p1"
    finding = "f-12"
    operation = "PATCH /users/{id}"
    kind = "require-role"
    roles = ["staff"]
    owner = "Jo"
    reason = "until the update"
    expires = 2027-01-31T12:00:00Z
    """
    patch = read_patch(tomllib.loads(text))
    assert patch.kind is PatchKind.REQUIRE_ROLE
    assert patch.roles == ("staff",)
    assert patch.expires_s == datetime(2027, 1, 31, 12, tzinfo=UTC).timestamp()
    assert read_patch(patch.as_mapping()) == patch


def test_values_and_dates_in_other_forms() -> None:
    fixed = read_patch({**PLAIN, "kind": "property-fixed", "value": 1, "expires": 0})
    assert fixed.fixed_value == 1
    assert fixed.expires_s == 0
    assert read_patch({**PLAIN, "expires": "2027-01-31"}).expires_s == datetime(2027, 1, 31, tzinfo=UTC).timestamp()
    assert Patch(id="a", operation="GET /a").expires_s is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"id": ""}, "id is missing"),
        ({"operation": "users"}, "operation: 'users' is none"),
        ({"kind": "block"}, "kind: 'block' is none of require-principal"),
        ({"colour": "red"}, "colour: there is no such key"),
        ({"target": ""}, "target: is missing"),
        ({"target": "role"}, "is no place"),
        ({"target": "query.role"}, "looks at the body"),
        ({"roles": ["a"]}, "roles: does not belong"),
        ({"roles": "a"}, "roles: must be a list"),
        ({"expires": "soon"}, "expires: 'soon' is no date"),
        ({"expires": []}, "expires: must be a date"),
        ({"owner": 7}, "owner: must be a text"),
        ({"kind": "property-fixed", "value": "user"}, "no JSON"),
        ({"kind": "parameter-max", "target": "query.limit", "most": "9"}, "most: must be a number"),
        ({"kind": "own-object", "target": "body.id"}, "looks at the path"),
        ({"kind": "parameter-pattern", "target": "query.a", "pattern": "x" * 501}, "is longer"),
    ],
)
def test_what_is_wrong_is_said(change: dict[str, object], said: str) -> None:
    with pytest.raises(PatchError, match=said):
        read_patch({**PLAIN, **change})


def test_the_operation_must_be_there() -> None:
    assert operation_key(read_patch(PLAIN), API) == "PATCH /users/{id}"
    with pytest.raises(PatchError, match="did you mean"):
        operation_key(read_patch({**PLAIN, "operation": "PATCH /user/{id}"}), API)


_VALUES = st.text(max_size=10) | st.integers() | st.floats() | st.lists(st.text(max_size=3)) | st.none() | st.booleans()


@given(st.dictionaries(st.sampled_from([*PLAIN, "roles", "most", "value", "expires", "pattern"]), _VALUES))
def test_nothing_but_a_patch_error_is_raised(change: dict[str, object]) -> None:
    try:
        patch = read_patch({**PLAIN, **change})
    except PatchError:
        return
    assert math.isnan(patch.most) or read_patch(patch.as_mapping()) == patch


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"kind": "require-role"}, "roles: is missing"),
        ({"kind": "properties-only", "names": []}, "names: is missing"),
        ({"kind": "stages-on", "stages": ["walls"]}, "'walls' is no stage"),
        ({"kind": "answer-without", "target": "body.x"}, "is no place in an answer"),
        ({"kind": "same-answer", "statuses": ["a"]}, "statuses: must be a list of numbers"),
        ({"kind": "same-answer", "statuses": [200], "status": "x"}, "status: must be a whole number"),
        ({"kind": "same-answer", "every": 1}, "every: must be true or false"),
        ({"kind": "same-answer", "statuses": [200], "status": 200, "value": "No."}, "no JSON"),
        ({"kind": "require-principal", "operation": "* /a/**"}, "is for one operation"),
        ({"kind": "method-off", "operation": "* /a/**/b"}, "stands at the end only"),
    ],
)
def test_slips_of_the_newer_kinds_are_told(given: dict[str, object], said: str) -> None:
    with pytest.raises(PatchError, match=said):
        read_patch({"id": "p1", "operation": "GET /a", **given})


@pytest.mark.parametrize(
    "given",
    [
        {"kind": "credential-issued", "operation": "* /api/**"},
        {"kind": "method-off", "operation": "TRACE /**"},
        {"kind": "stages-on", "operation": "* /**", "stages": ["harden"]},
        {"kind": "answer-without", "target": "answer.user.password"},
        {"kind": "same-answer", "statuses": [200, 404], "status": 200, "value": '{"a": 1}', "every": True},
        {"kind": "properties-only", "names": ["a", "b.c"]},
        {"kind": "require-role", "principals": ["user:anna"]},
        {"kind": "ends-sessions"},
    ],
)
def test_newer_kinds_come_from_toml_and_go_back(given: dict[str, object]) -> None:
    patch = read_patch({"id": "p1", "operation": "GET /a", **given})
    assert read_patch(patch.as_mapping()) == patch


def test_whether_its_time_is_over() -> None:
    patch = read_patch({**PLAIN, "expires": "2027-01-31"})
    assert patch.expires_s is not None
    assert patch.has_ended(patch.expires_s)
    assert not patch.has_ended(patch.expires_s - 1)
    assert not read_patch(PLAIN).has_ended(1e12)
