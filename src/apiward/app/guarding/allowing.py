"""From an incident to an exclusion: looked up, held against the last days, written beside the settings."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from apiward.app.guarding.evidence import open_evidence
from apiward.app.guarding.telling import must_tell
from apiward.config.errors import AdvisedError, nearest
from apiward.config.guarding import GuardConfig
from apiward.config.rules_file import add_rules, load_rules_file, named, remove_rules
from apiward.core.event import Event
from apiward.core.evidence import EvidenceSource
from apiward.core.lanes import AuditKind
from apiward.guard.allowing import Allowance
from apiward.guard.exclusions import Exclusion, Replay, callers_in, exclusion, refusals, replay
from apiward.guard.switching import DAY_S
from apiward.stores.events.lines import moment

KIND: Final = "allow"
LAST: Final = "last"
REPLAYED_DAYS: Final = 7
_TRIES: Final = 6
_PAUSE_S: Final = 0.25


class StoreAwayError(AdvisedError):
    """The events cannot be read now."""

    exit_code = 3


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be excluded, and what that would have let through."""

    exclusion: Exclusion
    replay: Replay


class AllowDesk:
    """Works on the exclusions of one guard, which may be running; `by` acts there (who runs this, if nobody is named).

    Every method raises AdvisedError.
    """

    def __init__(
        self,
        base: Path,
        folder: Path,
        source: EvidenceSource,
        now_s: float,
        *,
        by: str = "",
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._base = base
        self._folder = folder
        self._source = source
        self._now_s = now_s
        self._by = by
        self._pause = pause

    def event(self, incident: str) -> Event:
        """Return the request of an incident, or of the newest one for "last". What has just happened is waited for."""
        for tries_left in range(_TRIES, -1, -1):
            with _told():
                event = self._source.last_refused() if incident == LAST else self._source.event(incident)
            if event is not None:
                return event
            if tries_left:
                self._pause(_PAUSE_S)
        if incident == LAST:
            raise AdvisedError("Nothing was refused.", "No stored event holds a refusal.", "See: apiward guard status")
        raise AdvisedError(
            f"There is no incident {incident[:60]!a}.",
            "An incident number is what a refused caller is told, and stands in its answer.",
            "Compare it letter by letter. What a guard did longer ago than it keeps events cannot be looked up.",
        )

    def proposals(self, event: Event) -> tuple[Proposal, ...]:
        """Return the exclusions that would have let this request through. What the caller met comes alone."""
        found = refusals(event)
        if not found:
            raise AdvisedError(
                f"The request {event.id} was not refused.",
                f"It ended as {event.outcome} with the status {event.status}; the guard had nothing against it.",
                "If its answer was an error, the API gave it.",
            )
        is_met = [ruling.decision for ruling in event.rulings if ruling.is_applied and ruling.decision in found]
        wanted = dict.fromkeys(exclusion(event, one) for one in (is_met or found))
        for one in wanted:
            if one.why_not:
                raise AdvisedError(f"{one.rule} cannot be excluded by this command.", one.why_not, "")
        return tuple(Proposal(one, self._replay(event, one)) for one in wanted)

    def standing(self, wanted: Exclusion) -> Allowance | None:
        """Return the exclusion that holds already, or None."""
        for one in self.listed():
            is_same = (one.operation, *one.key) == (wanted.operation, wanted.rule, wanted.place)
            if is_same and one.expires_s > self._now_s:
                return one
        return None

    def allow(
        self, event: Event, proposals: tuple[Proposal, ...], *, reason: str, owner: str, days: int
    ) -> tuple[Allowance, ...]:
        """Write the exclusions, and return them."""
        taken = {one.id for one in self.listed()}
        made = []
        for proposal in proposals:
            one = proposal.exclusion
            name = _free_name(f"allow-{event.id[-6:]}", taken)
            taken.add(name)
            made.append(
                Allowance(
                    id=name,
                    operation=one.operation,
                    place=one.place,
                    rule=one.rule,
                    reason=reason,
                    owner=owner,
                    since=moment(self._now_s),
                    expires=moment(self._now_s + days * DAY_S),
                    incident=event.id,
                )
            )
        add_rules(self._base, KIND, [_table(one) for one in made])
        for fresh in made:
            self._record(f"{fresh.rule} was lifted on {fresh.operation} as {fresh.id}: {reason}")
        return tuple(made)

    def listed(self) -> tuple[Allowance, ...]:
        """Return all exclusions that a command wrote, also those that have ended."""
        return load_rules_file(self._base).allow

    def remove(self, id_: str) -> Allowance:
        """Take out one exclusion, and return it."""
        known = {one.id: one for one in self.listed()}
        if id_ not in known:
            why = nearest(id_, tuple(known)) if known else "There are none."
            raise AdvisedError(f"There is no exclusion {id_[:60]!a}.", why, "See: apiward allow list")
        remove_rules(self._base, KIND, named({id_}))
        one = known[id_]
        self._record(f"{one.id} was taken back: {one.rule} refuses again on {one.operation}.")
        return one

    def _record(self, said: str) -> None:
        if self._folder.is_dir():
            must_tell(self._folder, said, kind=AuditKind.ADMINISTRATION, now_s=self._now_s, by=self._by)

    def _replay(self, event: Event, wanted: Exclusion) -> Replay:
        since_s = self._now_s - REPLAYED_DAYS * DAY_S
        with _told():
            events, is_cut = self._source.refused(event.operation, event.method, event.path, wanted.rule, since_s)
            callers = callers_in((*events, event), wanted)
            denials, is_more_cut = self._source.denials(since_s, callers=callers) if callers else ((), False)
        return replay(events, denials, wanted, event.id, is_cut=is_cut or is_more_cut)


@contextmanager
def allow_desk(base: Path, data: Path, config: GuardConfig, now_s: float) -> Iterator[AllowDesk]:
    """Open the desk of a guard. Raises AdvisedError where it has kept no events yet."""
    if not config.events.database and not _is_there(data):
        raise AdvisedError(
            f"There are no events in {data}.",
            "No guard has stored any there, or this is another folder than its own.",
            "Run this where the guard's apiward.toml is, or name it with --config.",
        )
    source = open_evidence(data, config)
    try:
        yield AllowDesk(base, data, source, now_s)
    finally:
        source.close()


def _is_there(data: Path) -> bool:
    """Return whether there is a file of events; a guard that has just begun makes it with its first one."""
    file = data / "events.sqlite"
    for _ in range(_TRIES if data.is_dir() else 0):
        if file.exists():
            break
        time.sleep(_PAUSE_S)
    return file.exists()


def day(at_s: float) -> str:
    """Return a day as people write it (UTC)."""
    return datetime.fromtimestamp(at_s, UTC).date().isoformat()


def _free_name(name: str, taken: set[str]) -> str:
    number = 2
    free = name
    while free in taken:
        free, number = f"{name}-{number}", number + 1
    return free


def _table(one: Allowance) -> Mapping[str, object]:
    names = ("id", "operation", "place", "rule", "reason", "owner", "since", "expires", "incident")
    return {name: getattr(one, name) for name in names if getattr(one, name)}


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreAwayError(
            "The events cannot be read now.", f"{error}.", "Look whether the database runs, then try again."
        ) from error
