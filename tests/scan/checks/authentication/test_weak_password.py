from apiward.core.verdict import Outcome
from apiward.scan.checks.authentication.weak_password import CHECK
from tests.scan.checks.authentication.business import Business
from tests.scan.checks.authentication.cases import case, twins
from tests.scan.harness import scan_app

AT = "POST /register"
TRIGGERS = (
    case("anything goes", AT, weak="password"),
    case("anything goes, nested, form", AT, weak="password", nested=True, form=True, shows_no_with_ok=True),
    case("short ones are refused, common ones are not", AT, least=8, cookie=True),
)
SILENT = (
    case("common and short ones are refused", AT, Outcome.HOLDS),
    case("refused with status 200", AT, Outcome.HOLDS, shows_no_with_ok=True, nested=True),
)


test_fires_on_the_weak_twin, test_is_silent_on_the_sound_twin = twins(CHECK, TRIGGERS, SILENT)


def test_the_account_that_is_left_behind_is_told() -> None:
    business = Business(weak="password")
    scanned = scan_app(business.app(), business.description(), [CHECK])
    assert {f"the account {name}" for name in business.users} <= set(scanned.report.left_behind)
