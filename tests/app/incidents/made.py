"""A store of incidents in a folder, and channels that keep what they are told."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from apiward.app.incidents.channels import Channel
from apiward.app.incidents.telling import Teller
from apiward.catalogue.incidents import load_incident_words
from apiward.config.notifying import NotifyConfig
from apiward.core.detection import Detection
from apiward.core.finding import Severity
from apiward.core.incident import Incident
from apiward.core.notice import Notice, NotToldError
from apiward.core.watching import WatchStep
from apiward.stores.events.database import open_database, sqlite_url
from apiward.stores.outbox import Outbox
from apiward.stores.watching.store import WatchStore
from apiward.watch.incidents import Incidents
from apiward.watch.notices import ChannelRule

NOW_S = 1_796_040_000.0


@dataclass
class Keeping:
    """Keeps notices, and fails as often as it is told to."""

    can_follow: bool = True
    fails: list[NotToldError] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)

    async def send(self, notice: Notice) -> str:
        """Keep it."""
        if self.fails:
            raise self.fails.pop(0)
        self.notices.append(notice)
        return f"thread of {notice.subject}"

    def channel(self, name: str = "mail", **more: bool) -> Channel:
        """Return it as a channel."""
        return Channel(ChannelRule(name, Severity.MEDIUM, self.can_follow, **more), self)


@dataclass
class Watched:
    """A store, what groups into it, and what tells of it."""

    record: WatchStore
    outbox: Outbox
    incidents: Incidents

    def take(self, *detections: Detection, now_s: float = NOW_S) -> tuple[Incident, ...]:
        """Group detections, and keep what changed."""
        self.incidents.hear(self.record.incidents())
        changed = self.incidents.take(detections, now_s)
        self.record.commit(WatchStep(incidents=changed))
        return changed

    def teller(self, *channels: Channel, **settings: object) -> Teller:
        """Return what tells."""
        config = NotifyConfig(**{"gather_s": 20.0, "again_min": 10.0, **settings})  # type: ignore[arg-type]
        return Teller(self.record, self.outbox, channels, config)


@contextmanager
def watched(folder: Path) -> Iterator[Watched]:
    """Open a store in a folder."""
    engine = open_database(sqlite_url(folder / "events.sqlite"))
    outbox = Outbox(folder / "outbox.sqlite")
    numbers = itertools.count()
    try:
        record = WatchStore(engine, lambda: NOW_S + next(numbers))
        yield Watched(record, outbox, Incidents(load_incident_words()))
    finally:
        outbox.close()
        engine.dispose()


def seen(at_s: float = NOW_S, *, count: int = 57, severity: Severity = Severity.HIGH, **more: object) -> Detection:
    """Return a detection."""
    values: dict[str, object] = {"rule": "accounts.stuffing", "who": "address:192.0.2.7", "first_s": NOW_S, **more}
    return Detection(severity=severity, last_s=at_s, count=count, **values)  # type: ignore[arg-type]
