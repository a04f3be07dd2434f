"""What a page is made from: the settings as they stand now, the store, and what scans have kept."""

import contextlib
import copy
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy import Engine

from apiward.app.guarding.keys import Stamp, stamp_of
from apiward.app.guarding.owners_own import own_of
from apiward.app.guarding.place import Place
from apiward.app.guarding.shutting import ShutDesk
from apiward.app.guarding.upkeep import store_url
from apiward.app.incidents.desk import IncidentDesk, record_of
from apiward.app.incidents.hitting import others_of
from apiward.app.inventory.known import KnownApi
from apiward.app.page.working import Workshop
from apiward.app.recording.opening import Store, told
from apiward.app.standing.gathering import gather
from apiward.config.business import BusinessConfig, load_business
from apiward.config.errors import AdvisedError
from apiward.config.guarding import GuardConfig, load_guard
from apiward.config.names import RULES_NAME
from apiward.config.notifying import NotifyConfig, load_notify
from apiward.config.page import PageConfig, load_page
from apiward.config.rules_file import load_rules_file
from apiward.config.watching import WatchConfig, load_watch
from apiward.core.jsonvalue import Json
from apiward.core.ports import Clock
from apiward.prove.gathered import Gathered
from apiward.stores.counted.tallying import EventTally
from apiward.stores.events.database import bring_up_to_date, file_of, open_database
from apiward.stores.private import give_to_owner


class KeptScans(Protocol):
    """What scans have left on this machine, beside what stands in the store."""

    def find(self, id_: str) -> tuple[object, dict[str, Json]] | None:
        """Return the finding of that id as its scan has reported it, after the scan."""
        ...

    def findings_of(self, target: str) -> Sequence[Mapping[str, Json]]:
        """Return the findings of the last scans of an API as they were reported, those of the newest last."""
        ...


@dataclass(frozen=True, slots=True)
class Settings:
    """All tables of the settings; `guard` with the rules that commands wrote, `written` without.

    `problem` says what is wrong with the file; then the tables are the defaults.
    """

    guard: GuardConfig = field(default_factory=GuardConfig)
    written: GuardConfig = field(default_factory=GuardConfig)
    watch: WatchConfig = field(default_factory=WatchConfig)
    notify: NotifyConfig = field(default_factory=NotifyConfig)
    business: BusinessConfig = field(default_factory=BusinessConfig)
    page: PageConfig = field(default_factory=PageConfig)
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
        self.known = KnownApi(place)
        self.record = record_of(engine)
        self.workshop = Workshop(place, clock)
        self._settings = Settings()
        self._stamp: tuple[Stamp, ...] | None = None

    def acting_as(self, by: str) -> "PageSource":
        """Return the same source for somebody else who acts."""
        self.settings()  # read once, and not by each copy
        other = copy.copy(self)
        other.by = by
        return other

    def settings(self) -> Settings:
        """Return the settings as the files say it now; they are read again when a file has changed."""
        files = (self.place.file, self.place.base / RULES_NAME)
        stamp = tuple(stamp_of(file) for file in files if file is not None)
        if stamp != self._stamp:
            self._settings = _read(self.place)
            self._stamp = stamp
        return self._settings

    def gathered(self) -> Gathered:
        """Return how things stand with the API that was scanned last. Raises AdvisedError, OSError."""
        return gather(self.store(), self.place, self.clock())

    def store(self) -> Store:
        """Return the store with the settings of now."""
        return Store(self.place.data, self.place.base, self.settings().written, self.engine)

    def shut_desk(self) -> ShutDesk:
        """Return what works on the blocks of the guard. Raises AdvisedError."""
        settings = self.settings()
        own = own_of(settings.guard, settings.watch)
        return ShutDesk(self.place.data, own, by=self.by, clock=self.clock)

    def incident_desk(self) -> IncidentDesk:
        """Return what works on incidents. Raises AdvisedError."""
        others = others_of(self.engine)
        return IncidentDesk(self.record, self.shut_desk(), self.place.data, by=self.by, now=self.clock, others=others)


@contextlib.contextmanager
def opened_source(
    place: Place, config: GuardConfig, scans: KeptScans, *, by: str, clock: Clock = time.time
) -> Iterator[PageSource]:
    """Give what a page is made from; the store is made where there is none yet. Raises AdvisedError."""
    with contextlib.ExitStack() as open_now:
        with told("be opened"):
            place.data.mkdir(mode=0o700, parents=True, exist_ok=True)
            engine = open_database(store_url(place.data, config))
            open_now.callback(engine.dispose)
            path = file_of(engine)
            is_new = path is not None and not path.exists()
            bring_up_to_date(engine)
            if path is not None and is_new:
                give_to_owner(path, place.data)
        yield PageSource(place, engine, scans, by=by, clock=clock)


def _read(place: Place) -> Settings:
    file = place.file
    try:
        if file is None or not file.exists():
            return Settings(guard=_with_rules(place, GuardConfig()))
        guard = load_guard(file)
        return Settings(
            _with_rules(place, guard),
            guard,
            load_watch(file),
            load_notify(file),
            load_business(file),
            load_page(file),
        )
    except AdvisedError as error:
        return Settings(problem=str(error))


def _with_rules(place: Place, config: GuardConfig) -> GuardConfig:
    return load_rules_file(place.base).applied(config)
