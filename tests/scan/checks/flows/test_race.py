"""FLO02 against small APIs: what is refused one after another, and counts several times at once."""

import pytest

from apiward.core.verdict import Outcome
from apiward.scan.checks.flows.race import CHECK
from tests.scan.checks.flows.wallets import racing, redeeming
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.harness import scan_app
from tests.scan.small_api import Case

TRIGGERS: tuple[Case, ...] = (("looks, waits, writes", racing(weak=True)),)
SILENT: tuple[Case, ...] = (
    ("writes at once", racing(weak=False)),
    ("a code that counts once", redeeming(weak=False)),
    ("a code that counts once, refused with 200", redeeming(weak=False, fails_with_200=True)),
)


@pytest.mark.parametrize("case", TRIGGERS, ids=lambda case: case[0])
def test_finds_what_counts_several_times_at_once(case: Case) -> None:
    assert broken_at(case[1], CHECK)


@pytest.mark.parametrize("case", SILENT, ids=lambda case: case[0])
def test_is_silent_where_one_counts(case: Case) -> None:
    assert not broken_at(case[1], CHECK)
    assert looked_at(case[1], CHECK)


def test_what_counts_again_anyway_is_no_race() -> None:
    assert not broken_at(redeeming(weak=True), CHECK)


def test_a_limit_of_requests_is_no_refusal() -> None:
    app, description = racing(weak=True, throttles=True)()
    assert scan_app(app, description, [CHECK]).outcome("FLO02", "POST /bonus/claim") is Outcome.UNSURE
