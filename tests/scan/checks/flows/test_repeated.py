"""FLO01 against small APIs: may one account have again what counts once."""

import pytest

from apiward.core.verdict import Confidence
from apiward.scan.checks.flows.repeated import CHECK
from apiward.scan.level import Level
from tests.scan.checks.flows.wallets import claiming, redeeming, refunding
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.harness import scan_app
from tests.scan.small_api import Case

TRIGGERS: tuple[Case, ...] = (
    ("a code in the description", redeeming(weak=True)),
    ("another path, another field", redeeming(weak=True, path="/cart/apply-coupon", field="coupon")),
    ("credit as a text", redeeming(weak=True, holds="store_credit", as_text=True)),
    ("a code that a list shows", redeeming(weak=True, listed=True)),
    ("refusals with 200", redeeming(weak=True, fails_with_200=True)),
    ("a claim without a code", claiming(weak=True)),
    ("a refund", refunding(weak=True)),
)
SILENT: tuple[Case, ...] = (
    ("a code counts once", redeeming(weak=False)),
    ("a code counts once, refused with 200", redeeming(weak=False, fails_with_200=True)),
    ("it is paid for with points", redeeming(weak=True, costs=True)),
    ("a claim counts once", claiming(weak=False)),
    ("two rewards were there to be claimed", claiming(weak=False, pending=2)),
    ("a refund counts once", refunding(weak=False)),
)


@pytest.mark.parametrize("case", TRIGGERS, ids=lambda case: case[0])
def test_finds_what_can_be_had_again(case: Case) -> None:
    assert broken_at(case[1], CHECK)


@pytest.mark.parametrize("case", SILENT, ids=lambda case: case[0])
def test_is_silent_where_it_counts_once(case: Case) -> None:
    assert not broken_at(case[1], CHECK)
    assert looked_at(case[1], CHECK)


def test_where_callers_choose_an_amount_nothing_is_tried() -> None:
    app, description = redeeming(weak=True, amount=True)()
    assert not scan_app(app, description, [CHECK]).report.items


def test_a_claim_without_a_code_is_only_likely() -> None:
    for make, confidence in ((claiming(weak=True), Confidence.LIKELY), (redeeming(weak=True), Confidence.PROVED)):
        app, description = make()
        assert [f.confidence for f in scan_app(app, description, [CHECK]).report.findings] == [confidence]


def test_codes_are_used_at_level_full_alone() -> None:
    app, description = redeeming(weak=True)()
    assert not scan_app(app, description, [CHECK], level=Level.WRITE).report.findings
