"""Before the checks: accounts, objects, and one look at everything that may be read."""

from apiward.core.account import Account, Origin, Standing
from apiward.scan.level import Level
from tests.scan.door import Door
from tests.scan.harness import Scanned, scan_app
from tests.scan.small_api import Call, Json, RefusalError, Said, SmallApi
from tests.scan.small_shelf import Shelf


def _scanned(level: Level = Level.FULL) -> tuple[Scanned, Shelf]:
    api = SmallApi()
    shelf = Shelf(api).offer()
    app, described = api.pair()
    return scan_app(app, described, [], level=level), shelf


def test_two_accounts_each_with_itself_and_an_object_of_its_own() -> None:
    scanned, _ = _scanned()
    scene = scanned.scene
    assert [user.account.origin for user in scene.users] == [Origin.SIGNED_UP] * 2
    for user in scene.users:
        kinds = {(target.noun, target.is_account) for target in scene.owned_by(user)}
        assert {("user", True), ("note", False)} <= kinds


def test_everything_readable_was_seen_by_both_and_by_nobody() -> None:
    scanned, _ = _scanned()
    viewers = {(key, viewer) for key, viewer, _ in scanned.scene.exchanges_seen()}
    names = ["", *(user.name for user in scanned.scene.users)]
    assert {("GET /notes", name) for name in names} <= viewers
    assert {("GET /notes/{note_id}", name) for name in names} <= viewers


def test_at_level_read_nothing_is_made() -> None:
    scanned, shelf = _scanned(Level.READ)
    assert len(shelf.records) == 1
    assert scanned.scene.users == []


def test_given_accounts_come_first_and_the_rest_is_signed_up() -> None:
    made = Door()
    made.users = {"ann": {"password": "pw-ann-77"}}
    app, described = made.pair()
    scanned = scan_app(app, described, [], accounts=(Account("Ann", "ann", "pw-ann-77"),))
    assert [(a.name, a.origin, a.is_logged_in) for a in scanned.report.accounts] == [
        ("Ann", Origin.GIVEN, True),
        ("account 1", Origin.SIGNED_UP, True),
    ]


def test_what_is_missing_is_said_and_what_was_overcome_is_not() -> None:
    made = Door(sign_up_path=None)
    made.users = {"ann": {"password": "pw"}, "root": {"password": "pw-root"}}
    app, described = made.pair()
    given = (Account("Ann", "ann", "pw"), Account("Root", "root", "pw-root", Standing.PRIVILEGED))
    words = " ".join(limit.what for limit in scan_app(app, described, [], accounts=given).report.limits)
    assert "Only one test account" in words
    assert "special rights" not in words
    assert "No test account" not in words


def test_what_could_not_be_made_is_said() -> None:
    api = SmallApi()

    def refuse(_: Call) -> Json:
        raise RefusalError(422, "the week is over")

    api.route("POST", "/bookings", refuse, body={"text": "string"})
    app, described = api.pair()
    words = " ".join(limit.what for limit in scan_app(app, described, []).report.limits)
    assert "Nothing could be created with POST /bookings" in words
    made, _ = _scanned()
    assert "Nothing could be created" not in " ".join(limit.what for limit in made.report.limits)


def test_a_part_that_lets_nobody_in_is_said() -> None:
    api = SmallApi()
    app, described = api.pair()
    described["components"]["securitySchemes"]["partner"] = {"type": "apiKey", "in": "header", "name": "X-Partner"}

    def closed(_: Call) -> Json:
        raise RefusalError(401)

    api.route("GET", "/partners/orders", closed)
    api.paths["/partners/orders"]["get"]["security"] = [{"partner": []}]
    app, _ = api.pair()
    described["paths"] = api.paths
    words = " ".join(limit.what for limit in scan_app(app, described, []).report.limits)
    assert "one of its operations is GET /partners/orders" in words


def test_a_list_of_people_as_the_probe_gives_nobody_a_foreign_number() -> None:
    api = SmallApi(shows_me=False)
    for name in ("ann", "bob"):
        api.new_user(name, f"{name}@shop.test", f"pw-{name}-77")

    def names(call: Call) -> Json:
        return [{"id": user["id"], "username": user["username"]} for user in api.users.values() if call.me]

    api.route("GET", "/users", names)
    app, described = api.pair()
    given = tuple(Account(name.title(), name, f"pw-{name}-77") for name in ("ann", "bob"))
    for session in scan_app(app, described, [], accounts=given).scene.users:
        assert session.account.facts["id"] == api.users[session.account.username]["id"] > 1


def test_the_probe_is_one_that_answers_well_where_there_is_one() -> None:
    api = SmallApi(shows_me=False)

    def nobody(call: Call) -> Json:
        return Said({"nobody": call.me}, 404)

    def notes(call: Call) -> Json:
        return {"notes": [], "of": call.me}

    api.route("GET", "/profile/{username}", nobody)
    api.route("GET", "/notes", notes)
    app, described = api.pair()
    probe = scan_app(app, described, []).scene.probe
    assert probe is not None
    assert probe.operation.path == "/notes"
