import math

import pytest

from apiward.classify.kinds import Kind
from apiward.core.jsonvalue import Json
from apiward.core.schema import Schema
from apiward.guard.answers.caring import Policy
from apiward.guard.answers.quiet import Glance
from apiward.guard.answers.shapes import compile_shape
from apiward.guard.answers.trimming import Limits, Trimmed, Trimmer
from tests.guard.schemas import PASSWORD, TEXT, many, obj

HASH = "$2b$12$" + "a" * 53


POLICY = Policy()
LIMITS = Limits()


def trim(value: Json, *schemas: Schema, policy: Policy = POLICY, limits: Limits = LIMITS) -> tuple[Json, Trimmed]:
    found = Trimmed()
    trimmer = Trimmer(policy, Glance(policy, max_items=math.inf), limits, lambda _: True)
    shape = compile_shape(schemas, policy, is_closed=True)
    return trimmer.trimmed(value, shape, found, looks_at_texts=True), found


def test_undeclared_properties_go() -> None:
    shown, found = trim({"a": "x", "b": 1, "c": {"d": 1}}, obj({"a": TEXT}))
    assert shown == {"a": "x"}
    assert found.counts == {"minimise.undeclared": 2}
    assert list(found.places["minimise.undeclared"]) == ["b", "c"]


def test_undeclared_properties_are_only_noted_where_asked() -> None:
    shown, found = trim({"a": "x", "b": 1}, obj({"a": TEXT}), limits=Limits(drops_undeclared=False))
    assert shown == {"a": "x", "b": 1}
    assert not found.is_changed


def test_a_secret_goes_and_leaves_a_sign_where_it_is_required() -> None:
    assert trim({"password": "hunter2x"}, obj({"password": TEXT}))[0] == {}
    assert trim({"password": "hunter2x"}, obj({"password": TEXT}, required=("password",)))[0] == {"password": "…"}
    assert trim({"key": "abc"}, obj({"key": PASSWORD}))[0] == {}


def test_lists_of_secrets_are_emptied() -> None:
    shown, _ = trim(
        {"users": [{"email": "jo@a.test", "api_key": "a1b2c3d4e5f6a7b8"}], "backup_codes": ["a1b2c3d4", "e5f6a7b8"]}
    )
    assert shown == {"users": [{"email": "jo@a.test"}], "backup_codes": []}


def test_a_pair_goes_by_its_name() -> None:
    shown, _ = trim([{"name": "password", "value": "hunter2x"}, {"name": "colour", "value": "red"}])
    assert shown == [{"name": "password"}, {"name": "colour", "value": "red"}]


def test_the_rest_of_a_text_stays() -> None:
    shown, found = trim({"note": f"old {HASH}, paid with 4111 1111 1111 1111 on Monday"})
    assert shown == {"note": "old …(20+), paid with …1111 on Monday"}
    assert found.counts == {"minimise.secret": 1}


def test_a_number_becomes_a_sign() -> None:
    assert trim({"card_number": 4111111111111111})[0] == {"card_number": "…1111"}


def test_personal_data_is_masked_by_kind() -> None:
    policy = Policy(masked=frozenset({Kind.EMAIL, Kind.PHONE}))
    shown, found = trim({"email": "jo@mail.example", "phone": "+44 20 7946 0199", "name": "Jo"}, policy=policy)
    assert shown == {"email": "j…@m….example", "phone": "…99", "name": "Jo"}
    assert found.counts == {"minimise.personal": 2}


def test_long_lists_are_cut_where_asked() -> None:
    shown, found = trim([1, 2, 3], many(TEXT), limits=Limits(max_items=2, cuts_lists=True))
    assert shown == [1, 2]
    assert found.counts == {"minimise.long-list": 1}


@pytest.mark.parametrize("value", [None, True, 7, 7.5, "", [], {}, {"password": None}, {"password": ""}])
def test_what_holds_nothing_stays(value: Json) -> None:
    shown, found = trim(value)
    assert shown == value
    assert not found.counts


def test_tokens_of_things_stay_and_counts_of_tokens_too() -> None:
    value: Json = [{"url": "https://a.test", "token": "a1b2c3d4e5f6a7b8", "cached_tokens": 12345678}]
    assert trim(value)[0] == value
    assert trim(value, many(obj({"url": TEXT, "token": TEXT, "cached_tokens": TEXT})))[0] == value
    people = many(obj({"email": TEXT, "token": TEXT}))
    assert trim([{"email": "jo@a.test", "token": "a1b2c3d4e5f6a7b8"}], people)[0] == [{"email": "jo@a.test"}]


def test_a_code_in_digits_is_a_secret() -> None:
    assert trim({"reset_code": 123456})[0] == {}
