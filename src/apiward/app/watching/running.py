"""Runs a watch: over logs that are there, once; or on and on, until somebody ends it."""

import asyncio
import contextlib
import gc
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from apiward.app.guarding.description import known_api
from apiward.app.guarding.place import Place
from apiward.app.guarding.upkeep import room_of, store_url, upkeep_of
from apiward.app.recording.opening import told
from apiward.app.watching.checkpoints import unpacked
from apiward.app.watching.opening import (
    Surroundings,
    alone,
    name_of,
    open_reading,
    surroundings_of,
    templates_of,
    templates_part,
    with_own_names,
)
from apiward.app.watching.reading import LogReading, Reading
from apiward.app.watching.seeing import RULES, BothSeers, seers_of
from apiward.app.watching.sources.own import OWN, OwnEvents
from apiward.app.watching.watching import PLACE, Told, Watching
from apiward.catalogue.detections import load_detections
from apiward.catalogue.incidents import load_incident_words
from apiward.config.errors import AdvisedError
from apiward.config.guarding import GuardConfig
from apiward.config.watching import SourceConfig, WatchConfig
from apiward.core.api import Api
from apiward.core.ports import Clock, WatchRecord
from apiward.stores.events.database import bring_up_to_date, open_database
from apiward.stores.watching.store import WatchStore
from apiward.watch.correlator import StateError
from apiward.watch.incidents import Incidents

IDLE_S: Final = 0.25
"""Seconds between two looks where nothing has come."""
LOOK_S: Final = 60.0
"""Seconds without any event after which the time of this machine counts."""
UPKEEP_S: Final = 30.0
_TRY_AGAIN_S: Final = 1.0
COLLECT: Final = (500_000, 50, 1_000)
"""Things that are made and not let go again, after which garbage is looked for: of a batch of lines, none is left."""


@dataclass(frozen=True, slots=True)
class WatchRun:
    """What is to be watched, and where. `place` is that of the guard whose store is used."""

    place: Place
    guard: GuardConfig
    config: WatchConfig
    sources: tuple[SourceConfig, ...] = ()
    description: str = ""
    is_kept: bool = True


@dataclass(slots=True)
class Course:
    """How a watch goes: what it reads, what came of it, and what is told on the way."""

    watching: Watching
    logs: list[LogReading]
    readings: Sequence[Reading]
    said: Callable[[str], None] = print

    @property
    def size(self) -> int:
        """Return the bytes of all logs, as far as they are known."""
        return sum(one.size for one in self.readings)

    @property
    def done_bytes(self) -> int:
        """Return how many of them were read."""
        return sum(one.done_bytes for one in self.readings)


@contextlib.contextmanager
def _rare_collections() -> Iterator[None]:
    """Look for garbage in circles rarely: nothing here makes any, and to look costs a fourth of the time.

    What is there at the start, such as all the code, is not looked through at all.
    """
    before = gc.get_threshold()
    gc.set_threshold(*COLLECT)
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)


@contextlib.contextmanager
def opened_once(run: WatchRun, clock: Clock = time.time) -> Iterator[Course]:
    """Give a watch over logs from their beginning; it ends where they end. Raises AdvisedError.

    It goes on from nothing and leaves nothing to go on from, so the same logs give the same incidents each time.
    """
    api = described(run)
    around = surroundings_of(run.place, api, run.guard.origin.trusted_proxies, is_kept=run.is_kept)
    with _rare_collections(), contextlib.ExitStack() as stack:
        record = stack.enter_context(_kept(run)) if run.is_kept else None
        logs = [
            stack.enter_context(contextlib.closing(open_reading(one, around))) for one in with_own_names(run.sources)
        ]
        watching = Watching(
            logs,
            seers_of(run.config, run.place.base),
            _grouping(run.config),
            record,
            clock=clock,
            is_resumed=False,
            keeps_events=run.config.keep_events,
        )
        yield Course(watching, logs, logs)


@contextlib.contextmanager
def opened_on(run: WatchRun, engine: Engine, *, is_followed: bool, clock: Clock = time.time) -> Iterator[Course]:
    """Give a watch that goes on from where the last one stopped. Raises AdvisedError."""
    around = surroundings_of(run.place, described(run), run.guard.origin.trusted_proxies, is_kept=True)
    with _rare_collections(), contextlib.ExitStack() as stack:
        stack.enter_context(alone(run.place.data))
        record = WatchStore(engine, time.time, rest=lambda: None)
        yield _resumed(run, around, record, stack, clock, is_followed=is_followed)


