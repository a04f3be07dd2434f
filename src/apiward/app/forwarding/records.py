"""What is stored, as records that leave: each kind in its own order."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from sqlalchemy import Engine

from apiward.app.forwarding.lines import Lines
from apiward.core.decision import Effect
from apiward.core.event import Event
from apiward.core.finding import Severity
from apiward.core.outgoing import Outgoing
from apiward.stores.events.reading import EventReader
from apiward.stores.watching.changes import ChangeReader

PAGE: Final = 500


class Page(NamedTuple):
    """Some records of one kind; `upto` is the number to go on after."""

    upto: int
    records: list[Outgoing]


class Records:
    """Reads the records of a store, brought up to date by somebody else. Raises OSError, DBAPIError."""

    def __init__(self, engine: Engine, lines: Lines) -> None:
        self._engine = engine
        self._lines = lines
        self.changes = ChangeReader(engine)
        self._pages: Mapping[str, Callable[[int, int], Page]] = {
            "events": self._events,
            "findings": self._findings,
            "detections": self._detections,
            "incidents": self._incidents,
        }

    def page(self, kind: str, after: int, limit: int = PAGE) -> Page:
        """Return the next records of a kind after number `after`."""
        return self._pages[kind](after, limit)

    def _events(self, after: int, limit: int) -> Page:
        found = EventReader(self._engine).events(after=after, limit=limit)
        records = [
            Outgoing(one.event.id, "event", one.event.at_s, severity_of(one.event), self._lines.event(one))
            for one in found
        ]
        return Page(found[-1].seq if found else after, records)

    def _findings(self, after: int, limit: int) -> Page:
        found = self.changes.findings(after, limit)
        records = []
        for change in found:
            finding, said = change.value
            id_ = f"{said.scan}-{finding.id}"
            records.append(Outgoing(id_, "finding", said.at_s, said.severity, self._lines.finding(change)))
        return Page(found[-1].number if found else after, records)

    def _detections(self, after: int, limit: int) -> Page:
        found = self.changes.detections(after, limit)
        records = []
        for change in found:
            incident, seen = change.value
            id_ = f"{incident}-d{change.number}"
            records.append(Outgoing(id_, "detection", seen.last_s, seen.severity, self._lines.detection(change)))
        return Page(found[-1].number if found else after, records)

    def _incidents(self, after: int, limit: int) -> Page:
        found = self.changes.incidents(after, limit)
        records = []
        for change in found:
            one, id_ = change.value, f"{change.value.id}-{change.number}"
            records.append(Outgoing(id_, "incident", one.last_s, one.severity, self._lines.incident(change)))
        return Page(found[-1].number if found else after, records)


def severity_of(event: Event) -> Severity:
    """Return how grave an event is for who looks at many: what was refused is worth a look, no more."""
    if event.kind != "request":
        return Severity.LOW
    if any(ruling.decision.effect is Effect.DENY for ruling in event.rulings):
        return Severity.MEDIUM
    return Severity.LOW if event.outcome == "failed" or event.status >= 500 else Severity.NOTE
