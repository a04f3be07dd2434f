"""What a page is made from: the settings as they stand now, the store, and what scans have kept."""

import contextlib
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine

from apiward.app.guarding.own import own_of
from apiward.app.guarding.place import Place
from apiward.app.guarding.shutting import ShutDesk
from apiward.app.guarding.upkeep import store_url
from apiward.app.incidents.desk import IncidentDesk, record_of
from apiward.app.recording.opening import told
from apiward.config.business import BusinessConfig, load_business
from apiward.config.errors import AdvisedError
from apiward.config.guarding import GuardConfig, load_guard
from apiward.config.notifying import NotifyConfig, load_notify
from apiward.config.rules_file import load_rules_file
from apiward.config.scanning import ScanConfig, parse_config
from apiward.config.watching import WatchConfig, load_watch
from apiward.core.jsonvalue import Json
from apiward.core.ports import Clock
from apiward.stores.counted.tallying import EventTally
from apiward.stores.events.database import bring_up_to_date, open_database


class KeptScan(Protocol):
    """A scan as it was kept: its JSON report."""

    @property
    def report(self) -> dict[str, Json]:
        """The report (`apiward.scan/1`)."""
        ...


class KeptScans(Protocol):
    """What scans have left on this machine."""

    def last(self) -> KeptScan | None:
        """Return the last scan."""
        ...

    def last_of(self, target: str) -> KeptScan | None:
        """Return the last whole scan of one API."""
        ...

    def find(self, id_: str) -> tuple[KeptScan, dict[str, Json]] | None:
        """Return the finding of that id with its scan."""
        ...


@dataclass(frozen=True, slots=True)
class Settings:
    """All tables of the settings. `problem` says what is wrong with the file; then the tables are the defaults."""

    guard: GuardConfig = field(default_factory=GuardConfig)
    watch: WatchConfig = field(default_factory=WatchConfig)
    notify: NotifyConfig = field(default_factory=NotifyConfig)
    business: BusinessConfig = field(default_factory=BusinessConfig)
    scan: ScanConfig = field(default_factory=ScanConfig)
    problem: str = ""


class PageSource:
    """Everything that a page reads. `by` is who acts on it, as the record names people."""

    def __init__(self, place: Place, engine: Engine, scans: KeptScans, *, by: str, clock: Clock = time.time) -> None:
        self.place = place
        self.engine = engine
        self.scans = scans
        self.by = by
        self.clock = clock
        self.tally = EventTally(engine)
        self.record = record_of(engine)
        self._settings = Settings()
        self._stamp: tuple[object, ...] | None = None

    def settings(self) -> Settings:
        """Return the settings as the files say it now; they are read again when a file has changed."""
        stamp = tuple(map(_stamp, (self.place.file, self.place.base / "apiward.rules.toml")))
        if stamp != self._stamp:
            self._settings = _read(self.place)
            self._stamp = stamp
        return self._settings

    def last_scan(self) -> KeptScan | None:
        """Return the last scan of the API that the settings name; where they name none, the last one of any."""
        settings = self.settings()
        named = [address.rstrip("/") for address in (settings.scan.url, settings.guard.upstream) if address]
        whole = (self.scans.last_of(address) for address in named)
        found = next((one for one in whole if one is not None), None)
        if found is not None:
            return found
        last = self.scans.last()
        target = str(table_of(last.report, "scan").get("target", "")).rstrip("/") if last is not None else ""
        return last if not named or target in named else None

    def shut_desk(self) -> ShutDesk:
        """Return what works on the blocks of the guard. Raises AdvisedError."""
        settings = self.settings()
        own = own_of(settings.guard, settings.watch)
        return ShutDesk(self.place.data, own, by=self.by, clock=self.clock)

    def incident_desk(self) -> IncidentDesk:
        """Return what works on incidents. Raises AdvisedError."""
        return IncidentDesk(self.record, self.shut_desk(), self.place.data, by=self.by, now=self.clock)


@contextlib.contextmanager
def opened_source(
    place: Place, config: GuardConfig, scans: KeptScans, *, by: str, clock: Clock = time.time
) -> Iterator[PageSource]:
    """Give what a page is made from; the store is made where there is none yet. Raises AdvisedError."""
    with told("be opened"):
        place.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        engine = open_database(store_url(place.data, config))
        try:
            bring_up_to_date(engine)
            yield PageSource(place, engine, scans, by=by, clock=clock)
        finally:
            engine.dispose()


def _read(place: Place) -> Settings:
    file = place.file
    if file is None or not file.exists():
        return Settings(guard=_with_rules(place, GuardConfig()))
    try:
        text = file.read_text("utf-8")
        return Settings(
            _with_rules(place, load_guard(file)),
            load_watch(file),
            load_notify(file),
            load_business(file),
            parse_config(text, {})[0],
        )
    except (AdvisedError, OSError, UnicodeDecodeError) as error:
        return Settings(problem=str(error))


def _with_rules(place: Place, config: GuardConfig) -> GuardConfig:
    return load_rules_file(place.base).applied(config)


def _stamp(path: Path | None) -> tuple[int, int, int] | None:
    try:
        found = path.stat() if path is not None else None
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size, found.st_ino) if found else None


def table_of(value: Json, name: str) -> Mapping[str, Json]:
    """Return a table within a JSON object, empty where there is none."""
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def list_of(value: Mapping[str, Json], name: str) -> list[Json]:
    """Return a list within a JSON object, empty where there is none."""
    found = value.get(name)
    return found if isinstance(found, list) else []
