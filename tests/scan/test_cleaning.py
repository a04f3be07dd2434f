"""What the scan made is removed, and what stays is said."""

from apiward.scan.level import Level
from tests.scan.harness import scan_app
from tests.scan.small_api import OLIVIA, SmallApi
from tests.scan.small_shelf import Shelf


def _api() -> tuple[SmallApi, Shelf]:
    api = SmallApi()
    return api, Shelf(api)


def test_own_objects_are_removed_and_those_of_others_stay() -> None:
    api, shelf = _api()
    shelf.offer()
    app, described = api.pair()
    report = scan_app(app, described, []).report
    assert [record["owner"] for record in shelf.records.values()] == [OLIVIA]
    assert not any("POST /notes" in line for line in report.left_behind)
    assert sum("the account" in line for line in report.left_behind) == 2


def test_what_has_no_delete_stays_and_is_said() -> None:
    api, shelf = _api()
    shelf.offer("list", "make", "read")
    app, described = api.pair()
    report = scan_app(app, described, []).report
    left = [record for record in shelf.records.values() if record["owner"] != OLIVIA]
    assert len(left) == 2
    assert "2 made by POST /notes" in report.left_behind


def test_at_level_write_nothing_is_deleted_and_that_is_said() -> None:
    api, shelf = _api()
    shelf.offer()
    app, described = api.pair()
    report = scan_app(app, described, [], level=Level.WRITE).report
    assert not [method for method, _, _ in api.calls if method == "DELETE"]
    assert "2 made by POST /notes" in report.left_behind


def test_at_level_read_nothing_is_left_behind() -> None:
    api, shelf = _api()
    shelf.offer()
    app, described = api.pair()
    report = scan_app(app, described, [], level=Level.READ).report
    assert report.left_behind == ()
    assert all(method == "GET" for method, _, _ in api.calls)


def test_a_delete_that_does_nothing_is_not_believed() -> None:
    api, shelf = _api()
    shelf.offer("list", "make", "read")
    api.route("DELETE", "/notes/{note_id}", lambda _: {"status": "deleted"})
    app, described = api.pair()
    report = scan_app(app, described, []).report
    assert any("made by POST /notes" in line for line in report.left_behind)
