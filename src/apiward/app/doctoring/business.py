"""Looks at what was set up: settings, store, guard, scans, accounts, channels, exercises."""

import shlex
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from apiward.app.doctoring.model import Sight, State, sight
from apiward.app.doctoring.settings import ScanProblems, Settings, problems_in, whole_settings
from apiward.app.guarding.place import Place
from apiward.app.incidents.following import OUTBOX, TESTED
from apiward.app.standing.accepting import accepted_file, read_accepted
from apiward.config.errors import AdvisedError, ConfigError
from apiward.config.guarding import GuardConfig
from apiward.config.names import FILE_NAME
from apiward.config.notifying import NotifyConfig
from apiward.config.rules_file import load_rules_file
from apiward.config.scanning import ScanConfig
from apiward.prove.baseline import Baseline
from apiward.prove.gathered import Gathered
from apiward.prove.grade import EXERCISE_DAYS, FRESH_DAYS, LEAST_SHARE
from apiward.prove.grade_words import EXAMPLE, percent
from apiward.prove.reaching import DAY_S
from apiward.prove.standing import GuardState
from apiward.stores.outbox import Outbox

TESTED_DAYS: Final = 90
MOST_WHY: Final = 1_000


def look_at_settings(
    file: Path | None, environment: Mapping[str, str], scan_problems: ScanProblems
) -> tuple[Sight, Settings]:
    """Return what is wrong with the settings and rules, and what they say."""
    if file is None:
        return sight("settings", "none", State.LATER, file=FILE_NAME), Settings()
    try:
        found = whole_settings(file, environment, scan_problems)
    except ConfigError as error:
        return _broken(file, [error.why]), Settings()
    problems = [*found.problems, *problems_in(lambda: load_rules_file(file.resolve().parent))]
    return _broken(file, problems) if problems else sight("settings", "good", State.GOOD, file=file), found


def _broken(file: Path, problems: Iterable[str]) -> Sight:
    why = " ".join(dict.fromkeys(problems))[:MOST_WHY]
    return sight("settings", "broken", State.BROKEN, file=file, why=why, settings=shlex.quote(str(file)))


def look_at_accepted(place: Place) -> tuple[Baseline, list[Sight]]:
    """Return what is accepted, and a sight of it only where it cannot be read: nobody has to accept anything."""
    try:
        return read_accepted(place), []
    except AdvisedError as error:
        why = error.why[:MOST_WHY]
        return Baseline(), [sight("accepted", "broken", State.BROKEN, file=accepted_file(place), why=why)]


def look_at_guard(guard: GuardState, config: GuardConfig) -> Sight:
    """Return whether a guard runs here, and whether it refuses."""
    state = State.GOOD if guard is GuardState.ENFORCES else State.LATER
    if guard is GuardState.ABSENT:
        state = State.MISSING
    return sight("guard", guard.value, state, upstream=shlex.quote(config.upstream or EXAMPLE))


def look_at_scan(found: Gathered, place: Place, config: GuardConfig) -> Sight:
    """Return how old the last whole scan is, and how far scans came."""
    reach, scan = found.standing.reach, found.whole_scan
    upstream = shlex.quote(found.standing.target or config.upstream or EXAMPLE)
    more = {"upstream": upstream, "data": shlex.quote(str(place.data))}
    if reach is None or scan is None:
        return sight("scan", "none", State.MISSING, **more)
    days = int((found.at_s - scan.at_s) // DAY_S)
    if days > FRESH_DAYS:
        return sight("scan", "old", State.MISSING, days=days, **more)
    how, state = ("little", State.MISSING) if reach.share < LEAST_SHARE else ("good", State.GOOD)
    return sight("scan", how, state, days=days, share=percent(reach.share), least=percent(LEAST_SHARE), **more)


def look_at_accounts(scan: ScanConfig, found: Gathered) -> Sight:
    """Return whether there are two accounts: in the settings, or those that the last scan had."""
    last = found.whole_scan
    count = max(len(scan.accounts), last.accounts if last is not None else 0)
    if count >= 2:
        return sight("accounts", "good", State.GOOD, count=count)
    return sight("accounts", "one" if count else "none", State.MISSING)


def look_at_channels(config: NotifyConfig, folder: Path, now_s: float) -> Sight:
    """Return whether somebody is told, and whether that was tried."""
    if not config.channels:
        return sight("channels", "none", State.MISSING)
    tested = _tested(folder, [one.name for one in config.channels])
    untested = [name for name, at_s in tested.items() if now_s - at_s > TESTED_DAYS * DAY_S]
    if untested:
        names = ", ".join(untested)
        return sight("channels", "untested", State.MISSING, names=names, name=shlex.quote(untested[0]))
    count = len(config.channels)
    if not config.digest:
        return sight("channels", "no-digest", State.LATER, count=count)
    return sight("channels", "good", State.GOOD, count=count, days=TESTED_DAYS)


def look_at_exercise(found: Gathered) -> Sight:
    """Return when an exercise was last played."""
    if found.exercise_s is None:
        return sight("exercise", "none", State.LATER)
    days = max(0, int((found.at_s - found.exercise_s) // DAY_S))
    is_old = days > EXERCISE_DAYS
    return sight("exercise", "old" if is_old else "good", State.LATER if is_old else State.GOOD, days=days)


def _tested(folder: Path, names: list[str]) -> dict[str, float]:
    path = folder / OUTBOX
    if not path.exists():
        return dict.fromkeys(names, 0.0)
    try:
        outbox = Outbox(path)
        try:
            return {name: outbox.number(f"{TESTED}{name}") for name in names}
        finally:
            outbox.close()
    except OSError:
        return dict.fromkeys(names, 0.0)
