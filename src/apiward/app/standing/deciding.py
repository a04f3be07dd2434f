"""Findings in the store, for people: which are open, which somebody lives with, why and until when.

What is accepted now stands in the file that scans, pages and the grade read. The store keeps the history of it.
"""

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from apiward.app.guarding.place import Place
from apiward.app.guarding.telling import tell, who
from apiward.app.recording.opening import Store, StoreError
from apiward.app.standing.accepting import read_accepted, write_accepted
from apiward.config.errors import nearest
from apiward.core.kept_finding import FindingState, KeptFinding
from apiward.core.lanes import AuditKind
from apiward.core.watching import KeptEvidence
from apiward.prove.baseline import Accepted, Baseline
from apiward.stores.watching.scans import ScanStore
from apiward.stores.watching.store import WatchStore

SUBJECT: Final = "findings.accepted"
"""What the records of acceptances are evidence of: each is dated."""
MOST: Final = 10_000
MOST_DAYS: Final = 365
"""Nobody accepts for longer: what is right this year may not be in the next."""
_FIELDS: Final = ("target", "finding", "reason", "by", "until")
_DAY_S: Final = 86_400.0
_ACCEPTED, _TAKEN_BACK = "accepted", "taken-back"


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Who decided to live with a finding, when, why, and until when. `is_over`: it was taken back."""

    target: str
    finding: str
    reason: str
    by: str
    until: str
    at_s: float
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """A finding, and the acceptance that counts for it now; `past` are all of them, the oldest first."""

    finding: KeptFinding
    accepted: Accepted | None
    past: tuple[Acceptance, ...] = ()

    @property
    def counts(self) -> bool:
        """Whether somebody has to do something about it."""
        return self.finding.state is FindingState.OPEN and self.accepted is None


class FindingDesk:
    """Works on the findings of one store. Every method raises AdvisedError or OSError."""

    def __init__(self, store: Store, place: Place, *, now: Callable[[], float] = time.time, by: str = "") -> None:
        self._store = store
        self._place = place
        self._record = WatchStore(store.engine, now)
        self._now = now
        self._by = by or who()

    def listed(self, *, target: str = "", is_all: bool = False) -> list[Standing]:
        """Return what must be done something about, the worst first; with `is_all` the fixed and accepted, too."""
        states = () if is_all else (FindingState.OPEN,)
        found = ScanStore(self._store.engine).findings(target=target, states=states, limit=MOST)
        past, self._accepted = self._past(), self._in_force()
        standing = [self._standing(one, past.get((one.target, one.id), ())) for one in found]
        return standing if is_all else [one for one in standing if one.counts]

    def get(self, typed: str, *, target: str = "") -> Standing:
        """Return a finding by its id, or by the beginning of it."""
        known = self.listed(target=target, is_all=True)
        exact = [one for one in known if one.finding.id == typed]
        found = exact or [one for one in known if typed and one.finding.id.startswith(typed)]
        if len(found) == 1:
            return found[0]
        if exact:
            where = ", ".join(sorted(one.finding.target for one in exact)[:3])
            raise StoreError(f"{typed[:40]!a} was found at several APIs.", f"{where}.", "Say which one with --url.")
        near = nearest(typed, tuple(one.finding.id for one in known)) if 0 < len(known) <= 100 else ""
        why = f"{len(found)} begin like that." if found else near or f"There are {len(known)}."
        raise StoreError(f"There is no finding {typed[:40]!a} in the store.", why, "See: apiward findings --all")

    def accept(self, typed: str, *, reason: str, until: date, target: str = "") -> Standing:
        """Live with a finding up to that day."""
        found = self.get(typed, target=target).finding
        if found.state is FindingState.FIXED:
            raise StoreError(f"{found.id} is fixed.", "There is nothing to accept.", "")
        today = self._today()
        until = min(until, today + timedelta(days=MOST_DAYS))
        fresh = Accepted(found.id, found.check, found.operation, reason, today, until, found.target)
        others = tuple(one for one in read_accepted(self._place).accepted if one.id != found.id)
        write_accepted(self._place, Baseline((*others, fresh)))
        self._keep(found, reason, until, _ACCEPTED)
        self._tell(f"The finding {found.id} was accepted until {until}: {reason}")
        return self.get(found.id, target=found.target)

    def take_back(self, typed: str, *, target: str = "") -> Standing:
        """Let a finding count again."""
        standing = self.get(typed, target=target)
        found, accepted = standing.finding, standing.accepted
        if accepted is None:
            raise StoreError(f"{found.id} is not accepted.", "", "See: apiward findings")
        others = tuple(one for one in read_accepted(self._place).accepted if one.id != found.id)
        write_accepted(self._place, Baseline(others))
        self._keep(found, "", accepted.expires_on, _TAKEN_BACK)
        self._tell(f"The finding {found.id} is accepted no longer.")
        return self.get(found.id, target=found.target)

    def _standing(self, finding: KeptFinding, past: Sequence[Acceptance]) -> Standing:
        return Standing(finding, self._accepted.get(finding.id), tuple(past))

    def _in_force(self) -> dict[str, Accepted]:
        """Return what is accepted today by its id, at whatever address, as scans set it aside."""
        today = self._today()
        return {one.id: one for one in read_accepted(self._place).accepted if one.expires_on >= today}

    def _today(self) -> date:
        return datetime.fromtimestamp(self._now(), UTC).astimezone().date()

    def _past(self) -> dict[tuple[str, str], list[Acceptance]]:
        past: dict[tuple[str, str], list[Acceptance]] = {}
        for one in _read(self._record.evidence(SUBJECT)):
            past.setdefault((one.target, one.finding), []).append(one)
        return past

    def _keep(self, finding: KeptFinding, reason: str, until: date, kind: str) -> None:
        fields = {"target": finding.target, "finding": finding.id, "reason": reason}
        fields |= {"by": self._by, "until": str(until)}
        body, at_s = json.dumps(fields, sort_keys=True).encode(), self._now()
        digest = hashlib.sha256(body).hexdigest()
        id_ = f"{kind}.{hashlib.sha256(body + str(at_s).encode()).hexdigest()[:24]}"
        title = f"Finding {finding.id}: {kind}"
        until_s = at_s + MOST_DAYS * _DAY_S
        self._record.keep_evidence([KeptEvidence(id_, SUBJECT, kind, at_s, title, digest, body, until_s)])

    def _tell(self, said: str) -> None:
        if self._store.folder.is_dir():
            tell(self._store.folder, said, kind=AuditKind.ADMINISTRATION, now_s=self._now(), by=self._by)


def _read(rows: Sequence[KeptEvidence]) -> Iterator[Acceptance]:
    """Yield acceptances in the order of time; what was changed since it was kept counts for nothing."""
    for row in rows:
        with suppress(ValueError, KeyError, TypeError, AttributeError):
            if hashlib.sha256(row.body).hexdigest() != row.digest:
                continue
            fields = json.loads(row.body)
            target, finding, reason, by, until = (str(fields[name]) for name in _FIELDS)
            yield Acceptance(target, finding, reason, by, until, row.at_s, row.kind == _TAKEN_BACK)
