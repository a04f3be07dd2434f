"""OBJ01 with two given accounts and nothing but reading: objects that were there before the scan."""

import pytest

from apiward.core.account import Account
from apiward.core.verdict import Outcome
from apiward.scan.checks.objects import delete, read
from apiward.scan.level import Level
from tests.scan.harness import Scanned, scan_app
from tests.scan.small_api import SmallApi
from tests.scan.small_shelf import Shelf

ACCOUNTS = [
    Account(name="piet", username="piet", password="piets-own-12"),
    Account(name="maria", username="maria", password="marias-own-3"),
]


def scanned(level: Level, *, weak: bool, lists: str = "own") -> tuple[Shelf, Scanned]:
    api = SmallApi()
    shelf = Shelf(api, weak=["read", "delete"] if weak else [], lists=lists).offer("list", "read", "delete")
    for account in ACCOUNTS:
        api.new_user(account.username, f"{account.username}@home.test", account.password)
        shelf.put({"title": f"{account.name}s title", "text": f"what {account.name} wrote"}, account.username)
    app, description = api.pair()
    return shelf, scan_app(app, description, [read.CHECK, delete.CHECK], level=level, accounts=ACCOUNTS)


def test_finds_what_strangers_may_read() -> None:
    _, done = scanned(Level.READ, weak=True)
    assert done.broken() == {("OBJ01", "GET /notes/{note_id}")}


def test_holds_where_strangers_are_kept_out() -> None:
    _, done = scanned(Level.READ, weak=False)
    assert done.outcome("OBJ01", "GET /notes/{note_id}") is Outcome.HOLDS


def test_is_silent_where_all_is_listed_to_all() -> None:
    _, done = scanned(Level.READ, weak=True, lists="all")
    assert not done.broken()


@pytest.mark.parametrize("level", list(Level))
def test_what_was_there_before_is_never_deleted(level: Level) -> None:
    shelf, _ = scanned(level, weak=True)
    assert len(shelf.records) == 3
