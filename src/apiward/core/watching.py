"""What a watcher hands over to be kept, all at once or not at all; and what it finds again after a start."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from apiward.core.detection import Detection
from apiward.core.event import Event
from apiward.core.incident import Incident


@dataclass(frozen=True, slots=True)
class WatchStep:
    """What came of reading a little further.

    `events` were read from logs; the guard's own are kept already. `detections` come with the id of their incident.
    `positions` say, for each source that was read further, how far; `checkpoint` is what the correlator knew exactly
    there. The two go together: without a checkpoint give no positions, and the events are read again after a crash.
    Ids do not depend on how often something was read, so the same detections and incidents change nothing then.
    """

    events: Sequence[Event] = ()
    detections: Sequence[tuple[str, Detection]] = ()
    incidents: Sequence[Incident] = ()
    positions: Mapping[str, str] = field(default_factory=dict)
    checkpoint: bytes | None = None


class Resumption(NamedTuple):
    """Where to go on after a start: how far each source was read, and what the correlator knew; b"" at the first."""

    positions: Mapping[str, str]
    checkpoint: bytes


class StoredEvents(NamedTuple):
    """Events of the guard's own, in the order of storing; `upto` is the number to go on after."""

    upto: int
    events: Sequence[Event]


class ChangedIncidents(NamedTuple):
    """Incidents that changed, whoever changed them; `upto` is the number to go on after."""

    upto: int
    incidents: Sequence[Incident]


@dataclass(frozen=True, slots=True)
class KeptEvidence:
    """A dated record that shows something. `subject` says of what ("incident:4f2a", "control:backups").

    `digest` is the SHA-256 of `body` (hex). `until_s` is when it stops to count; None is never.
    """

    id: str
    subject: str
    kind: str
    at_s: float
    title: str
    digest: str
    body: bytes = field(default=b"", repr=False)
    until_s: float | None = None
