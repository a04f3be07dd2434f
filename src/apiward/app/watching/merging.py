"""Several logs as one: events in the order of their times, as far as all of them have been read."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Final, NamedTuple

from apiward.app.watching.reading import Reading
from apiward.core.event import Event

_TIME: Final = attrgetter("at_s")


class Batch(NamedTuple):
    """The next events: all of them in their order, and those that are to be stored."""

    events: Sequence[Event]
    fresh: Sequence[Event]


def next_batch(readings: Sequence[Reading]) -> Batch:
    """Return the next events of all sources; empty where none has any now.

    A source that has nothing now holds nobody up: what it brings later comes late.
    """
    ready = [reading for reading in readings if reading.fill()]
    if len(ready) == 1:
        events = _taken(ready[0], len(ready[0].events))
        return Batch(events, () if ready[0].is_own else events)
    events, fresh = list[Event](), list[Event]()
    upto_s = min((max(map(_TIME, reading.events[reading.at :])) for reading in ready), default=0.0)
    for reading in ready:
        taken = _taken(reading, _last_upto(reading, upto_s))
        events += taken
        if not reading.is_own:
            fresh += taken
    events.sort(key=_TIME)
    return Batch(events, fresh)


def _last_upto(reading: Reading, upto_s: float) -> int:
    """Return the place after the leading events that are not later: a log is hardly ever out of its order."""
    events = reading.events
    for at in range(reading.at, len(events)):
        if events[at].at_s > upto_s:
            return at
    return len(events)


def _taken(reading: Reading, end: int) -> Sequence[Event]:
    taken = reading.events[reading.at : end]
    reading.at = end
    return taken
