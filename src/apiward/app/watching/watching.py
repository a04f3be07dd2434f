"""The loop of watch: events of all sources, in order of time, are seen, grouped into incidents, and kept.

What is kept goes together: how far each source was read, what was known just there, and the incidents. So after a kill
it goes on from there, sees each event once, and comes to the same incidents. Time is the time of the events.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from apiward.app.watching.checkpoints import packed
from apiward.app.watching.merging import next_batch
from apiward.app.watching.reading import Reading
from apiward.core.detection import Detection
from apiward.core.event import Event
from apiward.core.incident import Incident
from apiward.core.ports import Clock, WatchRecord
from apiward.core.watching import WatchStep

LOOK_EVERY_S: Final = 60.0
"""Seconds of the events' own time between two looks at what shows by time alone."""
KEEP_EVERY_S: Final = 5.0
"""Seconds between two checkpoints: what was read since then is read again after a kill."""
TOGETHER: Final = 8_000
"""Events that are kept at once, where so many are there: each keeping waits for the disk."""
PLACE: Final = "watching"
"""The part of a checkpoint that is the loop's own."""
_HEARD: Final = 1_000


class Seer(Protocol):
    """Sees patterns: the correlator."""

    def see(self, event: Event) -> Sequence[Detection]:
        """Look at one event."""
        ...

    def passed(self, now_s: float) -> Sequence[Detection]:
        """Say what shows by time alone."""
        ...

    def state(self) -> bytes:
        """Return what must outlive a restart."""
        ...


class Grouping(Protocol):
    """Makes incidents of detections."""

    def take(self, detections: Sequence[Detection], now_s: float) -> Sequence[Incident]:
        """Take detections in; return the incidents that changed."""
        ...

    def id_of(self, seen: Detection) -> str:
        """Return the incident that a detection belongs to."""
        ...

    def hear(self, stored: Sequence[Incident]) -> Sequence[Incident]:
        """Take over what others have noted of incidents."""
        ...

    def state(self) -> bytes:
        """Return what must outlive a restart."""
        ...


@dataclass(slots=True)
class Told:
    """What came of it so far: `incidents` are those that changed, by id, as they are now."""

    events: int = 0
    fresh: int = 0
    first_s: float = 0.0
    last_s: float = 0.0
    incidents: dict[str, Incident] = field(default_factory=dict)


@dataclass(slots=True)
class _Read:
    """What was read and seen since something was kept last."""

    count: int = 0
    fresh: list[Event] = field(default_factory=list)
    pairs: list[tuple[str, Detection]] = field(default_factory=list)
    changed: dict[str, Incident] = field(default_factory=dict)


