"""The whole way with the real parts: from lines to incidents, over restarts, kills and a store that is away."""

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from apiward.app.guarding.place import Place
from apiward.app.watching.running import (
    Course,
    WatchRun,
    described,
    opened_on,
    opened_once,
    opened_store,
    run_on,
    run_once,
    upkeep,
)
from apiward.config.errors import AdvisedError
from apiward.config.guarding import GuardConfig
from apiward.config.watching import SourceConfig, WatchConfig
from apiward.core.incident import Incident
from apiward.stores.watching.store import WatchStore
from tests.cli.test_watch import ordinary, probing


class Clock:
    now_s = 2_000_000_000.0

    def __call__(self) -> float:
        return self.now_s


def run_of(folder: Path, **more: object) -> WatchRun:
    place = Place(None, folder, folder / "data")
    config = WatchConfig(sources=(SourceConfig(file="access.log"),), own=False)
    return WatchRun(place, GuardConfig(), config, config.sources, **more)  # type: ignore[arg-type]  # the fields of each test


@contextlib.contextmanager
def going_on(folder: Path, clock: Clock, *, is_followed: bool = True) -> Iterator[Course]:
    run = run_of(folder)
    with opened_store(run) as engine, opened_on(run, engine, is_followed=is_followed, clock=clock) as course:
        yield course


def kept(folder: Path) -> tuple[dict[str, Incident], int]:
    with opened_store(run_of(folder)) as engine:
        record = WatchStore(engine, Clock())
        with engine.connect() as connection:
            number = connection.exec_driver_sql("SELECT count(*) FROM events").scalar() or 0
        # the ids of events tell where the log lies, which differs here
        return {one.id: replace(one, events=()) for one in record.incidents()}, number


def test_a_kill_at_any_moment_changes_nothing(tmp_path: Path) -> None:
    text = ordinary(40) + probing() + ordinary(40, first=400) + probing("198.51.100.9", first=500)
    lines = text.splitlines(keepends=True)
    whole = tmp_path / "whole"
    whole.mkdir()
    (whole / "access.log").write_text(text)
    with going_on(whole, Clock(), is_followed=False) as course:
        run_once(course, lambda _: None, lambda: False)
    wanted, number = kept(whole)
    assert (len(wanted), number) == (2, len(lines))
    for every in (3, 17, 50):
        folder, clock = tmp_path / str(every), Clock()
        folder.mkdir()
        log = folder / "access.log"
        log.touch()
        for start in range(0, len(lines), every):
            with log.open("a") as file:
                file.write("".join(lines[start : start + every]))
            clock.now_s += 10.0 if start % 2 else 0.0  # now and then a checkpoint is due
            with going_on(folder, clock) as course:  # and then it is gone, without an end
                while course.watching.step():
                    pass
        with going_on(folder, clock, is_followed=False) as course:
            run_once(course, lambda _: None, lambda: False)
        assert kept(folder) == (wanted, number)


def test_it_follows_until_somebody_asks_and_waits_for_a_store_that_is_away(tmp_path: Path) -> None:
    (tmp_path / "access.log").write_text(probing())
    clock, said, pauses = Clock(), list[str](), list[float]()
    with going_on(tmp_path, clock) as course:
        record = course.watching._record
        assert record is not None
        commit, fails = record.commit, [True, True]

        def flaky(step: object) -> None:
            if fails:
                fails.pop()
                raise OSError("disk full")
            commit(step)  # type: ignore[arg-type]  # a step, as the loop gives it

        record.commit = flaky  # type: ignore[method-assign]
        course.said = said.append

        def wait(pause_s: float) -> bool:
            pauses.append(pause_s)
            return len(pauses) > 300

        told = run_on(course, lambda _: None, wait, lambda: None, clock)
    assert said[0] == "What was read cannot be kept now, and waits: disk full"
    assert told.events == 48
    assert len(kept(tmp_path)[0]) == 1
    assert pauses[:2] == [1.0, 1.0]


def test_a_batch_that_cannot_be_kept_ends_with_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "access.log").write_text(ordinary(3))

    def full(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(WatchStore, "commit", full)
    with opened_once(run_of(tmp_path)) as course, pytest.raises(AdvisedError, match="cannot be kept"):
        run_once(course, lambda _: None, lambda: False)


def test_it_stops_when_asked_and_says_what_it_has_until_then(tmp_path: Path) -> None:
    (tmp_path / "access.log").write_text(ordinary(30_000))
    with opened_once(run_of(tmp_path, is_kept=False)) as course:
        assert course.size > course.done_bytes == 0
        asked = iter([False, True])
        told = run_once(course, lambda _: None, lambda: next(asked))
    assert 0 < told.events < 30_000


def test_a_checkpoint_that_is_damaged_is_said(tmp_path: Path) -> None:
    (tmp_path / "access.log").write_text(ordinary(3))
    clock = Clock()
    with going_on(tmp_path, clock, is_followed=False) as course:
        run_once(course, lambda _: None, lambda: False)
    with opened_store(run_of(tmp_path)) as engine, engine.begin() as connection:
        connection.exec_driver_sql("UPDATE watch_state SET body = x'00' WHERE id = 'checkpoint'")
    with pytest.raises(AdvisedError, match="cannot go on from where it stopped"), going_on(tmp_path, clock):
        pass


def test_a_description_tells_the_operations_and_must_be_one(tmp_path: Path) -> None:
    (tmp_path / "api.json").write_text(
        '{"openapi":"3.1.0","info":{"title":"x","version":"1"},"paths":{"/orders/{number}":{"get":{"responses":{}}}}}'
    )
    (tmp_path / "access.log").write_text(ordinary(3))
    with opened_once(run_of(tmp_path, description="api.json", is_kept=False)) as course:
        assert course.logs[0].fill()
        assert course.logs[0].events[0].operation == "GET /orders/{number}"
    (tmp_path / "api.json").write_text("nonsense")
    with pytest.raises(AdvisedError):
        described(run_of(tmp_path, description="api.json"))
    assert described(run_of(tmp_path)) is None


def test_upkeep_is_done_now_and_then(tmp_path: Path) -> None:
    clock, said = Clock(), list[str]()
    run = run_of(tmp_path)
    with opened_store(run) as engine:
        tend = upkeep(run, engine, clock, said.append)
        tend()
        clock.now_s += 60.0
        tend()
    assert all("has to wait" not in one for one in said)
