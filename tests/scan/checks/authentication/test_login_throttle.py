from apiward.core.account import Account
from apiward.core.verdict import Outcome
from apiward.scan.checks.authentication.login_throttle import CHECK
from apiward.scan.level import Level
from apiward.scan.proofs.trials.braking import brake
from tests.scan.checks.authentication.answers import answered
from tests.scan.checks.authentication.business import Business
from tests.scan.checks.authentication.cases import case, twins
from tests.scan.harness import scan_app

AT = "POST /login"
TRIGGERS = (
    case("no limit", AT, weak="throttle"),
    case("no limit, refusals with 200, form", AT, weak="throttle", shows_no_with_ok=True, form=True),
    case("the limit is far off", AT, limit=500, cookie=True),
)
SILENT = (
    case("429", AT, Outcome.HOLDS),
    case("a text with status 401", AT, Outcome.HOLDS, limit_style="text"),
    case("a text with status 200", AT, Outcome.HOLDS, limit_style="text", shows_no_with_ok=True),
    case("the account is locked without a word", AT, Outcome.HOLDS, limit_style="silent"),
)


test_fires_on_the_weak_twin, test_is_silent_on_the_sound_twin = twins(CHECK, TRIGGERS, SILENT)


def test_a_growing_delay_is_a_limit() -> None:
    growing = [answered("no", after_s=0.01 * 1.5**i) for i in range(15)]
    assert brake(growing) is not None
    assert brake([answered("no", after_s=0.01)] * 15) is None


def test_a_failing_server_is_no_limit() -> None:
    assert brake([answered("no"), answered("oops", 500)]) is None


def test_an_account_of_its_own_is_used_and_others_stay_open() -> None:
    business = Business(limit_style="silent")
    scanned = scan_app(business.app(), business.description(), [CHECK])
    locked = [name for name, count in business.failures.items() if count >= business.limit]
    assert locked == [session.account.username for session in scanned.scene.spares]


def test_needs_more_than_reading() -> None:
    business = Business(weak="throttle")
    given = Account("ann", "ann", "a-long-Quiet-word")
    business.users["ann"] = {"password": given.password, "email": "ann@example.com", "version": 1}
    scanned = scan_app(business.app(), business.description(), [CHECK], level=Level.READ, accounts=[given])
    assert scanned.outcome("AUT07", AT) is Outcome.NOT_RUN
    assert not business.failures
