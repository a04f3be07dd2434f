import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from apiward.core.ports import KeptSession
from apiward.stores.sessions.shared import SharedSessions

NOW_S = 1_000.0


def session(digest: bytes = b"d1", account: str = "anna", until_s: float = 2_000.0) -> KeptSession:
    return KeptSession(digest, account, {"sub": "7"}, until_s)


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[SharedSessions, SharedSessions]]:
    """Two workers of one guard."""
    workers = tuple(SharedSessions(tmp_path / "sessions", clock=lambda: NOW_S) for _ in range(2))
    yield workers[0], workers[1]
    for one in workers:
        one.close()


def test_what_one_worker_keeps_the_other_hears_once(pair: tuple[SharedSessions, SharedSessions]) -> None:
    one, other = pair
    assert list(other.news()) == []
    one.keep(session())
    assert list(other.news()) == [session()]
    assert list(other.news()) == []


def test_an_end_is_heard_too(pair: tuple[SharedSessions, SharedSessions]) -> None:
    one, other = pair
    one.keep(session())
    other.news()
    one.keep(session(until_s=0.0))
    assert [kept.until_s for kept in other.news()] == [0.0]


def test_it_outlasts_a_restart_without_what_has_ended(tmp_path: Path) -> None:
    before = SharedSessions(tmp_path / "sessions", clock=lambda: NOW_S)
    before.keep(session())
    before.keep(session(b"d2", until_s=500.0))
    before.keep(KeptSession(b"sid", "", {}, 0.0))
    before.close()
    after = SharedSessions(tmp_path / "sessions", clock=lambda: NOW_S)
    assert {kept.digest for kept in after.news()} == {b"d1", b"sid"}
    after.close()


def test_it_is_bounded(tmp_path: Path) -> None:
    kept = SharedSessions(tmp_path / "sessions", clock=lambda: NOW_S, most=10)
    for number in range(1_002):
        kept.keep(session(b"%d" % number, until_s=NOW_S + 1 + number))
    with sqlite3.connect(tmp_path / "sessions") as database:
        count: int = database.execute("SELECT count(*) FROM sessions").fetchone()[0]
    assert count <= 11
    kept.close()


def test_a_locked_file_stops_nothing_and_is_made_good(tmp_path: Path) -> None:
    now = [NOW_S]
    one = SharedSessions(tmp_path / "sessions", clock=lambda: now[0], timeout_s=0.0)
    other = SharedSessions(tmp_path / "sessions", clock=lambda: now[0], timeout_s=0.0)
    with sqlite3.connect(tmp_path / "sessions") as lock:
        lock.execute("BEGIN EXCLUSIVE")
        one.keep(session())
    assert one.failures == 1
    one.keep(session(b"d2"))
    assert {kept.digest for kept in other.news()} == {b"d1", b"d2"}
    one.close()
    other.close()
