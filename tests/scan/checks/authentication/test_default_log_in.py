from dataclasses import dataclass
from typing import Any

import pytest

from apiward.core.verdict import Outcome
from apiward.scan.checks.authentication.default_log_in import CHECK, CODE
from tests.scan.checks.authentication.business import Business
from tests.scan.harness import Scanned, scan_app

AT = "POST /login"


@dataclass
class Kept(Business):
    """A business with accounts from before its scan."""

    name: str = "admin"
    password: str = "admin"  # what is looked for

    def __post_init__(self) -> None:
        self.users[self.name] = {"password": self.password, "email": "a@harbour.example", "version": 1}


def scanned(business: Business, *, may: bool = True) -> Scanned:
    return scan_app(business.app(), business.description(), [CHECK], may_try_defaults=may)


@pytest.mark.parametrize(
    "business",
    [
        Kept(),
        Kept(password="admin123", shows_no_with_ok=True),
        Kept(name="root", password="password", cookie=True),
    ],
    ids=["a token", "refusals with 200", "a cookie"],
)
def test_fires_on_the_weak_twin(business: Kept) -> None:
    found = scanned(business)
    assert found.broken() == {(CODE, AT)}, found.said(CODE, AT)
    (finding,) = found.report.findings
    assert f"{business.name} with the password {business.password} was let in" in finding.saw
    assert finding.evidence.control is not None
    assert not [token for token in business.given if token in finding.evidence.attack.text], "it is the admin's own"


@pytest.mark.parametrize(
    ("business", "outcome"),
    [
        (Business(), Outcome.HOLDS),
        (Kept(password="k8v!Rz_0pQx"), Outcome.HOLDS),
        (Kept(weak="any-password"), Outcome.UNSURE),
        (Kept(password="other", weak="enumeration-status"), Outcome.HOLDS),
        (Kept(password="other", limit=2), Outcome.UNSURE),
    ],
    ids=["nobody of that name", "another password", "any password", "names told apart", "stops at a limit"],
)
def test_is_silent_on_the_sound_twin(business: Business, outcome: Outcome) -> None:
    found = scanned(business)
    assert not found.broken()
    assert found.outcome(CODE, AT) is outcome, found.said(CODE, AT)


def test_one_log_in_stands_for_all_so_that_nobody_is_locked() -> None:
    business = Kept(password="other")
    described: dict[str, Any] = business.description()
    described["paths"]["/admin/login"] = described["paths"]["/login"]
    found = scan_app(business.app(), described, [CHECK], may_try_defaults=True)
    assert found.outcome(CODE, "POST /admin/login") is Outcome.NOT_RUN
    assert found.outcome(CODE, AT) is Outcome.HOLDS
    assert business.failures["admin"] <= 3


def test_nobody_is_tried_without_leave() -> None:
    business = Kept()
    found = scanned(business, may=False)
    assert found.outcome(CODE, AT) is Outcome.NOT_RUN
    assert "--try-defaults" in found.said(CODE, AT)
    assert not business.failures


@pytest.mark.parametrize("business", [Kept(), Kept(name="admin@example.com", password="changethis", form=True)])
def test_without_an_account_of_our_own_it_tries_names_and_addresses(business: Kept) -> None:
    described: dict[str, Any] = business.description()
    del described["paths"]["/register"]
    found = scan_app(business.app(), described, [CHECK], may_try_defaults=True)
    assert found.broken() == {(CODE, AT)}
    assert max(business.failures.values(), default=0) <= 3
