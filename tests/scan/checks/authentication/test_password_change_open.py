from apiward.core.verdict import Outcome
from apiward.scan.checks.authentication.password_change_open import CHECK
from tests.scan.checks.authentication.business import Business
from tests.scan.checks.authentication.cases import case, twins
from tests.scan.harness import scan_app

AT = "PUT /me/password"
NAMED = "PUT /users/{username}/password"
TRIGGERS = (
    case("a wrong old one passes", AT, weak="change-open"),
    case("it may be left out", AT, weak="change-left-out"),
    case("never asked for, named in the path", NAMED, by_name=True),
    case("cookies, nested, refusals with 200", AT, weak="change-open", cookie=True, nested=True, shows_no_with_ok=True),
)
SILENT = (
    case("sound", AT, Outcome.HOLDS),
    case("sound, opaque, refusals with 200", AT, Outcome.HOLDS, token="opaque", shows_no_with_ok=True),
    case("the change does nothing", AT, Outcome.UNSURE, weak="change-does-nothing"),
)


test_fires_on_the_weak_twin, test_is_silent_on_the_sound_twin = twins(CHECK, TRIGGERS, SILENT)


def test_only_throw_away_passwords_are_changed() -> None:
    business = Business(weak="change-open")
    scene = scan_app(business.app(), business.description(), [CHECK]).scene
    for session in (*scene.users, *scene.spares):
        assert business.users[session.account.username]["password"] == session.password
    assert all(session.password == session.persona.password for session in scene.users)
