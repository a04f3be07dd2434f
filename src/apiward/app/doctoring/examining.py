"""Looks at everything once, in the order in which it matters. Nothing is sent, and nothing is changed."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from apiward.app.doctoring.business import (
    look_at_accounts,
    look_at_channels,
    look_at_exercise,
    look_at_guard,
    look_at_scan,
    look_at_settings,
)
from apiward.app.doctoring.machine import look_at_certificates, look_at_parts, look_at_python, look_at_room
from apiward.app.doctoring.model import Sight, State, sight
from apiward.app.guarding.place import Place
from apiward.app.recording.findings import has_store
from apiward.app.recording.opening import Store, StoreError, told
from apiward.app.standing.gathering import gather, nothing_kept
from apiward.config.errors import AdvisedError
from apiward.config.guarding import GuardConfig, load_guard
from apiward.config.notifying import NotifyConfig, load_notify
from apiward.prove.gathered import Gathered
from apiward.stores.events.database import lock


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
    file: Path | None, now_s: float, *, data: str = "", environment: Mapping[str, str] = os.environ
) -> Examined:
    """Look at the set-up whose settings are in `file`. Never raises for what is wrong with it."""
    return Examined(tuple(_sights(file, data, now_s, environment)))


def _sights(file: Path | None, data: str, now_s: float, environment: Mapping[str, str]) -> Iterator[Sight]:
    settings, scan = look_at_settings(file, environment)
    config, notify = _configs(file)
    place = Place.of(file, config)
    if data:
        place = Place(place.file, place.base, Path(data))
    yield settings
    yield look_at_python()
    store, found = _store(place, config, now_s)
    yield store
    yield look_at_room(place.data, config.record.low_space_mb)
    yield look_at_scan(found, place, config)
    yield look_at_accounts(scan, found)
    yield look_at_guard(found.standing.guard, config)
    yield from look_at_certificates(config, place.base, now_s)
    yield look_at_channels(notify, place.data, now_s)
    yield look_at_exercise(found)
    yield look_at_parts()


def _configs(file: Path | None) -> tuple[GuardConfig, NotifyConfig]:
    """Return the settings, or the defaults of a table that is wrong: that was told already."""
    if file is None:
        return GuardConfig(), NotifyConfig()
    try:
        config = load_guard(file)
    except AdvisedError:
        config = GuardConfig()
    try:
        return config, load_notify(file)
    except AdvisedError:
        return config, NotifyConfig()


def _store(place: Place, config: GuardConfig, now_s: float) -> tuple[Sight, Gathered]:
    if not has_store(place, config):
        found = nothing_kept(place, config, now_s)
        target = config.upstream or "http://localhost:8000"
        return sight("store", "none", State.MISSING, upstream=target, data=place.data), found
    try:
        with Store.opened(place, config) as store:
            _must_be_writable(store, place)
            return sight("store", "good", State.GOOD, name=store.name), gather(store, place, now_s)
    except AdvisedError as error:
        said = sight("store", "broken", State.BROKEN, why=f"{error.what} {error.why}".strip())
        return said, nothing_kept(place, config, now_s)


def _must_be_writable(store: Store, place: Place) -> None:
    """Raise StoreError unless a transaction that writes could be made: it is begun, and taken back."""
    if not os.access(place.data, os.W_OK) and not store.config.events.database:
        raise StoreError("The store cannot be written.", f"{place.data} may not be written by this user.")
    with told("be written"), store.engine.connect() as connection:
        lock(connection)
        connection.rollback()
