from apiward.core.verdict import Outcome
from apiward.scan.checks.authentication.signup_enumeration import CHECK
from tests.scan.checks.authentication.business import Business
from tests.scan.checks.authentication.cases import case, twins
from tests.scan.harness import scan_app

AT = "POST /register"
TRIGGERS = (
    case("another status", AT, weak="signup"),
    case("another text with status 200", AT, weak="signup", shows_no_with_ok=True, nested=True),
    case("another value in a field", AT, weak="signup-field"),
)
SILENT = (
    case("one text", AT, Outcome.HOLDS),
    case("one text, nested", AT, Outcome.HOLDS, nested=True, shows_no_with_ok=True),
)


test_fires_on_the_weak_twin, test_is_silent_on_the_sound_twin = twins(CHECK, TRIGGERS, SILENT)


def test_two_accounts_at_most_are_left_behind_and_none_is_overwritten() -> None:
    business = Business()
    scene = scan_app(business.app(), business.description(), [CHECK]).scene
    assert len(business.users) == len(scene.users) + 2
    for session in (*scene.users, *scene.spares):
        assert business.users[session.account.username]["password"] == session.password
