"""What a scan with all object, function and property checks leaves behind in a weak API."""

from collections.abc import Callable

import pytest

from apiward.scan.checks.functions import anonymous as staff_anonymous
from apiward.scan.checks.functions import role
from apiward.scan.checks.objects import anonymous, change, change_body, delete, read
from apiward.scan.checks.properties import assignment_create, assignment_update, personal, secrets
from tests.scan.checks.functions.staff_api import staff_api
from tests.scan.checks.objects.shapes import ALL, NOTE
from tests.scan.harness import Scanned, scan_app
from tests.scan.small_api import OLIVIA, Call, Json, Record, RefusalError, SmallApi
from tests.scan.small_shelf import Shelf, olivias

CHECKS = (
    read.CHECK,
    change.CHECK,
    change_body.CHECK,
    delete.CHECK,
    anonymous.CHECK,
    staff_anonymous.CHECK,
    role.CHECK,
    assignment_create.CHECK,
    assignment_update.CHECK,
    secrets.CHECK,
    personal.CHECK,
)


def office() -> tuple[SmallApi, list[Shelf]]:
    """Return an API that lets anybody do anything, with many ways to hit what belongs to others."""
    api = staff_api(opened=["list", "stats", "promote", "remove", "coupon", "settings"], anonymous=True)
    notes = Shelf(api, weak=ALL, takes=dict).offer()
    clients = Shelf(api, "clients", fields=("name",), weak=ALL, lists="all", brief=("id", "name"))
    clients.offer("list", "make", "read", "change", "delete")
    tasks = Shelf(api, "tasks", weak=ALL, answer="nothing", lists="all")
    number: Record = {"id": "integer"}
    api.route("POST", "/tasks/add", tasks.make, body=NOTE)
    api.route("GET", "/tasks/all", tasks.show_list)
    api.route("POST", "/tasks/edit", lambda call: tasks.change(_by_body(call)), body={**number, **NOTE})
    api.route("POST", "/tasks/remove", lambda call: tasks.delete(_by_body(call)), body=number)
    api.route("PUT", "/tasks", lambda call: tasks.change(_by_body(call)), body={**number, **NOTE})
    api.route("DELETE", "/tasks", lambda call: tasks.delete(_by_body(call)), body=number)

    def user(call: Call) -> Record:
        found = [u for u in api.users.values() if str(u["id"]) == call.path["user_id"]]
        if not found or not call.me:
            raise RefusalError(404)
        return found[0]

    def change_me(call: Call) -> Json:
        api.users[call.me].update({k: v for k, v in call.data.items() if k != "username"})

    def change_user(call: Call) -> Json:
        user(call).update(call.data)

    def change_password(call: Call) -> Json:
        user(call)["password"] = call.data["password"]

    api.route("PUT", "/me", change_me, body={"username": "string", "email": "string", "bio": "string"})
    api.route("PUT", "/users/{user_id}", change_user, body={"email": "string", "bio": "string"})
    api.route("PUT", "/users/{user_id}/password", change_password, body={"password": "string"})
    api.route("DELETE", "/users/{user_id}", lambda call: {"was": api.users.pop(user(call)["username"])["id"]})
    return api, [notes, clients, tasks]


def _by_body(call: Call) -> Call:
    return Call(call.caller, {"id": str(call.data.get("id"))}, call.query, call.data)


def scanned_office(seed: int) -> tuple[SmallApi, list[Shelf], Scanned]:
    api, shelves = office()
    return api, shelves, scan_app(*api.pair(), CHECKS, seed=seed)


@pytest.mark.parametrize("seed", range(4))
def test_nothing_of_other_people_changes(seed: int) -> None:
    api, shelves, scanned = scanned_office(seed)
    untouched, before = office()
    assert scanned.report.findings
    assert api.users[OLIVIA] == untouched.users[OLIVIA]
    assert api.store["settings"] == untouched.store["settings"]
    for shelf, old in zip(shelves, before, strict=True):
        assert olivias(shelf) == olivias(old)


@pytest.mark.parametrize("seed", range(4))
def test_own_accounts_still_open_or_were_closed_by_the_scan_itself(seed: int) -> None:
    api, _, scanned = scanned_office(seed)
    assert len(scanned.scene.users) == 2
    for session in scanned.scene.users:
        is_open = api.password_opens(session.account.username, session.password)
        assert is_open != (session in scanned.scene.closed)
    named = {
        line.removeprefix("the account ") for line in scanned.report.left_behind if line.startswith("the account ")
    }
    assert named <= set(api.users)


def test_own_objects_are_deleted() -> None:
    _, shelves, _ = scanned_office(1)
    for shelf in shelves:
        assert list(shelf.records.values()) == olivias(shelf), shelf.name


@pytest.mark.parametrize(
    ("operations", "stay"), [(("list", "make", "read"), True), (("list", "make", "delete"), False)]
)
def test_says_what_it_could_not_remove(operations: tuple[str, ...], *, stay: bool) -> None:
    api = SmallApi()
    shelf = Shelf(api).offer(*operations)
    left = scan_app(*api.pair(), CHECKS).report.left_behind
    assert any("POST /notes" in text for text in left) is stay
    assert (len(shelf.records) > 1) is stay


def _deaf(shelf: Shelf) -> Callable[[Call], Json]:
    return lambda call: {"status": "ok", "id": shelf.records.get(call.path["note_id"], {}).get("id")}


def test_does_not_believe_a_deletion_that_did_nothing() -> None:
    api = SmallApi()
    shelf = Shelf(api).offer("list", "make", "read")
    api.route("DELETE", "/notes/{note_id}", _deaf(shelf))
    left = scan_app(*api.pair(), CHECKS).report.left_behind
    assert any("POST /notes" in text for text in left)
