"""PRO01 against small APIs: properties that callers set when they make something."""

import pytest

from apiward.scan.checks.properties.assignment_create import CHECK
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.checks.properties.shapes import echoing, goods, nested_orders, only, signing_up, taking, with_schema
from tests.scan.small_api import Case, Json

OF_USERS: tuple[tuple[str, Json], ...] = (
    ("role", "customer"),
    ("userRole", "member"),
    ("account_type", "basic"),
    ("is_admin", False),
    ("isStaff", False),
    ("verified", False),
    ("balance", 0),
    ("credits", 5),
    ("level", 1),
    ("plan", "free"),
    ("permissions", []),
    ("roles", ["user"]),
)
OF_ORDERS: tuple[tuple[str, Json], ...] = (
    ("price", 10),
    ("total_cents", 900),
    ("status", "new"),
    ("payment_status", "unpaid"),
    ("is_paid", False),
    ("approved", False),
    ("discount", 0),
    ("featured", False),
)
ROLE = {"type": "string"}
CHOICE = {"type": "string", "enum": ["customer", "seller"]}
POWERFUL = {"type": "string", "enum": ["customer", "admin"]}
DOCUMENTED = signing_up({"role": "customer"}, taking("role"), "role")

TRIGGERS: tuple[Case, ...] = (
    *((f"sign-up takes {name}", signing_up({name: usual}, taking(name))) for name, usual in OF_USERS),
    *((f"sign-up takes {name} alone", signing_up({name: usual}, only(name))) for name, usual in OF_USERS),
    *((f"an order takes {name}", goods({name: usual}, taking(name))) for name, usual in OF_ORDERS),
    ("sign-up takes a role that nothing showed before", signing_up({}, taking("role"))),
    ("sign-up, failures with 200", signing_up({"role": "x"}, only("role"), fails_with_200=True)),
    ("sign-up, nested answers", signing_up({"is_admin": False}, taking("is_admin"), nest="data")),
    ("a documented role", with_schema(DOCUMENTED, "POST", "/register", "role", ROLE)),
    ("a documented role, one choice is powerful", with_schema(DOCUMENTED, "POST", "/register", "role", POWERFUL)),
    ("an order, wrapped answers", goods({"is_paid": False}, taking("is_paid"), answer="wrapped")),
    ("an order, id only in the list", goods({"is_paid": False}, taking("is_paid"), answer="nothing")),
    ("an inner object", nested_orders(taking("is_paid"))),
)
SILENT: tuple[Case, ...] = (
    *((f"sign-up leaves {name} alone", signing_up({name: usual})) for name, usual in OF_USERS),
    *((f"an order leaves {name} alone", goods({name: usual}, taking())) for name, usual in OF_ORDERS),
    ("sign-up refuses what it does not know", signing_up({"role": "customer"}, only())),
    ("the same, with 200", signing_up({"role": "customer"}, only(), fails_with_200=True)),
    ("an order refuses what it does not know", goods({"is_paid": False}, only())),
    ("what was sent is echoed, not kept", echoing({"is_paid": False, "status": "new"})),
    ("a documented role without effect", signing_up({"role": "customer"}, taking(), "role")),
    ("a role that is the caller's choice", with_schema(DOCUMENTED, "POST", "/register", "role", CHOICE)),
    ("a plan that is chosen at sign-up", signing_up({}, taking("plan"), "plan")),
    ("words about oneself", signing_up({"bio": "", "title": "", "city": ""}, taking("bio", "title", "city"), "bio")),
    ("tags, colours, priorities", goods({"tags": "", "color": "red", "priority": 1}, taking("tags", "color"))),
    ("the state of a to-do is documented", goods({}, taking(), fields=("title", "status"))),
    ("its price is the seller's to set", goods({}, taking(), fields=("title", "price"))),
)


@pytest.mark.parametrize("case", TRIGGERS, ids=lambda case: case[0])
def test_finds_what_callers_should_not_set(case: Case) -> None:
    assert broken_at(case[1], CHECK)


@pytest.mark.parametrize("case", SILENT, ids=lambda case: case[0])
def test_is_silent_where_nothing_is_kept_or_it_is_theirs_to_choose(case: Case) -> None:
    assert not broken_at(case[1], CHECK)
    assert looked_at(case[1], CHECK)
