"""What `apiward watch` does."""

import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from apiward.app.incidents.desk import record_of
from apiward.app.incidents.following import seal_of, telling
from apiward.app.incidents.holding import ITSELF, holding
from apiward.app.watching.running import (
    Course,
    WatchRun,
    opened_on,
    opened_once,
    opened_store,
    run_on,
    run_once,
    upkeep,
)
from apiward.catalogue.counting import counted
from apiward.cli.block_desk import shut_desk
from apiward.cli.exits import ExitCode
from apiward.cli.speaking import say, write_out
from apiward.cli.store_places import place_of, texts
from apiward.cli.watch_progress import LogProgress, log_progress
from apiward.cli.watch_told import change_line, document, report, unread_lines
from apiward.config.errors import AdvisedError
from apiward.config.names import FILE_NAME
from apiward.config.notifying import NotifyConfig, load_notify
from apiward.config.watching import SourceConfig, WatchConfig, load_watch
from apiward.core.finding import Severity

STANDARD_INPUT: Final = "-"


def watch(given: Mapping[str, object]) -> int:
    """Run the command with the parameters that click has read; returns the exit code. Raises AdvisedError."""
    run = _run(given)
    logs = texts(given, "logs")
    if logs and not given.get("follow"):
        return _once(run, given)
    if given.get("fresh"):
        raise AdvisedError("--fresh belongs to logs that are read once.", "What is followed must know where it was.")
    if not logs and not run.sources and not _has_guard(run):
        why = "No log was named, there are no [[watch.sources]] in the settings, and no guard has run here."
        raise AdvisedError("There is nothing to watch.", why, "Name a log: apiward watch access.log")
    return _on(run, given)


def _once(run: WatchRun, given: Mapping[str, object]) -> int:
    with opened_once(run) as course, _asked() as is_asked, log_progress(is_quiet=bool(given.get("quiet"))) as progress:
        done = run_once(course, progress.show, is_asked.is_set)
        progress.close()
        return _end(course, given, was_stopped=is_asked.is_set() and not course.watching.is_over, kept=done.events)


def _on(run: WatchRun, given: Mapping[str, object]) -> int:
    is_followed = not given.get("once")
    with opened_store(run) as engine, opened_on(run, engine, is_followed=is_followed) as course, _asked() as is_asked:
        course.said = say
        if not is_followed:
            done = run_once(course, lambda _: None, is_asked.is_set)
            return _end(course, given, was_stopped=is_asked.is_set(), kept=done.events)
        say(f"Watching {_sources(course)}. Ctrl-C ends it.")
        told = Changes(as_json=bool(given.get("as_json")))
        with (
            telling(
                record_of(engine),
                _notify(given),
                run.place.data,
                run.place.base,
                checkpoint=seal_of(engine, run.place.data),
            ),
            holding(engine, run.config.automatic, shut_desk(given, ITSELF), run.place.data),
        ):
            for line in _allowed(run.config):
                say(line)
            run_on(course, told, is_asked.wait, upkeep(run, engine, time.time, say), time.time)
            told(course)
    return ExitCode.HOLDS


class Changes:
    """Says each incident that has begun or become worse, once."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._said: dict[str, tuple[str, int]] = {}

    def __call__(self, course: Course) -> None:
        """Say what is new."""
        incidents = course.watching.told.incidents
        for one in incidents.values():
            stand = (one.state.value, int(one.severity))
            if self._said.get(one.id) != stand:
                self._said[one.id] = stand
                write_out(change_line(one, as_json=self._as_json))
        if len(self._said) > 20_000:
            self._said.clear()
        incidents.clear()


def _end(course: Course, given: Mapping[str, object], *, was_stopped: bool, kept: int) -> int:
    told = course.watching.told
    for line in unread_lines(course.logs):
        say(line)
    write_out(document(course) if given.get("as_json") else report(course))
    if was_stopped:
        say(f"It was stopped after {kept:,} requests; these are told above.")
        return ExitCode.INTERRUPTED
    if not told.events and any(one.unread for one in course.logs):
        return ExitCode.NOT_ENOUGH
    limit = str(given.get("fail_on") or "high")
    if limit != "never" and any(one.severity >= Severity[limit.upper()] for one in told.incidents.values()):
        return ExitCode.BROKEN
    return ExitCode.HOLDS


def _notify(given: Mapping[str, object]) -> NotifyConfig:
    path = Path(str(given["config"])) if given.get("config") else Path(FILE_NAME)
    return load_notify(path if given.get("config") or path.exists() else None)


def _run(given: Mapping[str, object]) -> WatchRun:
    place, guard = place_of(given)
    file = given.get("config")
    path = Path(str(file)) if file else Path(FILE_NAME)
    config = load_watch(path) if file or path.exists() else WatchConfig()
    spec = str(given.get("spec") or "")
    if spec and "://" not in spec:
        spec = str(Path(spec).absolute())
    typed = tuple(_typed(one, given, config) for one in texts(given, "logs"))
    return WatchRun(place, guard, config, typed or config.sources, spec, is_kept=not given.get("fresh"))


def _typed(log: str, given: Mapping[str, object], config: WatchConfig) -> SourceConfig:
    """Return the log that was typed. Of one that stands in the settings, these say what was not typed."""
    file = log if log == STANDARD_INPUT else str(Path(log).absolute())
    known = next(
        (one for one in config.sources if one.file and Path(one.file).absolute() == Path(file)), SourceConfig()
    )
    said = {
        "format": given.get("form"),
        "principal": given.get("principal"),
        "token": given.get("token"),
        "forwarded": given.get("forwarded"),
        "trusted_proxies": texts(given, "proxies"),
        "time_zone": given.get("zone"),
    }
    try:
        return replace(known, file=file, **{name: value for name, value in said.items() if value})  # type: ignore[arg-type]  # texts, as click read them
    except ValueError as error:
        raise AdvisedError(f"{log}: what was typed cannot be used.", f"{error}.") from None


def _has_guard(run: WatchRun) -> bool:
    return run.config.own and run.place.data.exists()


def _allowed(config: WatchConfig) -> Iterator[str]:
    """Yield what is said of what apiward may do by itself."""
    automatic = config.automatic
    if automatic.consent:
        yield (
            f"It may hold off by itself, for {counted(automatic.minutes, 'minute', 'minutes')} and not more than "
            f"{automatic.most} at once: {', '.join(automatic.consent)}."
        )


def _sources(course: Course) -> str:
    return ", ".join("the guard's own events" if one.is_own else one.name for one in course.readings) or "nothing"


@contextmanager
def _asked() -> Iterator[threading.Event]:
    """Give what is set once somebody asks to stop; a second time stops at once."""
    asked = threading.Event()
    before: dict[signal.Signals, object] = {}

    def stop(number: int, _: object) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()
        del number

    names: tuple[signal.Signals, ...] = (signal.SIGINT, signal.SIGTERM)
    if threading.current_thread() is threading.main_thread():
        before = {name: signal.signal(name, stop) for name in names}
    try:
        yield asked
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)  # type: ignore[arg-type]  # what signal itself has given


Show = Callable[[Course], None]
__all__ = ["Changes", "LogProgress", "watch"]
