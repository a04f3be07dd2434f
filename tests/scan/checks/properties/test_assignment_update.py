"""PRO02 against small APIs: properties that callers change although they should not."""

import pytest

from apiward.scan.checks.properties.assignment_update import CHECK
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.checks.properties.shapes import echoing, goods, nested_orders, only, own_profile, taking
from tests.scan.small_api import Case, Json

OF_ORDERS: tuple[tuple[str, Json], ...] = (
    ("price", 10),
    ("status", "new"),
    ("payment_status", "unpaid"),
    ("is_paid", False),
    ("approved", False),
    ("discount", 0),
)
PATCHING = ("list", "make", "read", "patch")

TRIGGERS: tuple[Case, ...] = (
    *((f"an order takes {name}", goods({name: usual}, taking(name))) for name, usual in OF_ORDERS),
    ("PATCH", goods({"is_paid": False}, taking("is_paid"), *PATCHING)),
    ("only the list shows it", goods({"is_paid": False}, taking("is_paid"), "list", "make", "change")),
    ("others are refused", goods({"is_paid": False, "price": 3}, only("price"))),
    ("an inner object", nested_orders(taking("is_paid"))),
    ("one's own profile", own_profile(taking("role"))),
    ("one's own profile by PATCH", own_profile(taking("balance"), method="PATCH")),
    ("one's own profile by POST", own_profile(taking("role"), method="POST", path="/profile/update")),
    ("one's own profile, others are refused", own_profile(only("role"))),
    ("one's own profile, failures with 200", own_profile(only("role"), fails_with_200=True)),
    ("one's own profile, log-in by e-mail", own_profile(taking("role"), log_in_by="email")),
)
SILENT: tuple[Case, ...] = (
    *((f"an order leaves {name} alone", goods({name: usual}, taking())) for name, usual in OF_ORDERS),
    ("an order refuses what it does not know", goods({"is_paid": False}, only())),
    ("what was sent is echoed, not kept", echoing({"is_paid": False})),
    ("one's own profile", own_profile(taking())),
    ("one's own profile, all else is refused", own_profile(only())),
    ("the same, with 200", own_profile(only(), fails_with_200=True)),
    ("tags, colours, priorities", goods({"tags": "", "color": "red", "priority": 1}, taking("tags", "priority"))),
    ("the state of a to-do is documented", goods({}, taking(), fields=("title", "status"))),
)


@pytest.mark.parametrize("case", TRIGGERS, ids=lambda case: case[0])
def test_finds_what_callers_should_not_change(case: Case) -> None:
    assert broken_at(case[1], CHECK)


@pytest.mark.parametrize("case", SILENT, ids=lambda case: case[0])
def test_is_silent_where_nothing_is_kept_or_it_is_theirs_to_choose(case: Case) -> None:
    assert not broken_at(case[1], CHECK)
    assert looked_at(case[1], CHECK)
