"""What stored events say of operations: how much was asked, by how many, and what was or would be refused."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from apiward.core.event import Event


@dataclass(frozen=True, slots=True)
class Traffic:
    """Requests of one operation that went well. A caller is a principal, or the address of who shows nothing."""

    requests: int = 0
    callers: int = 0
    days: int = 0
    first_s: float = 0.0
    last_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Denial:
    """Refusals of one caller by one rule at one place. `times` of them; `last_s` is when the last one was.

    Where not `is_applied` the stage only watched. `is_moot` says that the request failed all the same: the API,
    or another stage, refused it.
    """

    operation: str
    rule: str
    place: str
    caller: str
    is_applied: bool
    is_moot: bool
    times: int
    last_s: float

    @property
    def stage(self) -> str:
        """The stage that refused."""
        return self.rule.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Evidence:
    """All operations since a time. `is_cut` says that there were more refusals than are told."""

    since_s: float
    traffic: Mapping[str, Traffic] = field(default_factory=dict)
    denials: tuple[Denial, ...] = ()
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Habit:
    """How one caller fares with one operation: requests, and those of them that were answered 4xx."""

    requests: int
    failed: int


class EvidenceSource(Protocol):
    """Reads evidence from stored events. Times are in seconds since the epoch; raises OSError where they are away."""

    def denials(
        self, since_s: float, *, until_s: float | None = None, callers: Collection[str] = ()
    ) -> tuple[tuple[Denial, ...], bool]:
        """Return refusals and would-be refusals (of some callers, where named), and whether there were more."""
        ...

    def traffic(
        self, since_s: float, *, starts: Mapping[str, float], without: Collection[str] = ()
    ) -> Mapping[str, Traffic]:
        """Return what went well, by operation, from its own start on where it has one; some callers left out."""
        ...

    def habits(self, operation: str, since_s: float, until_s: float) -> Mapping[str, Habit]:
        """Return how each caller fared with one operation in [since, until)."""
        ...

    def refused(
        self, operation: str, method: str, path: str, rule: str, since_s: float
    ) -> tuple[tuple[Event, ...], bool]:
        """Return the events of one operation that name a rule, the newest first, and whether there were more.

        Where `operation` is empty, `method` and `path` choose.
        """
        ...

    def event(self, id_: str) -> Event | None:
        """Return the event of that id."""
        ...

    def last_refused(self) -> Event | None:
        """Return the newest event that was refused, or would have been."""
        ...

    def said(self, start: str, most: int) -> tuple[Event, ...]:
        """Return the newest events in which the guard speaks of itself and that begin so."""
        ...

    def close(self) -> None:
        """Let go of the store."""
        ...


def caller_of(event: Event) -> str:
    """Return who is counted as the caller of an event."""
    return event.client if event.principal.startswith("anonymous:") or not event.principal else event.principal
