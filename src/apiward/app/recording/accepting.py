"""Findings in the store, for people: which are open, which somebody lives with, why and until when."""

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from apiward.app.guarding.telling import tell, who
from apiward.app.recording.opening import Store
from apiward.config.errors import AdvisedError, nearest
from apiward.core.kept_finding import FindingState, FindingTurn, KeptFinding
from apiward.core.lanes import AuditKind
from apiward.core.moments import utc
from apiward.core.watching import KeptEvidence
from apiward.prove.baseline import Accepted, Baseline
from apiward.prove.neutral import one_line
from apiward.stores.watching.scans import ScanStore
from apiward.stores.watching.store import WatchStore

SUBJECT: Final = "findings.accepted"
"""What the records of acceptances are evidence of; each is dated, and ends by itself."""
MOST: Final = 10_000
LONGEST_S: Final = 366 * 86_400.0
"""Nobody accepts for longer: what is right this year may not be in the next."""
MOST_REASON: Final = 500
_ACCEPTED, _TAKEN_BACK = "accepted", "taken-back"


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Who lives with a finding, why, and until when (seconds since the epoch). `is_over`: it was taken back."""

    target: str
    finding: str
    reason: str
    by: str
    at_s: float
    until_s: float
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """A finding, and the acceptance that counts for it now; `past` are all of them, the oldest first."""

    finding: KeptFinding
    accepted: Acceptance | None
    past: tuple[Acceptance, ...] = ()

    @property
    def counts(self) -> bool:
        """Whether somebody has to do something about it."""
        return self.finding.state is FindingState.OPEN and self.accepted is None


class FindingDesk:
    """Works on the findings of one store. Every method raises AdvisedError or OSError."""

    def __init__(self, store: Store, *, now: Callable[[], float] = time.time, by: str = "") -> None:
        self._store = store
        self._record = WatchStore(store.engine, now)
        self._now = now
        self._by = by or who()

    def listed(self, *, target: str = "", is_all: bool = False) -> list[Standing]:
        """Return what must be done something about, the worst first; with `is_all` the fixed and accepted, too."""
        states = () if is_all else (FindingState.OPEN,)
        found = ScanStore(self._store.engine).findings(target=target, states=states, limit=MOST)
        past = self._past()
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
            raise AdvisedError(f"{typed[:40]!a} was found at several APIs.", f"{where}.", "Say which one with --url.")
        near = nearest(typed, tuple(one.finding.id for one in known)) if 0 < len(known) <= 100 else ""
        why = f"{len(found)} begin like that." if found else near or f"There are {len(known)}."
        raise AdvisedError(f"There is no finding {typed[:40]!a} in the store.", why, "See: apiward findings --all")

    def accept(self, typed: str, *, reason: str, until_s: float, target: str = "") -> Standing:
        """Live with a finding until then, a year at most. What is no reason or no time to come is refused."""
        reason = one_line(reason)[:MOST_REASON]
        if not reason:
            why = "There is no reason."
            raise AdvisedError("It was not accepted.", why, "Write why: who reads it later must know.")
        if until_s <= self._now():
            raise AdvisedError("It was not accepted.", f"{day_of(until_s)} is in the past.", "Name a day to come.")
        found = self.get(typed, target=target)
        if found.finding.state is FindingState.FIXED:
            raise AdvisedError(f"{found.finding.id} is fixed.", "There is nothing to accept.", "")
        until_s = min(until_s, self._now() + LONGEST_S)
        made = self._keep(found.finding, reason, until_s, _ACCEPTED)
        self._tell(f"The finding {found.finding.id} was accepted until {day_of(until_s)}: {reason}")
        return self._standing(found.finding, (*found.past, made))

    def take_back(self, typed: str, *, target: str = "") -> Standing:
        """Let a finding count again."""
        found = self.get(typed, target=target)
        if found.accepted is None:
            raise AdvisedError(f"{found.finding.id} is not accepted.", "", "See: apiward findings")
        made = self._keep(found.finding, "", found.accepted.until_s, _TAKEN_BACK)
        self._tell(f"The finding {found.finding.id} is accepted no longer.")
        return self._standing(found.finding, (*found.past, made))

    def accepted_now(self, target: str) -> dict[str, Acceptance]:
        """Return what is accepted at an API now, by finding; cheap, as no finding is read."""
        past = {finding: self._counting(all_) for (where, finding), all_ in self._past().items() if where == target}
        return {finding: one for finding, one in past.items() if one is not None}

    def baseline(self, target: str) -> Baseline:
        """Return what is accepted at an API now, as scans set it aside."""
        accepted = self.accepted_now(target)
        if not accepted:
            return Baseline()
        found = ScanStore(self._store.engine).findings(target=target, turns=(FindingTurn.NEW,), limit=MOST)
        return Baseline(tuple(entry_of(one, accepted[one.id]) for one in found if one.id in accepted))

    def _standing(self, finding: KeptFinding, past: Sequence[Acceptance]) -> Standing:
        return Standing(finding, self._counting(past), tuple(past))

    def _counting(self, past: Sequence[Acceptance]) -> Acceptance | None:
        """Return which of a finding's acceptances counts now: the last one, or none."""
        last = past[-1] if past else None
        return last if last is not None and not last.is_over and last.until_s > self._now() else None

    def _past(self) -> dict[tuple[str, str], list[Acceptance]]:
        past: dict[tuple[str, str], list[Acceptance]] = {}
        for one in _read(self._record.evidence(SUBJECT)):
            past.setdefault((one.target, one.finding), []).append(one)
        return past

    def _keep(self, finding: KeptFinding, reason: str, until_s: float, kind: str) -> Acceptance:
        fields = {"target": finding.target, "finding": finding.id, "reason": reason, "by": self._by}
        body, at_s = json.dumps(fields, sort_keys=True).encode(), self._now()
        digest = hashlib.sha256(body).hexdigest()
        id_ = f"{kind}.{hashlib.sha256(body + str(at_s).encode()).hexdigest()[:24]}"
        title = f"Finding {finding.id}: {kind}"
        self._record.keep_evidence([KeptEvidence(id_, SUBJECT, kind, at_s, title, digest, body, until_s)])
        return Acceptance(finding.target, finding.id, reason, self._by, at_s, until_s, kind == _TAKEN_BACK)

    def _tell(self, said: str) -> None:
        if self._store.folder.is_dir():
            tell(self._store.folder, said, kind=AuditKind.ADMINISTRATION, now_s=self._now(), by=self._by)


def day_of(at_s: float) -> str:
    """Return the last day on which something holds, in UTC."""
    return f"{utc(at_s - 1):%Y-%m-%d}"


def _read(rows: Sequence[KeptEvidence]) -> Iterator[Acceptance]:
    """Yield acceptances in the order of time; what was changed since it was kept counts for nothing."""
    for row in rows:
        with suppress(ValueError, KeyError, TypeError, AttributeError):
            if hashlib.sha256(row.body).hexdigest() != row.digest:
                continue
            fields = json.loads(row.body)
            names = ("target", "finding", "reason", "by")
            target, finding, reason, by = (str(fields[name]) for name in names)
            yield Acceptance(target, finding, reason, by, row.at_s, row.until_s or 0.0, row.kind == _TAKEN_BACK)


def entry_of(finding: KeptFinding, one: Acceptance) -> Accepted:
    """Return an acceptance as an entry of a baseline."""
    since, until = utc(one.at_s).date(), utc(one.until_s - 1).date()
    return Accepted(finding.id, finding.check, finding.operation, one.reason, since, max(since, until), finding.target)
