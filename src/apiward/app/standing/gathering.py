"""How things stand with one API: gathered from the store, the rules, what is accepted, and the guard, if one runs."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from apiward.app.guarding.place import Place
from apiward.app.incidents.desk import ALIVE
from apiward.app.incidents.drilling import SUBJECT as DRILL
from apiward.app.recording.accepting import FindingDesk, entry_of
from apiward.app.recording.opening import Store, told
from apiward.app.standing.accepting import read_accepted
from apiward.app.standing.holding import guard_state, held_findings
from apiward.config.errors import AdvisedError, nearest
from apiward.config.guarding import GuardConfig
from apiward.core.incident import IncidentState
from apiward.core.kept_finding import FindingState, FindingTurn, KeptFinding
from apiward.prove.baseline import Accepted, Baseline
from apiward.prove.gathered import Gathered, opened_s
from apiward.prove.reaching import DAY_S, reach_of
from apiward.prove.standing import (
    GuardState,
    Standing,
    StandingFinding,
    StandingIncident,
    Treatment,
)
from apiward.stores.watching.headlines import Headlines
from apiward.stores.watching.scans import MOST, ScanStore
from apiward.stores.watching.store import WatchStore

MOST_INCIDENTS: Final = 1_000
TURNS: Final = (FindingTurn.NEW, FindingTurn.CAME_BACK, FindingTurn.FIXED)
"""What of a finding's history tells something: not that it was still there, scan after scan."""


def gather(store: Store, place: Place, now_s: float, *, target: str = "", accepted: Baseline | None = None) -> Gathered:
    """Return how things stand with the API at `target`, or with that which was scanned last. Raises AdvisedError.

    `accepted` is what the file of accepted findings says, where that was read already.
    """
    if accepted is None:
        accepted = read_accepted(place)
    with told("be read"):
        scans = ScanStore(store.engine)
        targets = scans.targets()
        chosen = _chosen(target, targets)
        findings = scans.findings(target=chosen, turns=TURNS, limit=MOST) if chosen else []
        record = WatchStore(store.engine, lambda: now_s)
        incidents = [one for one in Headlines(store.engine).listed(ALIVE, limit=MOST_INCIDENTS) if not one.is_drill]
        exercises = [one.at_s for one in record.evidence(DRILL)]
        found = tuple(scans.scans(chosen)) if chosen else ()
        lived_with = FindingDesk(store, now=lambda: now_s, by="apiward").accepted_now(chosen) if chosen else {}
    gathered = Gathered(
        Standing(chosen),
        now_s,
        targets=tuple(dict.fromkeys((chosen, *targets))) if chosen else (),
        scans=found,
        findings=tuple(one for one in findings if one.state is FindingState.OPEN),
        fixed=tuple(one for one in findings if one.state is not FindingState.OPEN),
        accepted=_standing(accepted, now_s)
        | {one.id: entry_of(one, lived_with[one.id]) for one in findings if one.id in lived_with},
        held=held_findings(place, store.config, now_s),
        incidents=tuple(incidents),
        exercise_s=max(exercises, default=None),
    )
    return _with_standing(gathered, guard_state(store.folder))


def nothing_kept(place: Place, config: GuardConfig, now_s: float) -> Gathered:
    """Return how things stand where there is no store yet."""
    held = held_findings(place, config, now_s)
    return Gathered(Standing(guard=guard_state(place.data)), now_s, held=held)


def _chosen(target: str, targets: list[str]) -> str:
    if not target:
        return targets[0] if targets else ""
    if target in targets:
        return target
    why = nearest(target, tuple(targets)) if targets else "No scan has been kept yet."
    raise AdvisedError(f"No scan of {target[:80]!a} has been kept.", why, "See: apiward scan --help")


def _standing(baseline: Baseline, now_s: float) -> dict[str, Accepted]:
    today = datetime.fromtimestamp(now_s, UTC).astimezone().date()
    return {entry.id: entry for entry in baseline.accepted if entry.expires_on >= today}


def _with_standing(found: Gathered, guard: GuardState) -> Gathered:
    standing = Standing(
        target=found.standing.target,
        findings=tuple(_finding(one, found, guard) for one in found.findings),
        reach=reach_of(found.scans, found.at_s),
        guard=guard,
        incidents=tuple(
            StandingIncident(one.id, one.severity, one.state is IncidentState.CONTAINED) for one in found.incidents
        ),
        exercise_age_days=None if found.exercise_s is None else _age(found.exercise_s, found.at_s),
    )
    return replace(found, standing=standing)


def _finding(one: KeptFinding, found: Gathered, guard: GuardState) -> StandingFinding:
    """Return a finding with what becomes of it: where a rule holds it and it was accepted, the rule counts."""
    treatment = Treatment.ACCEPTED if one.id in found.accepted else Treatment.OPEN
    if one.id in found.held and guard is not GuardState.ABSENT:
        treatment = Treatment.HELD
    age_days = _age(opened_s(one), found.at_s)
    return StandingFinding(one.id, one.check, one.operation, one.severity, one.confidence, age_days, treatment)


def _age(at_s: float, now_s: float) -> float:
    return max(0.0, (now_s - at_s) / DAY_S)
