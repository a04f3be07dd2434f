import pytest

from apiward.core.api import Body
from apiward.core.schema import Schema
from apiward.guard.shapes.bodies import BodyCompiler, JsonRules, is_nothing
from apiward.guard.shapes.faults import Fault
from apiward.guard.shapes.settings import Handling, Handlings
from tests.guard.calls import call

STRICT = Handlings(Handling.REFUSE, Handling.REFUSE)
SCHEMA = Schema(types=("object",), properties={"a": Schema(types=("string",))})
FORM = "application/x-www-form-urlencoded"


def test_bodies_of_one_schema_share_what_is_compiled() -> None:
    compiler = BodyCompiler()
    first = compiler.rules((Body("application/json", SCHEMA),), STRICT)
    second = compiler.rules((Body("application/merge-patch+json", SCHEMA),), STRICT)
    assert first is not None
    assert second is not None
    assert isinstance(first.json, JsonRules)
    assert first.json is second.json
    other = compiler.rules((Body("application/json", SCHEMA),), Handlings(Handling.ALLOW, Handling.REFUSE))
    assert other is not None
    assert other.json is not first.json
    assert compiler.rules((), STRICT) is None


@pytest.mark.parametrize(
    ("declared", "sent", "is_taken"),
    [
        ("application/json", "application/json; charset=utf-8", True),
        ("application/json", "APPLICATION/JSON", True),
        ("application/json", "application/hal+json", True),
        ("application/json", "text/plain", False),
        ("application/json", FORM, False),
        (FORM, "multipart/form-data; boundary=x", True),
        ("text/*", "text/csv", True),
        ("text/*", "application/csv", False),
        ("*/*", "application/anything", True),
    ],
)
def test_types_are_taken_or_not(declared: str, sent: str, is_taken: bool) -> None:  # noqa: FBT001 - a table
    rules = BodyCompiler().rules((Body(declared, Schema()),), STRICT)
    assert rules is not None
    asked = call("POST", body=b"{}", headers={"content-type": sent})
    for _ in range(2):
        fault = rules.found(asked)
        assert (isinstance(fault, Fault) and fault.rule == "content-type") is not is_taken


def test_only_bodies_that_are_looked_into_are_wanted() -> None:
    rules = BodyCompiler().rules((Body("application/json", SCHEMA), Body("image/png")), STRICT)
    assert rules is not None
    assert rules.wants(call("POST", headers={"content-type": "application/json"}))
    assert rules.wants(call("POST"))
    assert not rules.wants(call("POST", headers={"content-type": "image/png"}))


def test_bodies_that_say_nothing() -> None:
    assert all(is_nothing(body) for body in (b"", b" {} ", b"null", b"[]\n"))
    assert not any(is_nothing(body) for body in (b"{ }x", b"0", b" " * 100 + b"{}"))
