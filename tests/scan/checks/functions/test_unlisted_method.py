"""FUN06 against small APIs: methods that nobody described."""

from starlette.types import Scope

from apiward.core.verdict import Outcome
from apiward.scan.checks.functions.unlisted_method import CHECK
from tests.scan.checks.functions.door import answers_all, assert_found, behind, plain, twins
from tests.scan.harness import scan_app
from tests.scan.small_api import Case


def made_up(scope: Scope) -> Scope | None:
    return {**scope, "method": "GET"} if scope["method"] == "GETS" else None


TRIGGERS: tuple[Case, ...] = (("a made-up method reads", behind(made_up)),)
SILENT: tuple[Case, ...] = (
    ("sound", behind(plain)),
    ("the same for every made-up method", answers_all(made_up)),
)


test_finds_a_way_around, test_is_silent_where_every_way_is_refused = twins(CHECK, TRIGGERS, SILENT)


def test_something_done_to_a_throw_away_account() -> None:
    def patched(scope: Scope) -> Scope | None:
        return {**scope, "method": "POST"} if scope["method"] == "PATCH" else None

    assert_found(behind(patched), CHECK, "POST /admin/users/{user_id}/promote")


def test_what_is_accepted_and_changes_nothing_is_no_pass() -> None:
    def patched(scope: Scope) -> Scope | None:
        return scope if scope["method"] == "PATCH" else None

    scanned = scan_app(*answers_all(patched)(), [CHECK])
    assert scanned.outcome("FUN06", "POST /admin/users/{user_id}/promote") is Outcome.UNSURE
