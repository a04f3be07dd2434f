from apiward.core.verdict import Outcome
from apiward.scan.checks.authentication.password_change_ignored import CHECK
from tests.scan.checks.authentication.business import Business
from tests.scan.checks.authentication.cases import case, twins
from tests.scan.harness import scan_app

AT = "PUT /me/password"
NAMED = "PUT /users/{username}/password"
TRIGGERS = (
    case("named in the path", NAMED, weak="change", by_name=True),
    case("plain", AT, weak="change"),
    case("opaque tokens, nested", AT, weak="change", token="opaque", nested=True),
    case("cookies, refusals with 200", AT, weak="change", cookie=True, shows_no_with_ok=True),
)
SILENT = (
    case("sound, named in the path", NAMED, Outcome.HOLDS, by_name=True),
    case("sound", AT, Outcome.HOLDS),
    case("sound, refusals with 200", AT, Outcome.HOLDS, shows_no_with_ok=True),
    case("the change does nothing", AT, Outcome.NOT_RUN, weak="change-does-nothing"),
)


test_fires_on_the_weak_twin, test_is_silent_on_the_sound_twin = twins(CHECK, TRIGGERS, SILENT)


def test_only_throw_away_passwords_are_changed() -> None:
    for by_name in (False, True):
        business = Business(weak="change", by_name=by_name)
        scene = scan_app(business.app(), business.description(), [CHECK]).scene
        for session in (*scene.users, *scene.spares):
            assert business.users[session.account.username]["password"] == session.password
        assert all(session.password == session.persona.password for session in scene.users)


def test_a_body_that_names_an_account_names_our_own() -> None:
    business = Business(weak="change")
    business.users["ann"] = {"password": "secret words of Ann", "email": "ann@example.com", "version": 1}
    described = business.description()
    schema = described["paths"]["/me/password"]["put"]["requestBody"]["content"]["application/json"]["schema"]
    schema["properties"]["account_id"] = {"type": "string", "example": "ann"}
    for required in ([], ["account_id"]):
        schema["required"] += required
        scanned = scan_app(business.app(), described, [CHECK], seed=len(required))
        assert scanned.outcome("AUT13", AT) is (Outcome.NOT_RUN if required else Outcome.BROKEN)
    assert business.users["ann"]["password"] == "secret words of Ann"