class Watching:
    """Reads, sees, groups and keeps. `extra` are further parts of the checkpoint, such as learned paths.

    Without `record` nothing is kept. With `is_resumed`, positions and checkpoints are kept as well.
    """

    def __init__(
        self,
        readings: Sequence[Reading],
        seer: Seer,
        grouping: Grouping,
        record: WatchRecord | None,
        *,
        clock: Clock,
        is_resumed: bool,
        keeps_events: bool = True,
        extra: Callable[[], dict[str, bytes]] = dict,
        place: bytes = b"",
    ) -> None:
        self.told = Told()
        self._look_at_s, self._last_s, self._heard = _place(place)
        self._readings = readings
        self._seer = seer
        self._grouping = grouping
        self._record = record
        self._clock = clock
        self._is_resumed = is_resumed
        self._keeps_events = keeps_events
        self._extra = extra
        self._kept_at_s = clock()
        self._waiting: deque[WatchStep] = deque()
        self._is_ahead = False

    def step(self) -> bool:
        """Read a little further; return whether there was anything.

        Raises OSError where it cannot be kept: what was read waits, and nothing more is read before it is kept.
        """
        self._flush()
        self._hear()
        read = _Read()
        try:
            while read.count < TOGETHER and self._read_on(read):
                pass
        finally:  # what was seen is kept, even where a log cannot be read further
            if read.count:
                self._keep_read(read)
        if not read.count:
            self.keep()
        return read.count > 0

    def look(self, now_s: float) -> None:
        """Notice that it is `now_s`, although nothing has come: silence, and incidents that have ended."""
        pairs, changed = self._grouped(self._seer.passed(now_s), now_s)
        self.told.incidents |= changed
        if (pairs or changed) and self._record is not None:
            self._is_ahead = True
            self._commit(WatchStep((), pairs, tuple(changed.values())))

    def finish(self) -> Told:
        """Tell the rest of what was seen, keep where it stands, and return what came of it."""
        if self._last_s:
            self.look(self._last_s)
        self.keep()
        return self.told

    def keep(self) -> None:
        """Keep where it stands, if it has moved."""
        if self._is_resumed and self._is_ahead and self._record is not None:
            self._commit(self._with_state(WatchStep()))

    @property
    def is_over(self) -> bool:
        """Return whether there will never be more."""
        return all(reading.is_over for reading in self._readings)

    def _read_on(self, read: "_Read") -> bool:
        """Read and see the next few events; return whether there were any."""
        batch = next_batch(self._readings)
        if not batch.events:
            return False
        told = self.told
        read.count += len(batch.events)
        read.fresh += batch.fresh
        self._see(batch.events, read)
        told.events += len(batch.events)
        told.fresh += len(batch.fresh)
        told.first_s = told.first_s or batch.events[0].at_s
        told.last_s = self._last_s = max(self._last_s, batch.events[-1].at_s)
        return True

    def _keep_read(self, read: "_Read") -> None:
        self.told.incidents |= read.changed
        self._is_ahead = True
        if self._record is None:
            return
        fresh = read.fresh if self._keeps_events else ()
        is_due = self._clock() - self._kept_at_s >= KEEP_EVERY_S
        step = WatchStep(fresh, read.pairs, tuple(read.changed.values()))
        self._commit(self._with_state(step) if self._is_resumed and is_due else step)

    def _see(self, events: Sequence[Event], read: "_Read") -> None:
        see, look_at_s = self._seer.see, self._look_at_s
        for event in events:
            at_s = event.at_s
            if at_s >= look_at_s:
                # Told by the events' times alone, so that it does not depend on how they came in batches.
                found = self._seer.passed(at_s) if look_at_s else ()
                look_at_s = self._look_at_s = (at_s // LOOK_EVERY_S + 1) * LOOK_EVERY_S
                self._add(found, at_s, read)
            found = see(event)
            if found:
                self._add(found, at_s, read)

    def _add(self, found: Sequence[Detection], now_s: float, read: "_Read") -> None:
        pairs, changed = self._grouped(found, now_s)
        read.pairs += pairs
        read.changed |= changed

    def _grouped(
        self, found: Sequence[Detection], now_s: float
    ) -> tuple[list[tuple[str, Detection]], dict[str, Incident]]:
        changed = {one.id: one for one in self._grouping.take(found, now_s)}
        return [(self._grouping.id_of(one), one) for one in found], changed

    def _hear(self) -> None:
        """Take over what the owner, or the guard, has noted of incidents meanwhile."""
        if self._record is None or not self._is_resumed:
            return
        news = self._record.incidents_after(self._heard, limit=_HEARD)
        if news.incidents:
            self.told.incidents |= {one.id: one for one in self._grouping.hear(news.incidents)}
        self._heard = news.upto

    def _with_state(self, step: WatchStep) -> WatchStep:
        place = f"{self._look_at_s!r} {self._last_s!r} {self._heard}".encode()
        parts = {"seer": self._seer.state(), "grouping": self._grouping.state(), PLACE: place, **self._extra()}
        positions = {reading.name: reading.position for reading in self._readings}
        self._kept_at_s = self._clock()
        return WatchStep(step.events, step.detections, step.incidents, positions, packed(parts))

    def _commit(self, step: WatchStep) -> None:
        self._waiting.append(step)
        if step.checkpoint is not None:
            self._is_ahead = False
        self._flush()

    def _flush(self) -> None:
        while self._waiting and self._record is not None:
            self._record.commit(self._waiting[0])
            self._waiting.popleft()


def _place(text: bytes) -> tuple[float, float, int]:
    """Return when to look next, the time of the last event, and up to which number incidents were heard of."""
    try:
        look_at, last, heard = text.decode("latin-1").split(" ")
        return float(look_at), float(last), int(heard)
    except ValueError:
        return 0.0, 0.0, 0
