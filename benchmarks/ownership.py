"""Whose objects: how many foreign reads and writes are seen, and how often a rightful caller would be refused.

    python -m benchmarks.ownership [--users 10 60 200 2000] [--seeds 101 102 103] [--details] [--docs FILE]

A business of many tenants is simulated for fourteen days (`apiward.demo.traffic`), and each request and answer goes
through the stage `objects` with nothing known beforehand but who is staff: no description, no rules. Modes are shadow,
so every decision is computed and nothing is held back: what a thief gets, he gets, and may try to teach with.

- A *foreign* request is one for an object to which its caller has no right, that the API (which checks nothing)
  answered with 2xx, from the fourth day on. Recall is the share of them that would have been refused.
- A *false alarm* is a rightful request that would have been refused, from the fourth day on; what one caller does to
  one object on one day counts once. Figures are for a week (7 days).

Exit code 1 where a bar is missed: recall of 0.98 for reads and for writes; one false alarm a week up to 60 users, five
at 2,000, in each of the three conditions.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import parse_qsl, unquote

from apiward.access.ownership.rights import Rights
from apiward.access.ownership.settings import ObjectsSettings
from apiward.core.call import Answer, Call
from apiward.core.jsonvalue import NOT_JSON, parse_json
from apiward.demo.traffic.callers import STAFF_ROLE
from apiward.demo.traffic.fortnight import traffic
from apiward.demo.traffic.settings import DAY_S, Attack, TrafficSettings
from apiward.demo.traffic.values import Kind, Step
from apiward.demo.traffic.world import World
from apiward.guard.stage import Parts
from apiward.guard.stages.objects import Objects
from apiward.stores.ownership.memory import MemoryFacts

WARM_UP_DAYS: Final = 3
CONDITIONS: Final = {
    "usual": {},
    "1 % links across tenants": {"cross_tenant_links": 0.01},
    "half never list": {"never_listing": 0.5},
}
ATTACKS: Final = (Kind.STOLEN_OBJECT, Kind.FOREIGN_WRITE)
LEAST_RECALL: Final = 0.98


@dataclass
class Figures:
    """What was counted in some runs."""

    days: float = 0.0
    requests: int = 0
    reads: list[bool] = field(default_factory=list)
    writes: list[bool] = field(default_factory=list)
    alarms: set[tuple[str, str, int, int]] = field(default_factory=set)
    raw_alarms: int = 0
    missed: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)

    @property
    def a_week(self) -> float:
        """False alarms in seven days."""
        return 7 * len(self.alarms) / self.days if self.days else 0.0


def measure(settings: TrafficSettings, figures: Figures, *, api: object = None) -> Rights:
    """Run one fortnight through the stage, and count."""
    world = World(settings)
    machines = tuple(one.principal.key for one in world.machines)
    own = ObjectsSettings(staff_roles=(STAFF_ROLE,), staff=machines, warm_up_days=WARM_UP_DAYS)
    rights = Rights(own, None, MemoryFacts(), bytes(32))
    stage = Objects(None, _parts(rights))
    counted_from_s = settings.start_s + WARM_UP_DAYS * DAY_S
    for step in traffic(settings, world):
        refused = would_refuse(stage, step)
        figures.requests += 1
        if step.at_s >= counted_from_s:
            _count(figures, step, settings, refused=refused)
    figures.days += settings.days - WARM_UP_DAYS
    return rights


def would_refuse(stage: Objects, step: Step) -> bool:
    """Take one request and its answer through the stage; whether it would have been refused."""
    call = call_of(step)
    stage.on_head(call)
    stage.on_body(call)
    answer = Answer(step.status, list(step.answer_headers), step.answer)
    if stage.wants_answer(call, answer):
        answer.value = parse_json(step.answer)
        stage.on_answer_body(call, answer)
    stage.on_answer_head(call, answer)
    stage.on_end(call, step.status)
    return bool(call.rulings)


def call_of(step: Step) -> Call:
    """Return the request as it stands before the stage, where nothing is described."""
    path, _, query = step.target.partition("?")
    call = Call(step.method, path.encode(), query.encode(), list(step.headers), step.address, started_s=step.at_s)
    call.header = dict(step.headers)
    call.path, call.client, call.principal = unquote(path), step.address, step.principal
    call.query_pairs = parse_qsl(query, keep_blank_values=True)
    call.body = step.body
    call.value = parse_json(step.body) if step.body else NOT_JSON
    return call


def _count(figures: Figures, step: Step, settings: TrafficSettings, *, refused: bool) -> None:
    truth = step.truth
    if truth.is_foreign:
        if step.is_success:
            (figures.writes if truth.is_write else figures.reads).append(refused)
            if not refused:
                figures.missed[f"{truth.kind} {truth.operation} used={truth.was_used}"] += 1
    elif refused and truth.is_rightful:
        figures.raw_alarms += 1
        day = int((step.at_s - settings.start_s) // DAY_S)
        figures.alarms.add((truth.actor, f"{truth.object_type} {truth.object_id}", day, settings.seed))
        figures.wrong[f"{truth.kind} {truth.operation} {truth.relation}"] += 1


def _parts(rights: Rights) -> Parts:
    nothing = object()
    return Parts(None, lambda: 0.0, nothing, nothing, nothing, nothing, rights)  # type: ignore[arg-type] # the stage asks nothing but the rights


def settings_of(users: int, seed: int, condition: str) -> TrafficSettings:
    """Return what is simulated: so many attacks that some hundred are seen, but few beside what is rightful."""
    each = max(1.0, users / 60)
    attacks = tuple(Attack(kind, from_day=WARM_UP_DAYS, per_day=each) for kind in ATTACKS)
    return replace(TrafficSettings(users=users, seed=seed, attacks=attacks), **CONDITIONS[condition])


def share(hits: list[bool]) -> float:
    """Return the share of true ones."""
    return sum(hits) / len(hits) if hits else 1.0


def most_alarms(users: int) -> float:
    """Return the bar: one a week up to 60 users, five at 2,000, in proportion between."""
    return 1.0 if users <= 60 else 1.0 + 4.0 * (users - 60) / 1_940


def rows(users: list[int], seeds: list[int], *, details: bool) -> Iterator[tuple[int, str, Figures]]:
    """Yield each size and condition with its figures."""
    for size in users:
        for condition in CONDITIONS:
            figures = Figures()
            for seed in seeds:
                measure(settings_of(size, seed, condition), figures)
            if details:
                print(size, condition, "missed:", figures.missed.most_common(12))
                print(size, condition, "wrong:", figures.wrong.most_common(12))
            yield size, condition, figures


def main() -> int:
    """Measure, print, compare with the bars."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, nargs="+", default=[10, 60, 200])
    parser.add_argument("--seeds", type=int, nargs="+", default=[101, 102, 103])
    parser.add_argument("--details", action="store_true")
    given = parser.parse_args()
    is_missed = False
    print("| users | condition | requests | foreign reads seen | foreign writes seen | false alarms a week | raw |")
    print("|---:|---|---:|---:|---:|---:|---:|")
    for size, condition, figures in rows(given.users, given.seeds, details=given.details):
        reads, writes = share(figures.reads), share(figures.writes)
        raw = 7 * figures.raw_alarms / figures.days
        print(
            f"| {size:,} | {condition} | {figures.requests:,} | {reads:.3f} of {len(figures.reads)} "
            f"| {writes:.3f} of {len(figures.writes)} | {figures.a_week:.2f} | {raw:.2f} |",
            flush=True,
        )
        is_missed |= min(reads, writes) < LEAST_RECALL or figures.a_week > most_alarms(size)
    print("A bar is missed." if is_missed else "All bars hold.")
    return 1 if is_missed else 0


if __name__ == "__main__":
    sys.exit(main())
