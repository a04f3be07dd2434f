from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
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
    password: str = "admin"

    def __post_init__(self) -> None:
        self.users[self.name] = {"password": self.password, "email": "a@harbour.example", "version": 1}


def scanned(business: Business, *, may: bool = True) -> Scanned:
    return scan_app(business.app(), business.description(), [CHECK], may_try_defaults=may)


TRIGGERS: tuple[tuple[str, Callable[[], Kept]], ...] = (
    ("a token", Kept),
    ("refusals with 200", partial(Kept, password="admin123", shows_no_with_ok=True)),
    ("a cookie", partial(Kept, name="root", password="password", cookie=True)),
)
SILENT: tuple[tuple[str, Callable[[], Business], Outcome], ...] = (
    ("nobody of that name", Business, Outcome.HOLDS),
    ("another password", partial(Kept, password="k8v!Rz_0pQx"), Outcome.HOLDS),
    ("any password", partial(Kept, weak="any-password"), Outcome.UNSURE),
    ("names told apart", partial(Kept, password="other", weak="enumeration-status"), Outcome.HOLDS),
    ("stops at a limit", partial(Kept, password="other", limit=2), Outcome.UNSURE),
)


@pytest.mark.parametrize("make", [one[1] for one in TRIGGERS], ids=[one[0] for one in TRIGGERS])
def test_fires_on_the_weak_twin(make: Callable[[], Kept]) -> None:
    business = make()
    found = scanned(business)
    assert found.broken() == {(CODE, AT)}, found.said(CODE, AT)
    (finding,) = found.report.findings
    assert f"{business.name} with the password {business.password} was let in" in finding.saw
    assert finding.evidence.control is not None
    assert not [token for token in business.given if token in finding.evidence.attack.text], "it is the admin's own"


@pytest.mark.parametrize(("make", "outcome"), [one[1:] for one in SILENT], ids=[one[0] for one in SILENT])
def test_is_silent_on_the_sound_twin(make: Callable[[], Business], outcome: Outcome) -> None:
    found = scanned(make())
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
