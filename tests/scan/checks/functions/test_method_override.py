"""FUN03 against small APIs: another method that is named beside the real one."""

from starlette.types import Scope

from apiward.scan.checks.functions.method_override import CHECK
from tests.scan.checks.functions.door import answers_all, assert_found, behind, headers_of, plain, twins
from tests.scan.checks.functions.staff_api import staff_api
from tests.scan.harness import scan_app
from tests.scan.small_api import Case


def by_header(scope: Scope) -> Scope | None:
    method = headers_of(scope).get("x-http-method-override")
    return {**scope, "method": method} if method and scope["method"] == "POST" else None


def by_query(scope: Scope) -> Scope | None:
    is_named = b"_method=GET" in scope["query_string"]
    return {**scope, "method": "GET"} if is_named and scope["method"] == "POST" else None


def posted(scope: Scope) -> Scope | None:
    return scope if scope["method"] == "POST" and scope["path"].startswith("/admin") else None


TRIGGERS: tuple[Case, ...] = (
    ("read, by a header", behind(by_header)),
    ("read, by the address", behind(by_query)),
)
SILENT: tuple[Case, ...] = (
    ("sound", behind(plain)),
    ("the same for every POST", answers_all(posted)),
)


test_finds_a_way_around, test_is_silent_where_every_way_is_refused = twins(CHECK, TRIGGERS, SILENT)


def test_something_done_to_a_throw_away_account() -> None:
    assert_found(behind(by_header), CHECK, "DELETE /admin/users/{user_id}")


def test_a_post_that_the_scan_leaves_alone_is_not_sent() -> None:
    api = staff_api()
    api.route("POST", "/admin/users", lambda _: {"status": "gone"}, summary="Deletes all users of the database")
    scanned = scan_app(*api.pair(), [CHECK])
    assert "POST /admin/users" in dict(scanned.report.left_alone)
    assert not [path for method, path, _ in api.calls if (method, path) == ("POST", "/admin/users")]
