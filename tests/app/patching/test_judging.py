from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from apiward.app.patching.cases import WHOLE_API, Rule
from apiward.app.patching.judging import After, Seen, judge
from apiward.core.finding import Finding
from apiward.core.scan_report import CheckedItem, ScanReport
from apiward.core.verdict import Outcome
from tests.app.patching.made import exchange, finding

KEY = "GET /notes/{id}"
READ = finding("OBJ01", KEY, exchange("GET", "/notes/3"))
RULE = Rule("object", {"id": "note"}, (READ.id,))
OFF = Rule("patch", {"id": "off", "kind": "method-off"}, (READ.id,))
EMPTY = ScanReport(
    "http://x",
    datetime(2027, 1, 1, tzinfo=UTC),
    1.0,
    1,
    "full",
    "",
    "",
    (KEY, "GET /other"),
    (),
    (),
    (),
    (),
    (),
    (),
    (),
    (),
)


def report(*outcomes: Outcome, key: str = KEY, answered: bool = True, found: tuple[Finding, ...] = ()) -> ScanReport:
    items = tuple(CheckedItem("OBJ01", key, outcome, f"said {outcome}") for outcome in outcomes)
    return replace(EMPTY, items=items, findings=found, operations_answered=(KEY,) if answered else ())


def after(made: ScanReport, *, rule: Rule = RULE, shut: Mapping[str, bool] | None = None, one: Finding = READ) -> After:
    return judge(one, [rule], Seen(made, frozenset({KEY}), shut or {})).after


def test_what_the_check_calls_sound_is_held() -> None:
    held = judge(READ, [RULE], Seen(report(Outcome.HOLDS), frozenset(), {}))
    assert held.is_held
    assert held.saw == "said holds"


def test_the_same_weakness_at_the_same_operation_is_broken_wherever_it_shows() -> None:
    elsewhere = replace(READ, place="query id")
    assert after(report(Outcome.BROKEN, found=(elsewhere,))) is After.BROKEN
    assert after(report(Outcome.HOLDS, found=(replace(READ, operation="GET /other"),))) is After.HELD


@pytest.mark.parametrize("outcome", [Outcome.UNSURE, Outcome.NOT_RUN])
def test_doubt_is_never_held(outcome: Outcome) -> None:
    assert after(report(outcome)) is After.UNSURE
    assert after(report(Outcome.HOLDS, outcome)) is After.UNSURE
    assert after(EMPTY) is After.IN_THE_WAY, "it answered before, and does not any more"


def test_a_rule_that_refuses_the_rightful_request_is_in_the_way() -> None:
    assert after(report(Outcome.NOT_RUN, answered=False)) is After.IN_THE_WAY
    assert after(report(Outcome.NOT_RUN, answered=False), rule=OFF) is After.UNSURE, "it refuses on purpose"
    assert after(report(Outcome.HOLDS, answered=False)) is After.HELD


@pytest.mark.parametrize(("is_shut", "said"), [(True, After.HELD), (False, After.BROKEN)])
def test_an_address_that_the_guard_itself_refuses_is_held(is_shut: object, said: After) -> None:
    assert after(report(Outcome.NOT_RUN), rule=OFF, shut={READ.id: bool(is_shut)}) is said


def test_where_a_log_in_may_be_unknown_to_the_guard_the_way_out_is_told() -> None:
    seen = Seen(report(Outcome.UNSURE, answered=False), frozenset({KEY}), {})
    issued = Rule("patch", {"id": "issued", "kind": "credential-issued"}, (READ.id,))
    assert "name it with --guard" in judge(READ, [RULE, issued], seen).saw
    assert "--guard" not in judge(READ, [RULE], seen).saw


def test_what_is_about_no_operation_is_judged_by_all_items_of_its_check() -> None:
    whole = replace(READ, operation=WHOLE_API)
    assert after(report(Outcome.HOLDS, key="GET /a"), one=whole) is After.HELD
    assert after(report(Outcome.UNSURE, key="GET /a"), one=whole) is After.UNSURE
