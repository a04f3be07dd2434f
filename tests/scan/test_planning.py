import asyncio
import json

import pytest

from apiward.catalogue.costs import Costs, load_costs
from apiward.catalogue.loading import load_catalogue
from apiward.core.api import Api
from apiward.core.exchange import Exchange, Request
from apiward.demo.description import document
from apiward.scan.calling.traffic import Budget
from apiward.scan.engine import Scan, ScanSettings
from apiward.scan.level import Level
from apiward.scan.planning import Plan
from apiward.scan.registry import CHECKS
from apiward.spec.reading import read_description
from tests.demo.twins import scan_demo
from tests.scan.harness import description, operation

PATHS = {
    "/register": {"post": operation(body={"username": "string", "password": "string"}, summary="Sign up")},
    "/login": {"post": operation(body={"username": "string", "password": "string"}, summary="Log in")},
    "/notes": {"get": operation(secured=True), "post": operation(body={"text": "string"}, secured=True)},
    "/notes/{note_id}": {"get": operation(path=["note_id"], secured=True)},
    "/reset-database": {"post": operation()},
}


class Nobody:
    """Sends nothing."""

    async def send(self, request: Request, *, timeout_s: float | None = None) -> Exchange:
        raise AssertionError(f"{request.url} was asked for")


def _plan(level: Level, *, only: frozenset[str] = frozenset(), budget: int = 9_000) -> Plan:
    api = read_description(json.dumps(description(PATHS)).encode(), source="here")
    return _planned(api, ScanSettings(level=level, only_operations=only, budget=Budget(requests=budget)))


def _planned(api: Api, settings: ScanSettings) -> Plan:
    scan = Scan(
        api,
        "http://api.test",
        CHECKS,
        settings,
        sender=Nobody(),
        catalogue=load_catalogue(),
        clock=lambda: 0,
        wait=asyncio.sleep,
    )
    return scan.plan()


def test_a_plan_names_what_would_be_done_and_sends_nothing() -> None:
    plan = _plan(Level.FULL)
    assert plan.items["OBJ01"] == ("GET /notes/{note_id}",)
    assert set(plan.items["AUT01"]) == {"GET /notes", "POST /notes", "GET /notes/{note_id}"}
    assert plan.above == {}
    assert plan.sign_ups == ("POST /register",)
    assert [key for key, _ in plan.left_alone] == ["POST /reset-database"]
    assert (plan.operations, plan.entries, plan.budget) == (5, 1, 9_000)
    assert {"AUT07", "CFG03"} <= set(plan.later)
    assert plan.runs == sum(map(len, plan.items.values())) > 30


def test_at_level_read_nobody_is_signed_up_and_what_needs_more_is_told() -> None:
    plan = _plan(Level.READ)
    assert plan.sign_ups == ()
    assert {"PRO01", "RES01"} <= set(plan.above)
    assert (plan.needed["PRO01"], plan.needed["RES01"]) == ("write", "full")
    assert set(plan.items) & set(plan.above) == set()


def test_a_choice_of_operations_narrows_the_plan() -> None:
    plan = _plan(Level.FULL, only=frozenset({"GET /notes/{note_id}"}))
    assert {key for keys in plan.items.values() for key in keys} == {"GET /notes/{note_id}"}


def test_requests_are_guessed_from_what_they_cost_elsewhere() -> None:
    plan = Plan(
        operations=5,
        level=Level.WRITE,
        items={"OBJ01": ("a", "b"), "NEW01": ("a",)},
        above={"RES01": ("a",)},
        needed={},
        later=("AUT07", "CFG03"),
        entries=3,
        sign_ups=(),
        left_alone=(),
        budget=1_000,
    )
    costs = Costs({"OBJ01": 2.0, "AUT07": 10.0, "CFG03": 0.0, "RES01": 100.0}, looking=1.0, making=3.0, operations=94)
    assert plan.requests(costs) == 5 * 3 + 2 * 2 + 28 + 3 * 10 + 0
    assert _plan(Level.FULL, budget=50).requests(costs) == 50


@pytest.mark.long
def test_a_scan_makes_no_check_that_its_plan_does_not_name() -> None:
    report = scan_demo((), seed=1).report
    made = {item.check for item in report.items}
    api = read_description(json.dumps(document()).encode(), source="here")
    plan = _planned(api, ScanSettings(level=Level.FULL))
    told = {*plan.items, *plan.above, *plan.later}
    # the demo's GraphQL is found beside its description
    assert {code for code in made - told if not code.startswith("GQL")} == set()
    assert 0.5 < plan.requests(load_costs()) / report.request_count < 2
