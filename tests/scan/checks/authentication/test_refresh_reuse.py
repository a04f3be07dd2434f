import pytest

from apiward.core.verdict import Confidence, Outcome
from apiward.scan.checks.authentication.refresh_reuse import CHECK
from tests.scan.checks.authentication.cases import Case, assert_broken, assert_silent, case
from tests.scan.checks.authentication.renewing_business import RenewingBusiness

AT = "POST /token/refresh"
OF = RenewingBusiness
TRIGGERS = (
    case("used again", AT, of=OF, weak="reused"),
    case("after the log-out, in a cookie", AT, of=OF, weak="after", in_cookie=True),
    case("after the log-out, never replaced", AT, of=OF, weak="after", rotates=False),
)
SILENT = (
    case("sound", AT, Outcome.HOLDS, of=OF),
    case("sound, in a cookie, never replaced", AT, Outcome.HOLDS, of=OF, in_cookie=True, rotates=False),
)


@pytest.mark.parametrize("one", TRIGGERS, ids=lambda one: one.name)
def test_fires_on_the_weak_twin(one: Case) -> None:
    assert_broken(CHECK, one)


@pytest.mark.parametrize("one", SILENT, ids=lambda one: one.name)
def test_is_silent_on_the_sound_twin(one: Case) -> None:
    assert_silent(CHECK, one)


def test_a_repetition_within_seconds_is_only_likely() -> None:
    found = TRIGGERS[0].scan(CHECK).report.findings
    assert [finding.confidence for finding in found] == [Confidence.LIKELY]
