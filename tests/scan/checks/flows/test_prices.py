"""FLO05 against small shops: whose price is charged."""

import pytest

from apiward.core.verdict import Outcome
from apiward.scan.checks.flows.prices import CHECK
from tests.scan.checks.flows.shops import ordering
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.harness import scan_app
from tests.scan.small_api import Call, Case, Json, Pair, Record, Said, SmallApi

TRIGGERS: tuple[Case, ...] = (
    ("in a list of items", ordering(takes_price=True)),
    ("one item, no list", ordering(takes_price=True, lines=False)),
    ("another name for it", ordering(takes_price=True, price="price_cents", shows="subtotal")),
)
SILENT: tuple[Case, ...] = (
    ("our own price", ordering()),
    ("our own price, no list", ordering(lines=False)),
    ("an amount is how many", ordering(count="amount")),
    ("an amount is how many, no list", ordering(count="amount", lines=False)),
)


@pytest.mark.parametrize("case", TRIGGERS, ids=lambda case: case[0])
def test_finds_prices_of_customers(case: Case) -> None:
    assert broken_at(case[1], CHECK)


@pytest.mark.parametrize("case", SILENT, ids=lambda case: case[0])
def test_is_silent_where_our_own_price_counts(case: Case) -> None:
    assert not broken_at(case[1], CHECK)
    assert looked_at(case[1], CHECK)


def test_what_customers_offer_is_theirs_to_choose() -> None:
    app, description = ordering(takes_price=True, path="/bids")()
    assert not scan_app(app, description, [CHECK]).report.items


def test_without_a_price_of_our_own_nothing_is_said() -> None:
    app, description = ordering(takes_price=True, hides_prices=True)()
    assert scan_app(app, description, [CHECK]).outcome("FLO05", "POST /orders") is Outcome.NOT_RUN


def test_an_error_of_the_server_is_no_refusal() -> None:
    app, description = ordering(takes_price=True, refuses_prices=500)()
    assert scan_app(app, description, [CHECK]).outcome("FLO05", "POST /orders") is Outcome.UNSURE


def selling() -> Pair:
    """Return a market where callers offer things at a price of their own, which the list then shows."""
    api = SmallApi()
    items: list[Record] = []

    def add(call: Call) -> Json:
        items.append({"id": len(items) + 1, **call.data, "total": call.data["price"], "owner": call.me})
        return Said(items[-1], 201)

    api.route("GET", "/items", lambda _: items, secured=False)
    api.route("POST", "/items", add, body={"item_code": "string", "note": "string", "price": "integer"})
    app, document = api.pair()
    schema = document["paths"]["/items"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    schema["properties"]["price"]["example"] = 999
    return app, document


def test_what_callers_sell_has_their_own_price() -> None:
    assert not broken_at(selling, CHECK)
