"""Looks at everything once, in the order in which it matters.

Nothing is sent but one question to the owner's page on this computer: whether it answers. It opens the store as every
command does: that brings it up to date, and stores the events that wait beside it.
"""

import os
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from apiward.app.doctoring.business import (
    look_at_accepted,
    look_at_accounts,
    look_at_channels,
    look_at_exercise,
    look_at_guard,
    look_at_scan,
    look_at_settings,
)
from apiward.app.doctoring.machine import look_at_certificates, look_at_parts, look_at_python, look_at_room
from apiward.app.doctoring.model import Sight, State, sight
from apiward.app.doctoring.page import look_at_page
from apiward.app.doctoring.settings import ScanProblems
from apiward.app.guarding.place import Place
from apiward.app.recording.findings import has_store
from apiward.app.recording.opening import Store, StoreError, told
from apiward.app.standing.gathering import gather, nothing_kept
from apiward.config.errors import AdvisedError
from apiward.config.guarding import GuardConfig
from apiward.prove.baseline import Baseline
from apiward.prove.gathered import Gathered
from apiward.prove.grade_words import EXAMPLE
from apiward.stores.events.database import lock
from apiward.stores.people.store import PeopleStore


@dataclass(frozen=True, slots=True)
class Examined:
    """All that was seen, in order."""

    sights: tuple[Sight, ...]

    @property
    def worst(self) -> State:
        """The worst of all."""
        return max((one.state for one in self.sights), default=State.GOOD)

    @property
    def next_command(self) -> str:
        """The one command to go on with: of what is worst, the first; empty where nothing is to be done."""
        todo = [one for one in self.sights if one.command and one.state is not State.GOOD]
        return max(todo, key=lambda one: one.state).command if todo else ""


def examine(
    file: Path | None,
    now_s: float,
    *,
    data: str = "",
    environment: Mapping[str, str] = os.environ,
    scan_problems: ScanProblems = lambda _: (),
) -> Examined:
    """Look at the set-up whose settings are in `file`. Never raises for what is wrong with it."""
    return Examined(tuple(_sights(file, data, now_s, environment, scan_problems)))


def _sights(
    file: Path | None, data: str, now_s: float, environment: Mapping[str, str], scan_problems: ScanProblems
) -> Iterator[Sight]:
    said, settings = look_at_settings(file, environment, scan_problems)
    config = settings.guard
    place = Place.of(file, config)
    if data:
        place = Place(place.file, place.base, Path(data))
    yield said
    yield look_at_python()
    accepted, unreadable = look_at_accepted(place)
    store, found = _store(place, config, now_s, accepted)
    yield store
    yield from unreadable
    yield look_at_room(place.data, config.record.low_space_mb)
    yield look_at_scan(found, place, config)
    yield look_at_accounts(settings.scan, found)
    yield look_at_guard(found.standing.guard, config)
    yield look_at_page(place.data, settings.page, _people(place, config))
    yield from look_at_certificates(config, settings.page, place, now_s)
    yield look_at_channels(settings.notify, place.data, now_s)
    yield look_at_exercise(found)
    yield look_at_parts()


def _store(place: Place, config: GuardConfig, now_s: float, accepted: Baseline) -> tuple[Sight, Gathered]:
    if not has_store(place, config):
        found = nothing_kept(place, config, now_s)
        more = {"upstream": shlex.quote(config.upstream or EXAMPLE), "data": shlex.quote(str(place.data))}
        return sight("store", "none", State.MISSING, **more), found
    try:
        with Store.opened(place, config) as store:
            _must_be_writable(store, place)
            return sight("store", "good", State.GOOD, name=store.name), gather(store, place, now_s, accepted=accepted)
    except AdvisedError as error:
        said = sight("store", "broken", State.BROKEN, why=f"{error.what} {error.why}".strip())
        return said, nothing_kept(place, config, now_s)


def _people(place: Place, config: GuardConfig) -> int | None:
    """Return how many people may log in at the page; None where the store cannot tell."""
    if not has_store(place, config):
        return 0
    try:
        with Store.opened(place, config) as store, told("be read"):
            return PeopleStore(store.engine).count()
    except AdvisedError:
        return None


def _must_be_writable(store: Store, place: Place) -> None:
    """Raise StoreError unless a transaction that writes could be made: it is begun, and taken back."""
    if not os.access(place.data, os.W_OK) and not store.config.events.database:
        raise StoreError("The store cannot be written.", f"{place.data} may not be written by this user.")
    with told("be written"), store.engine.connect() as connection:
        lock(connection)
        connection.rollback()
