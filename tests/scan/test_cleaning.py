"""What the scan made is removed, and what stays is said."""

import pytest

from apiward.core.account import Account
from apiward.scan.level import Level
from tests.scan.harness import scan_app
from tests.scan.small_api import OLIVIA, Call, Json, RefusalError, SmallApi
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


@pytest.mark.parametrize("is_real", [True, False])
def test_own_accounts_are_closed_where_the_api_lets_them(*, is_real: bool) -> None:
    api, _ = _api()

    def close(call: Call) -> Json:
        own = api.users[call.me]
        if str(own["id"]) != call.path["user_id"]:
            raise RefusalError(403)
        if is_real:
            del api.users[call.me]
        return {"status": "deleted"}

    api.route("DELETE", "/users/{user_id}", close)
    app, described = api.pair()
    report = scan_app(app, described, []).report
    assert set(api.users) - {OLIVIA} == set() if is_real else len(api.users) == 3
    assert sum("the account" in line for line in report.left_behind) == (0 if is_real else 2)


@pytest.mark.parametrize("is_given", [True, False])
def test_an_account_that_can_close_itself_does_so_only_if_it_was_made_for_the_scan(*, is_given: bool) -> None:
    api, _ = _api()

    def close(call: Call) -> Json:
        del api.users[call.me]
        return {"status": "deleted"}

    api.route("DELETE", "/users/me", close)
    given = tuple(Account(name.title(), name, f"pw-{name}-77") for name in ("ann", "bob")) if is_given else ()
    for account in given:
        api.new_user(account.username, f"{account.username}@shop.test", account.password)
    app, described = api.pair()
    described["paths"]["/users/me"]["delete"]["operationId"] = "users-delete_user_me"
    report = scan_app(app, described, [], accounts=given).report
    assert set(api.users) == {OLIVIA, *(account.username for account in given)}
    assert not any("the account" in line for line in report.left_behind)
    assert dict(report.left_alone)["DELETE /users/me"].startswith("closes the account")
