import pytest

from apiward.app.guarding.access import explain_access, permit_mode
from apiward.config.errors import AdvisedError
from apiward.config.guarding import GuardConfig, parse_guard
from apiward.core.api import Api, Operation
from apiward.core.decision import Mode
from apiward.core.principal import ANONYMOUS, Principal, PrincipalKind

API = Api("Shop", "1", (Operation("GET", "/orders/{id}"), Operation("POST", "/orders")))
TEXT = """
[guard.modes]
permit = "enforce"
[[guard.permit.roles]]
name = "staff"
grants = ["GET /orders/*"]
[[guard.exceptions]]
operation = "POST /orders"
modes = { permit = "watch" }
"""
ANNA = Principal(PrincipalKind.USER, "anna", "anna", roles=frozenset({"staff"}))


def config(text: str = TEXT) -> GuardConfig:
    found, problems = parse_guard(text)
    assert not problems
    return found


def test_who_may_and_who_may_not() -> None:
    may = explain_access(config(), API, ANNA, "GET", "/orders/%C3%A91")
    assert (may.is_allowed, may.operation, may.rule) == (True, "GET /orders/{id}", "role staff")
    may_not = explain_access(config(), API, ANONYMOUS, "GET", "/orders/1")
    assert not may_not.is_allowed
    assert may_not.would_allow == ("role staff: the role staff",)


def test_the_mode_is_that_of_the_operation() -> None:
    post = explain_access(config(), API, ANNA, "POST", "/orders")
    assert permit_mode(config(), post, "POST", "/orders") is Mode.WATCH
    get = explain_access(config(), API, ANNA, "GET", "/orders/1")
    assert permit_mode(config(), get, "GET", "/orders/1") is Mode.ENFORCE


def test_a_path_that_nobody_gets_through() -> None:
    with pytest.raises(AdvisedError, match="refused, whoever asks"):
        explain_access(config(), API, ANNA, "GET", "/orders/../admin")
