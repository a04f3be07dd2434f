from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from apiward.core.event import Event
from apiward.core.ports import EventSink
from apiward.stores.events.queue import EventQueue, QueueState
from apiward.stores.events.rows import COLUMNS, event_of
from apiward.stores.events.spool import MIN_SEGMENT, SpoolFullError
from tests.stores.events.made import NOW_S, Shelf, event, sql, stored


def _queue(folder: Path, shelf: Shelf, clock: Iterator[float] | None = None) -> EventQueue:
    times = clock or iter([])
    return EventQueue(
        folder,
        shelf,
        clock=lambda: next(times, NOW_S),
        segment_size=MIN_SEGMENT,
        most_bytes=2 * MIN_SEGMENT,
    )


def _kept(shelf: Shelf) -> list[Event]:
    return [event_of(row) for row in shelf.rows]


def test_what_is_offered_is_stored_when_it_closes(tmp_path: Path) -> None:
    path = tmp_path / "events.sqlite"
    queue = EventQueue(tmp_path / "spool", sql(path))
    sink: EventSink = queue
    sink.offer(event(1))
    queue.start()
    sink.offer(event(2))
    queue.close()
    assert stored(path) == [event(1), event(2)]
    state = queue.state()
    assert (state.accepted, state.dropped, state.stored, state.waiting_bytes) == (2, 0, 2, 0)
    assert state.problem == ""


def test_while_the_store_is_away_events_wait_and_the_state_says_why(tmp_path: Path) -> None:
    shelf = Shelf(is_away=True)
    queue = _queue(tmp_path, shelf)
    queue.offer(event(1))
    assert not queue._step()
    assert queue.state().problem == "nobody is there"
    shelf.is_away = False
    assert queue._step()
    assert _kept(shelf) == [event(1)]
    assert queue.state().problem == ""
    queue.close()


def test_a_full_spool_drops_counts_and_says_so_when_it_can(tmp_path: Path) -> None:
    shelf = Shelf(is_away=True)
    queue = _queue(tmp_path, shelf, clock=count(1_000.0))
    for number in range(5_000):
        queue.offer(event(number))
    state = queue.state()
    assert state.dropped > 0
    assert state.accepted + state.dropped == 5_000
    assert "take" in state.problem
    queue._step()
    shelf.is_away = False
    queue._step()
    queue.offer(event(9_999))
    queue._step()
    kept = _kept(shelf)
    assert kept[: state.accepted] == [event(number) for number in range(state.accepted)]
    note, last = kept[state.accepted :]
    assert note.kind == "guard"
    assert note.said == f"{state.dropped} events were lost since 1970-01-01T00:16:40Z: the spool was full."
    assert last == event(9_999)
    queue._step()
    assert len(shelf.rows) == len(kept)
    queue.close()


def test_only_one_of_two_workers_drains_and_the_other_takes_over(tmp_path: Path) -> None:
    shelf = Shelf()
    first, second = _queue(tmp_path, shelf), _queue(tmp_path, shelf)
    first._step()
    second.offer(event(1))
    second._step()
    assert shelf.rows == []
    first._step()
    assert _kept(shelf) == [event(1)]
    first.close()
    second.offer(event(2))
    second._step()
    assert _kept(shelf) == [event(1), event(2)]
    second.close()


def test_what_is_offered_after_the_end_waits_for_the_next_start(tmp_path: Path) -> None:
    shelf = Shelf()
    queue = _queue(tmp_path, shelf)
    queue.start()
    queue.close()
    queue.offer(event(1))
    queue._spool.close()
    again = _queue(tmp_path, shelf)
    again.start()
    again.close()
    assert _kept(shelf) == [event(1)]


def test_closing_does_not_wait_for_ever_for_a_store(tmp_path: Path) -> None:
    shelf = Shelf(is_away=True)
    queue = _queue(tmp_path, shelf)
    queue.offer(event(1))
    queue.start()
    queue.close(timeout_s=0.1)
    assert queue.state().waiting_bytes > 0
    shelf.is_away = False
    again = _queue(tmp_path, shelf)
    again.start()
    again.close()
    assert _kept(shelf) == [event(1)]


class _Wrong:
    def add(self, rows: list[list[str | int | float | None]]) -> tuple[str, ...]:
        raise ZeroDivisionError


def test_a_fault_of_a_keeper_does_not_end_the_thread(tmp_path: Path) -> None:
    queue = EventQueue(tmp_path, _Wrong())
    queue.offer(event(1))
    assert not queue._step()
    assert queue.state().problem == "ZeroDivisionError"
    queue.close()


def test_damage_becomes_an_event_of_the_guard(tmp_path: Path) -> None:
    (tmp_path / "0.spool").write_bytes(b"no segment")
    shelf = Shelf()
    queue = _queue(tmp_path, shelf)
    queue._step()
    queue._step()
    (note,) = _kept(shelf)
    assert (note.kind, note.at_s) == ("guard", NOW_S)
    assert "0.spool" in note.said
    queue.close()


