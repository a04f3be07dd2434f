"""FLO03 against small shops: do amounts below one count."""

import pytest

from apiward.core.exchange import Exchange, Request, Response
from apiward.core.jsonvalue import Json
from apiward.core.verdict import Outcome
from apiward.scan.checks.flows.amounts import CHECK
from apiward.scan.proofs import money
from tests.scan.checks.flows.shops import ordering
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.harness import scan_app
from tests.scan.small_api import Case

TRIGGERS: tuple[Case, ...] = (
    ("any number", ordering(least=None)),
    ("one item, no list", ordering(least=None, lines=False)),
    ("another name for the cost", ordering(least=None, shows="amount_due")),
    ("another thing that is bought", ordering(least=None, path="/bookings")),
    ("below zero beside others", ordering(least=None, refuses_totals=True)),
    ("half a piece", ordering(least=0.1, whole=False)),
)
SILENT: tuple[Case, ...] = (
    ("one at least", ordering()),
    ("one at least, no list", ordering(lines=False)),
    ("less than one counts as one", ordering(clamps=True)),
    ("less than one counts as one, of the last line for it", ordering(clamps=True, last_counts=True)),
)


@pytest.mark.parametrize("case", TRIGGERS, ids=lambda case: case[0])
def test_finds_amounts_that_cannot_be(case: Case) -> None:
    assert broken_at(case[1], CHECK)


@pytest.mark.parametrize("case", SILENT, ids=lambda case: case[0])
def test_is_silent_where_amounts_are_checked(case: Case) -> None:
    assert not broken_at(case[1], CHECK)
    assert looked_at(case[1], CHECK)


@pytest.mark.parametrize("lines", [True, False])
def test_an_error_of_the_server_is_no_refusal(lines: bool) -> None:  # noqa: FBT001 - a test's parameter
    app, description = ordering(lines=lines, refusal=500)()
    assert scan_app(app, description, [CHECK]).outcome("FLO03", "POST /orders") is Outcome.UNSURE


@pytest.mark.parametrize(
    ("value", "found"),
    [(1, 1.0), ("12.50", 12.5), (True, None), ("nan", None), ("inf", None), ("a", None), (None, None), ([1], None)],
)
def test_numbers_are_read_from_texts_too(value: Json, found: float | None) -> None:
    assert money.number(value) == found


def test_counts_and_pages_are_no_money() -> None:
    body = b'{"total": 3, "total_count": 9, "order_total": 12, "amount_id": 4, "meta": {"total_pages": 2}}'
    exchange = Exchange(Request("GET", "http://a.test/"), Response(200, (), body))
    assert money.shown(exchange, money.OWED) == {"total": 3.0, "order_total": 12.0}