def _resumed(
    run: WatchRun,
    around: Surroundings,
    record: WatchRecord,
    stack: contextlib.ExitStack,
    clock: Clock,
    *,
    is_followed: bool,
) -> Course:
    positions, checkpoint = record.resume()
    parts, seer, grouping = _gone_on(run, checkpoint)
    around = replace(around, templates=templates_of(parts))
    logs: list[LogReading] = []
    for one in with_own_names(run.sources):
        logs.append(open_reading(one, around, positions.get(name_of(one), ""), is_followed=is_followed))
        stack.callback(logs[-1].close)
    readings: list[Reading] = [*logs]
    if run.config.own:
        readings.append(OwnEvents(record, positions.get(OWN, ""), is_followed=is_followed))
    watching = Watching(
        readings,
        seer,
        grouping,
        record,
        clock=clock,
        is_resumed=True,
        keeps_events=run.config.keep_events,
        extra=lambda: {**templates_part(around.templates), **seer.part()},
        place=parts.get(PLACE, b""),
    )
    return Course(watching, logs, readings)


def _gone_on(run: WatchRun, checkpoint: bytes) -> tuple[dict[str, bytes], BothSeers, Incidents]:
    """Return what was known where the last one stopped. Raises AdvisedError."""
    grouping = _grouping(run.config)
    try:
        parts = unpacked(checkpoint)
        if not parts:
            return parts, seers_of(run.config, run.place.base), grouping
        grouping.restore(parts["grouping"])
        seer = seers_of(run.config, run.place.base, parts["seer"], parts.get(RULES, b""))
        return parts, seer, grouping
    except (StateError, ValueError, KeyError) as error:
        advice = "Put a backup of the store in its place, or begin anew with another folder: --data DIR"
        raise AdvisedError("Watch cannot go on from where it stopped.", f"{error}.", advice) from error


def run_once(course: Course, shown: Callable[[Course], None], is_asked: Callable[[], bool]) -> Told:
    """Read to the end, or until somebody asks to stop; return what came of it. Raises AdvisedError."""
    with told("keep what was read"):
        try:
            while not is_asked() and (course.watching.step() or not course.watching.is_over):
                shown(course)
        except OSError as error:
            raise AdvisedError(
                "What was read cannot be kept.", f"{error}.", "Make room, then start it again."
            ) from error
        return course.watching.finish()


def run_on(
    course: Course,
    shown: Callable[[Course], None],
    wait: Callable[[float], bool],
    tend: Callable[[], None],
    clock: Clock,
) -> Told:
    """Read on and on until `wait` says that somebody has asked to stop. A store that is away is waited for."""
    idle_s = 0.0
    while True:
        try:
            has_read = course.watching.step()
            if not has_read and idle_s >= LOOK_S:
                course.watching.look(clock())
                idle_s = 0.0
            pause_s = 0.0 if has_read else IDLE_S
        except OSError as error:
            course.said(f"What was read cannot be kept now, and waits: {error}")
            has_read, pause_s = False, _TRY_AGAIN_S
        idle_s = 0.0 if has_read else idle_s + pause_s
        shown(course)
        tend()
        if wait(pause_s):
            return course.watching.finish()


def upkeep(run: WatchRun, engine: Engine, clock: Clock, said: Callable[[str], None]) -> Callable[[], None]:
    """Return what signs the audit record, removes what is old and looks at the disk, as a guard does; called often."""
    parts = (*upkeep_of(engine, run.place.data, run.place.base, run.guard), room_of(run.place.data, run.guard))
    due_s = clock() + UPKEEP_S

    def tend() -> None:
        nonlocal due_s
        now_s = clock()
        if now_s < due_s:
            return
        due_s = now_s + UPKEEP_S
        for part in parts:
            try:
                for note in part.run(now_s):
                    said(note)
            except (OSError, SQLAlchemyError) as error:
                said(f"Upkeep of the store has to wait: {error}")

    return tend


def described(run: WatchRun) -> Api | None:
    """Return the description, None where none is named: then paths are learned. Raises AdvisedError."""
    description = run.description or run.guard.description
    if not description:
        return None
    known = asyncio.run(known_api(run.guard.upstream, description, run.place.base))
    if known.api is None:
        raise AdvisedError(
            f"{description[:80]} cannot be used as a description.", known.why, "Leave it out: paths are learned."
        )
    return known.api


def _grouping(config: WatchConfig) -> Incidents:
    words = load_detections()
    return Incidents(
        load_incident_words(), config.grouping, title=lambda rule: words[rule].title if rule in words else rule
    )


@contextlib.contextmanager
def opened_store(run: WatchRun) -> Iterator[Engine]:
    """Give the database, made where there is none yet. Raises AdvisedError."""
    with told("be opened"):
        engine = open_database(store_url(run.place.data, run.guard))
        try:
            bring_up_to_date(engine)
            yield engine
        finally:
            engine.dispose()


@contextlib.contextmanager
def _kept(run: WatchRun) -> Iterator[WatchRecord]:
    with opened_store(run) as engine:
        yield WatchStore(engine, time.time, rest=lambda: None)
