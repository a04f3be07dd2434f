import pytest

from apiward.core.jsonvalue import Json
from apiward.inspection.members import inspect_member


@pytest.mark.parametrize(
    ("name", "value", "attack"),
    [
        ("$ne", None, "nosql"),
        ("$GT", "", "nosql"),
        ("user[$regex]", "^a", "nosql"),
        ("__proto__", {"admin": True}, "prototype"),
        ("a.__proto__.b", 1, "prototype"),
        ("a[__proto__][b]", "1", "prototype"),
        ("constructor[prototype][x]", "1", "prototype"),
        ("constructor", {"prototype": {"admin": True}}, "prototype"),
        ("@type", "com.sun.rowset.JdbcRowSetImpl", "object"),
        ("$type", "System.Diagnostics.Process, System", "object"),
    ],
)
def test_names_that_attack(name: str, value: Json, attack: str) -> None:
    hit = inspect_member(name, value)

    assert hit is not None
    assert hit.attack == attack


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("$ref", "#/a"),
        ("$schema", "x"),
        ("$type", "circle"),
        ("@type", "Person"),
        ("@context", "https://schema.org"),
        ("@class", "btn"),
        ("filter[price]", "1"),
        ("constructor", "Ferrari"),
        ("constructor", {"team": "x"}),
        ("prototype", True),
        ("proto", "http"),
        ("price", 1),
    ],
)
def test_names_that_do_not(name: str, value: Json) -> None:
    assert inspect_member(name, value) is None
