"""Faulty and odd values reach what is our own, or nothing; they lock no account out."""

import pytest

from apiward.core.account import Account
from apiward.scan.checks.configuration.error_details import CHECK as ERROR_DETAILS
from apiward.scan.checks.injection.sql import CHECK as SQL
from apiward.scan.checks.resources.input_slowness import CHECK as SLOWNESS
from apiward.scan.registry import CHECKS as REGISTERED
from tests.scan.harness import scan_app
from tests.scan.small_api import OLIVIA, Call, Json, RefusalError, SmallApi
from tests.scan.small_shelf import Shelf

GIVEN = tuple(Account(name.title(), name, f"pw-{name}-77") for name in ("ann", "bob"))
CHECKS = [SQL, SLOWNESS, ERROR_DETAILS]


def _people(*, shows_me: bool = True) -> SmallApi:
    api = SmallApi(shows_me=shows_me)
    for account in GIVEN:
        api.new_user(account.username, f"{account.username}@shop.test", account.password)
    return api


@pytest.mark.parametrize("method", ["PUT", "PATCH", "POST"])
@pytest.mark.parametrize("is_listed", [True, False])
def test_things_of_others_are_neither_guessed_nor_taken_from_lists(method: str, is_listed: bool) -> None:  # noqa: FBT001
    api = _people()
    reached = []

    def change(call: Call) -> Json:
        if not call.me or call.path["shop_id"] not in ("1", "2", "3"):
            raise RefusalError(404, "no such shop")
        reached.append(call.path["shop_id"])
        return {"status": "ok"}

    path = "/shops/{shop_id}/approve" if method == "POST" else "/shops/{shop_id}"
    api.route(method, path, change, body={"city": "string"})
    if is_listed:
        api.route("GET", "/shops", lambda _: [{"id": 3, "owner": OLIVIA}, {"id": 2, "owner": OLIVIA}])
    app, described = api.pair()
    described["paths"][path][method.lower()]["parameters"][0]["schema"] = {"type": "integer"}
    scan_app(app, described, CHECKS, accounts=GIVEN)
    assert reached == []


def test_the_own_record_is_still_tried() -> None:
    api = _people()
    by_number = {str(user["id"]): user for user in api.users.values()}
    reached = set()

    def change(call: Call) -> Json:
        user = by_number.get(call.path["user_id"])
        if user is not api.users[call.me]:
            raise RefusalError(404, "no such record")
        reached.add(call.me)
        return {"status": "ok"}

    api.route("PATCH", "/users/{user_id}", change, body={"email": "string"})
    app, described = api.pair()
    described["paths"]["/users/{user_id}"]["patch"]["parameters"][0]["schema"] = {"type": "integer"}
    scan_app(app, described, CHECKS, accounts=GIVEN)
    assert reached == {"ann"}


def test_nobody_is_renamed() -> None:
    api = _people()
    renamed = []

    def change(call: Call) -> Json:
        sent: Json = call.data
        new = sent.get("username", call.me) if isinstance(sent, dict) else call.me
        renamed.extend([new] if new != call.me else [])
        return {"status": "ok"}

    api.route("PATCH", "/me", change, body={"username": "string", "city": "string"})
    app, described = api.pair()
    scan_app(app, described, CHECKS, accounts=GIVEN)
    assert renamed == []


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_what_a_given_account_had_before_is_read_and_never_changed(method: str) -> None:
    api = _people()
    shelf = Shelf(api, lists="own").offer("list", "read")
    for account in GIVEN:
        shelf.put({"title": f"{account.name}s title", "text": f"what {account.name} wrote"}, account.username)
    reached = []

    def change(call: Call) -> Json:
        if shelf.records.get(call.path["note_id"], {}).get("owner") != call.me:
            raise RefusalError(404, "no such note")
        reached.append(call.path["note_id"])
        return {"status": "ok"}

    api.route(method, "/notes/{note_id}", change, body={"text": "string"})
    app, described = api.pair()
    scan_app(app, described, CHECKS, accounts=GIVEN)
    assert reached == []
    assert ("GET", f"/notes/{next(k for k, r in shelf.records.items() if r['owner'] == 'ann')}", "ann") in api.calls


def test_the_address_by_which_a_given_account_logs_in_is_not_tried() -> None:
    api = SmallApi(log_in_by="email")
    for account in GIVEN:
        api.new_user(account.username, f"{account.username}@shop.test", account.password)
    sent = set()

    def change(call: Call) -> Json:
        sent.add(call.data.get("email"))
        return {"status": "ok"}

    api.route("PATCH", "/me", change, body={"email": "string", "city": "string"})
    app, described = api.pair()
    given = tuple(Account(a.name, f"{a.username}@shop.test", a.password) for a in GIVEN)
    scan_app(app, described, CHECKS, accounts=given)
    assert sent == {"ann@shop.test"}


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_a_change_to_all_at_once_is_not_sent(method: str) -> None:
    api = _people()
    shelf = Shelf(api, lists="all").offer("create", "list", "read")
    shelf.put({"title": "Olivias title", "text": "what Olivia wrote"}, OLIVIA)
    reached = []

    def change_all(call: Call) -> Json:
        reached.append(call.data)
        return {"count": len(shelf.records)}

    api.route(method, "/notes", change_all, body={"text": "string"})
    app, described = api.pair()
    scanned = scan_app(app, described, REGISTERED, accounts=GIVEN)
    assert reached == []
    assert (f"{method} /notes", "changes without naming what") in scanned.report.left_alone