class Chore:
    """Something beside the storing that may fail."""

    def __init__(self) -> None:
        self.runs: list[bool] = []
        self.notes: tuple[str, ...] = ()
        self.problem: Exception | None = None

    def run(self, now_s: float, *, is_last: bool = False) -> tuple[str, ...]:
        self.runs.append(is_last)
        if self.problem:
            raise self.problem
        return self.notes


def said_of(shelf: Shelf) -> list[str]:
    return [str(row[COLUMNS.index("said")]) for row in shelf.rows if row[COLUMNS.index("kind")] == "guard"]


def again(queue: EventQueue) -> bool:
    queue._upkeep_at_s = 0.0
    return queue._step()


def test_what_is_done_beside_the_storing_is_done_by_the_one_that_drains_and_once_more_at_the_end(
    tmp_path: Path,
) -> None:
    first, second = Chore(), Chore()
    none = EventQueue(tmp_path / "none", Shelf(), upkeep=[first])
    again(none)
    none.close()
    assert first.runs == [], "there is no store before something was stored"
    draining = EventQueue(tmp_path, Shelf(), upkeep=[first])
    waiting = EventQueue(tmp_path, Shelf(), upkeep=[second])
    draining.offer(event(1))
    again(draining)
    again(waiting)
    draining._step()
    assert (first.runs, second.runs) == ([False], [])
    draining.start()
    draining.close()
    waiting.close()
    assert first.runs[-1] is True
    assert second.runs == []


def test_what_it_says_becomes_an_event_and_is_told(tmp_path: Path) -> None:
    chore, shelf, told = Chore(), Shelf(), list[str]()
    chore.notes = ("The disk is nearly full.",)
    queue = EventQueue(tmp_path, shelf, upkeep=[chore], tell=told.append)
    queue.offer(event(1))
    again(queue)
    queue._step()
    queue.close()
    assert said_of(shelf) == told == ["The disk is nearly full."]


def test_what_fails_beside_the_storing_is_told_once_and_stops_nothing(tmp_path: Path) -> None:
    bad, good, shelf = Chore(), Chore(), Shelf()
    queue = EventQueue(tmp_path, shelf, upkeep=[bad, good])
    bad.problem = ValueError("no\nsecret line")
    for _ in range(3):
        queue.offer(event(1))
        assert again(queue)
    bad.problem = None
    again(queue)
    bad.problem = ValueError("again")
    again(queue)
    queue._step()
    queue.close()
    assert said_of(shelf) == ["Chore of the store fails: no", "Chore of the store fails: again"]
    assert len(good.runs) == 5


def test_a_store_that_is_away_for_long_is_told_of_and_so_is_its_return(tmp_path: Path) -> None:
    now, shelf, told = [NOW_S], Shelf(is_away=True), list[str]()
    queue = EventQueue(tmp_path, shelf, clock=lambda: now[0], tell=told.append)
    queue.offer(event(1))
    queue._step()
    now[0] += 59
    queue._step()
    assert told == []
    now[0] += 1
    queue._step()
    queue._step()
    assert told == ["Events cannot be stored since 2027-01-15T08:00:00Z: nobody is there. They wait on the disk."]
    shelf.is_away = False
    queue._step()
    queue._step()
    queue.close()
    assert told[1:] == ["Events are stored again. They waited since 2027-01-15T08:00:00Z."]
    assert said_of(shelf) == told


def test_a_store_that_is_away_for_a_moment_is_no_news(tmp_path: Path) -> None:
    told, shelf = list[str](), Shelf(is_away=True)
    queue = EventQueue(tmp_path, shelf, tell=told.append)
    queue.offer(event(1))
    assert not queue._step()
    shelf.is_away = False
    assert queue._step()
    queue.close()
    assert told == []


def test_the_disk_is_looked_at_while_the_store_is_away_and_how_things_stand_is_shown(tmp_path: Path) -> None:
    chore, told, shown = Chore(), list[str](), list[QueueState]()
    chore.notes = ("The disk is nearly full.",)
    shelf = Shelf(is_away=True)
    queue = EventQueue(
        tmp_path, shelf, always=[chore], tell=told.append, show=shown.append, clock=count(1_000.0).__next__
    )
    queue.offer(event(1))
    queue._step()
    assert (chore.runs, told) == ([False], ["The disk is nearly full."])
    assert (shown[-1].problem, shown[-1].accepted, shown[-1].stored) == ("nobody is there", 1, 0)
    assert shown[-1].away_since_s is not None
    queue._step()
    assert len(chore.runs) == len(shown) == 1, "a second has not passed"
    shelf.is_away = False
    queue.start()
    queue.close()
    last = shown[-1]
    assert (last.problem, last.stored, last.away_since_s) == ("", 2, None)


def test_while_the_spool_takes_nothing_its_losses_are_said_once_a_minute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    queue = EventQueue(tmp_path, Shelf(is_away=True), tell=told.append)

    def full(_: bytes) -> None:
        raise SpoolFullError("no room")

    monkeypatch.setattr(queue._spool, "append", full)
    for number in range(3):
        queue.offer(event(number))
        queue._step()
    assert [said.partition(" since ")[0] for said in told] == ["1 events were lost"]
    queue._loud_at_s = 0.0
    queue._step()
    assert told[-1].startswith("3 events were lost since")
    queue.close()
