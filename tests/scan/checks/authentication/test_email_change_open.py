from apiward.core.verdict import Outcome
from apiward.scan.checks.authentication.email_change_open import CHECK
from tests.scan.checks.authentication.account_business import AccountBusiness
from tests.scan.checks.authentication.cases import case, twins
from tests.scan.harness import scan_app

AT = "PUT /me/email"
NAMED = "PATCH /users/{username}/email"
OF = AccountBusiness
TRIGGERS = (
    case("at once", AT, of=OF, weak="at-once"),
    case("at once, named in the path", NAMED, of=OF, weak="at-once", by_name=True),
    case("a wrong password passes", AT, of=OF, weak="any-password", asks_password=True),
)
SILENT = (
    case("sound: to be confirmed", AT, Outcome.HOLDS, of=OF),
    case("sound: asks for the password", AT, Outcome.HOLDS, of=OF, asks_password=True),
    case("at once, but only with the password", AT, Outcome.HOLDS, of=OF, asks_password=True, weak="at-once"),
    case("at once, but marked as unconfirmed", AT, Outcome.UNSURE, of=OF, weak="marked"),
)


test_fires_on_the_weak_twin, test_is_silent_on_the_sound_twin = twins(CHECK, TRIGGERS, SILENT)


def test_only_a_throw_away_address_is_changed() -> None:
    business = AccountBusiness(weak="at-once")
    scene = scan_app(business.app(), business.description(), [CHECK]).scene
    for session in (*scene.users, *scene.spares):
        assert business.users[session.account.username]["email"] == session.persona.email
    assert all("pending" not in business.users[user.account.username] for user in scene.users)
