from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from apiward.core.schema import Schema
from apiward.scan.checks.inventory.answer_drift import CHECK
from apiward.scan.proofs.drift import differences
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.small_api import Case, Json, Pair, Said, SmallApi

PROFILE: Json = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string"},
        "years": {"type": "integer"},
        "share": {"type": "number"},
        "note": {"type": "string", "nullable": True},
        "tags": {"type": "array", "items": {"type": "string"}},
    },
}


def answering(value: Json, schema: Json = PROFILE, *, status: int = 200, described: str = "200") -> Pair:
    """Return an API with one operation that answers with a value, described by a schema."""
    api = SmallApi(has_accounts=False)
    api.route("GET", "/coach", lambda _: Said(value, status), secured=False)
    content = {"application/json": {"schema": schema}}
    api.paths["/coach"]["get"]["responses"] = {described: {"description": "ok", "content": content}}
    return api.pair()


TRIGGERS: tuple[Case, ...] = (
    ("a list, described as object", partial(answering, [{"name": "a"}])),
    ("an object, described as list", partial(answering, {"name": "a"}, {"type": "array", "items": PROFILE})),
    ("text for a number", partial(answering, {"name": "a", "years": "twelve"})),
    ("wrong inside a list", partial(answering, {"name": "a", "tags": ["x", 5]})),
    ("a property is missing", partial(answering, {"years": 12})),
    ("a password that is not described", partial(answering, {"name": "a", "password_hash": "x"})),
    ("a status that is not described", partial(answering, {"name": "a"}, status=202)),
    ("null where it may not be", partial(answering, {"name": None})),
)
SILENT: tuple[Case, ...] = (
    ("as described", partial(answering, {"name": "a", "years": 12, "share": 1, "note": None, "tags": ["x"]})),
    ("a harmless property more", partial(answering, {"name": "a", "nickname": "b"})),
    ("any status of the kind", partial(answering, {"name": "a"}, status=202, described="2XX")),
    (
        "a tuple",
        partial(answering, [1, "a"], {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}]}),
    ),
    ("one of several kinds", partial(answering, {"b": 1}, {"oneOf": [PROFILE, {"type": "object"}]})),
)


@pytest.mark.parametrize(("name", "make"), TRIGGERS, ids=[name for name, _ in TRIGGERS])
def test_fires(name: str, make: Callable[[], Pair]) -> None:
    assert broken_at(make, CHECK)


@pytest.mark.parametrize(("name", "make"), SILENT, ids=[name for name, _ in SILENT])
def test_stays_silent(name: str, make: Callable[[], Pair]) -> None:
    assert looked_at(make, CHECK)
    assert not broken_at(make, CHECK)


def test_what_a_subtype_adds_is_described() -> None:
    cat = Schema(types=("object",), properties={"password_hint": Schema()})
    pet = Schema(types=("object",), properties={"name": Schema()}, is_open=False)
    assert differences(pet, {"name": "a", "password_hint": "b"})
    assert not differences(replace(pet, subtypes=[cat]), {"name": "a", "password_hint": "b"})
