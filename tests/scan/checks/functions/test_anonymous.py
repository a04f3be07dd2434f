"""FUN01 against small APIs: staff operations that work without any log-in."""

import pytest

from apiward.core.verdict import Outcome
from apiward.scan.checks.functions.anonymous import CHECK
from tests.scan.checks.functions.cases import WORDS, staff, with_boss
from tests.scan.checks.functions.staff_api import staff_api
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.harness import scan_app
from tests.scan.small_api import OLIVIA, Case

TRIGGERS: tuple[Case, ...] = (
    ("a list by its path", staff("list", anonymous=True)),
    ("figures by their path", staff("stats", anonymous=True)),
    ("a list by its words", staff("list", anonymous=True, path="/shop", summary=WORDS)),
    ("a list, log-in not declared", staff("list", anonymous=True, secured=False)),
    ("something done to an account", staff("promote", anonymous=True)),
    ("an account deleted", staff("remove", anonymous=True)),
    ("a coupon made", staff("coupon", anonymous=True)),
    ("a list, failures with 200", staff("list", anonymous=True, fails_with_200=True)),
)
SILENT: tuple[Case, ...] = (
    ("refused", staff()),
    ("refused with 404", staff(refusal=404)),
    ("failures with 200", staff(fails_with_200=True)),
    ("refused with 200 and just a message", staff(is_polite=True)),
    ("open to those who log in", staff("list", "stats", "promote", "remove", "coupon")),
    ("refused, by words", staff(path="/shop", summary=WORDS)),
    ("no staff operations", staff("list", anonymous=True, path="/shop")),
)


@pytest.mark.parametrize("case", TRIGGERS, ids=lambda case: case[0])
def test_finds_open_staff_operations(case: Case) -> None:
    assert broken_at(case[1], CHECK)


@pytest.mark.parametrize("case", SILENT, ids=lambda case: case[0])
def test_is_silent_where_nobody_is_served(case: Case) -> None:
    assert not broken_at(case[1], CHECK)


def test_comes_to_a_judgement_of_plain_refusals() -> None:
    assert looked_at(staff(), CHECK) >= {"GET /admin/users", "GET /admin/stats", "DELETE /admin/users/{user_id}"}


def test_settings_of_the_business_are_never_written() -> None:
    api = staff_api(opened=["settings", "promote", "remove"], anonymous=True)
    scanned = scan_app(*api.pair(), [CHECK])
    assert scanned.outcome("FUN01", "PUT /admin/settings") is Outcome.NOT_RUN
    assert api.store["settings"]["shop"]["is_closed"] == "no"
    assert api.users[OLIVIA]["role"] == "customer"


def test_special_rights_prove_what_was_likely() -> None:
    found = with_boss(staff("list", anonymous=True), CHECK).report.findings
    assert {finding.confidence.value for finding in found} == {"proved"}
