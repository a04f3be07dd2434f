"""What may go wrong around the events, with real processes and a real full disk."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from apiward.stores.events.database import open_database, sqlite_url
from apiward.stores.events.keeping import StoreAwayError
from apiward.stores.events.queue import EventQueue
from apiward.stores.events.reading import EventReader
from apiward.stores.events.rows import COLUMNS
from apiward.stores.events.spool import MIN_SEGMENT
from apiward.stores.events.storing import SqlEvents
from tests.conftest import Server
from tests.stores.events.made import NOW_S, Shelf, event, rows, sql, stored
from tests.stores.record.made import looked, refused

pytestmark = pytest.mark.long

_ROOT = Path(__file__).parents[3]


def _worker(folder: Path, first: int, number: int, *more: str) -> subprocess.Popen[str]:
    arguments = [str(folder), str(first), str(number), *more]
    command = [sys.executable, "-m", "tests.stores.events.offering", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=_ROOT)


def _restart(folder: Path) -> None:
    queue = EventQueue(folder / "spool", sql(folder / "events.sqlite", busy_ms=2_000))
    queue.start()
    queue.close(timeout_s=20.0)


def _killed_after(folder: Path, first: int, said: int) -> int:
    """Start a worker, kill it when it has said that many, and return the last number it said in all."""
    with _worker(folder, first, 1_000_000) as worker:
        assert worker.stdout
        for _ in range(said):
            worker.stdout.readline()
        worker.kill()
        rest = worker.stdout.read().splitlines()
    return int(rest[-1]) if rest else first + said - 1


@pytest.mark.parametrize("said", [1, 700, 30_000])
def test_what_a_killed_worker_accepted_is_all_there_and_once(tmp_path: Path, said: int) -> None:
    last = _killed_after(tmp_path, 0, said)
    for _ in range(2):  # what a start has stored and not thrown away is thrown away by the next, and not stored again
        _restart(tmp_path)
    ids = [item.id for item in stored(tmp_path / "events.sqlite")]
    # One more may have been accepted in the moment before it could be said.
    assert ids[: last + 1] == [f"{number:08d}" for number in range(last + 1)]
    assert len(ids) in {last + 1, last + 2}
    assert list((tmp_path / "spool").glob("*.spool")) == []


@pytest.mark.long
def test_workers_killed_one_after_another_lose_nothing_and_the_record_is_whole(tmp_path: Path) -> None:
    lasts = [(first, _killed_after(tmp_path, first, 3_000)) for first in (0, 10_000_000, 20_000_000)]
    _restart(tmp_path)
    events = stored(tmp_path / "events.sqlite")
    ids = [item.id for item in events]
    assert len(ids) == len(set(ids))
    with sqlite3.connect(tmp_path / "events.sqlite") as database:
        audit = [id_ for (id_,) in database.execute("SELECT id FROM audit ORDER BY seq")]
        counted = database.execute("SELECT sum(requests) FROM rollups").fetchone()[0]
    database.close()
    assert audit == [item.id for item in events if item.status == 403]
    assert (counted, len(audit) > 2_900) == (len(ids), True)
    engine = open_database(sqlite_url(tmp_path / "events.sqlite"))
    assert looked(engine).flaws == ()
    engine.dispose()
    assert {f"{n:08d}" for first, last in lasts for n in range(first, last + 1)} <= set(ids)


def test_three_workers_at_once_store_everything_once(tmp_path: Path) -> None:
    workers = [_worker(tmp_path, first, 3_000) for first in (0, 3_000, 6_000)]
    for worker in workers:
        worker.communicate()
        assert worker.returncode == 0
    assert sorted(item.id for item in stored(tmp_path / "events.sqlite")) == [f"{n:08d}" for n in range(9_000)]
    assert list((tmp_path / "spool").glob("*.spool")) == []


def test_a_store_that_another_program_locks_is_caught_up_with(tmp_path: Path) -> None:
    path = tmp_path / "events.sqlite"
    queue = EventQueue(tmp_path / "spool", sql(path))
    queue._step()
    queue.offer(event(1))
    assert queue._step()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    queue.offer(event(2))
    assert not queue._step()
    assert "locked" in queue.state().problem
    queue.offer(event(3))
    other.execute("COMMIT")
    other.close()
    assert queue._step()
    queue.close()
    assert stored(path) == [event(1), event(2), event(3)]


def test_a_database_that_breaks_under_way_loses_no_later_event_and_is_told_of(tmp_path: Path) -> None:
    path = tmp_path / "events.sqlite"
    path.write_bytes(b"no database" * 1_000)
    queue = EventQueue(tmp_path / "spool", sql(path))
    queue.offer(event(1))
    assert queue._step()
    queue.start()
    queue.close()
    first, note = stored(path)
    assert first == event(1)
    assert (note.kind, "set aside" in note.said) == ("guard", True)


def test_a_postgresql_that_crashes_and_comes_back_loses_nothing(
    tmp_path: Path, postgresql: Server, empty_postgresql: str
) -> None:
    engine = open_database(empty_postgresql)
    queue = EventQueue(tmp_path / "spool", SqlEvents(engine, lambda: NOW_S))
    for number in range(300):
        queue.offer(refused(number))
    assert queue._step()
    postgresql.stop()
    try:
        for number in range(300, 600):
            queue.offer(refused(number))
        assert not queue._step()
        assert queue.state().problem
    finally:
        postgresql.start()
    assert queue._step()
    queue.close()
    assert [item.event.id for item in EventReader(engine).events(limit=1_000)] == [f"{n:08d}" for n in range(600)]
    assert (looked(engine).size, looked(engine).flaws) == (600, ())
    engine.dispose()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a disk of one megabyte."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    if os.geteuid() != 0 or mount is None:
        pytest.skip("only root may mount a small disk")
    done = subprocess.run([mount, "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], check=False, capture_output=True)
    if done.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {done.stderr.decode()}")
    yield folder
    subprocess.run(["umount", folder], check=True)


def _fill(folder: Path) -> Path:
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4_096))
        except OSError:
            return ballast


def test_on_a_full_disk_the_spool_takes_what_it_reserved_and_the_rest_is_counted(small_disk: Path) -> None:
    shelf = Shelf()
    queue = EventQueue(small_disk, shelf, segment_size=MIN_SEGMENT, most_bytes=4 * MIN_SEGMENT)
    queue.offer(event(0))
    ballast = _fill(small_disk)
    for number in range(1, 4_000):
        queue.offer(event(number))
    state = queue.state()
    assert state.accepted > 1_000
    assert state.dropped == 4_000 - state.accepted
    assert "No space left" in state.problem
    ballast.unlink()
    queue._step()
    queue._step()
    assert shelf.ids[: state.accepted] == [f"{number:08d}" for number in range(state.accepted)]
    assert f"{state.dropped} events were lost" in str(shelf.rows[state.accepted][COLUMNS.index("said")])
    queue.close()


def test_a_database_on_a_full_disk_is_away_until_there_is_room(small_disk: Path) -> None:
    path = small_disk / "events.sqlite"
    keeper = sql(path)
    keeper.add(rows(0))
    ballast = _fill(small_disk)
    with pytest.raises(StoreAwayError, match="full"):
        keeper.add(rows(*range(1, 500)))
    ballast.unlink()
    keeper.add(rows(*range(1, 500)))
    assert len(stored(path)) == 500
    keeper._engine.dispose()
