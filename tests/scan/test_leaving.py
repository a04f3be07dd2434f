"""What a scan leaves in the API is told with the names of who made it; what is gone, or was there before, is not."""

from apiward.core.account import Account
from apiward.scan.leaving import names_of, objects_left
from apiward.scan.level import Level
from apiward.scan.registry import CHECKS
from tests.scan.harness import scan_app
from tests.scan.small_api import OLIVIA, Call, Json, SmallApi
from tests.scan.small_shelf import Shelf

ANNA = Account("first", username="anna", facts={"id": 17, "Email": "anna@shop.test", "active": True, "name": "Anna"})
CHANGES = [check for check in CHECKS if check.code == "OBJ02"]


def test_an_account_has_the_names_that_the_api_gives_it() -> None:
    assert names_of(ANNA) == ("anna", "17", "anna@shop.test"), "another one may be called Anna, too"
    assert names_of(Account("nobody")) == ()


def test_what_accounts_have_made_is_told_with_their_names() -> None:
    api = SmallApi()
    shelf = Shelf(api).offer()
    app, described = api.pair()
    report = scan_app(app, described, [], level=Level.WRITE).report
    made = {str(key): record["owner"] for key, record in shelf.records.items() if record["owner"] != OLIVIA}
    assert len(made) == 2
    assert {one.id: one.owners[0] for one in report.objects if one.collection == "/notes"} == made
    assert all(api.users[one.owners[0]]["email"] in one.owners for one in report.objects)


def test_what_was_removed_and_what_was_there_before_is_not_told() -> None:
    api = SmallApi()
    Shelf(api).offer()
    app, described = api.pair()
    assert scan_app(app, described, []).report.objects == (), "at level full, all is removed"
    assert scan_app(app, described, [], level=Level.READ).report.objects == ()


def test_an_object_is_known_where_it_was_shown_too() -> None:
    """Things that are made at one path and read at another belong to where they are read."""
    api = SmallApi()
    shelf = Shelf(api).offer("list", "read", "change")
    api.route("POST", "/me/notes", shelf.make, body={"title": "string", "text": "string"})
    app, described = api.pair()
    report = scan_app(app, described, CHANGES, level=Level.WRITE).report
    made = {str(key) for key, record in shelf.records.items() if record["owner"] != OLIVIA}
    shown = {one.id for one in report.objects if one.collection == "/notes"}
    assert shown
    assert shown <= made


def test_the_id_of_a_thing_below_another_one_begins_with_that_ones() -> None:
    api = SmallApi()
    shelf = Shelf(api).offer()
    lines: dict[str, Json] = {}

    def add(call: Call) -> Json:
        shelf.found(call, "change", call.path["note_id"])
        lines[f"{call.path['note_id']}/{len(lines) + 70}"] = call.me
        return {"id": len(lines) + 69, "title": call.data["title"]}

    api.route("POST", "/notes/{note_id}/lines", add, body={"title": "string"})
    app, described = api.pair()
    scanned = scan_app(app, described, [], level=Level.WRITE)
    nested = {one.id: one.owners[0] for one in objects_left(scanned.scene) if one.collection == "/notes/{}/lines"}
    assert nested
    assert nested.items() <= lines.items()
