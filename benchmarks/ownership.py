"""Whose objects: how many foreign reads and writes are seen, and how often a rightful caller would be refused.

    python -m benchmarks.ownership [--users 10 60 200 2000] [--seeds 101 102 103] [--keep FILE] [--docs FILE]

A business of many tenants is simulated for fourteen days (`apiward.demo.traffic`), and each request and answer goes
through the stage `objects` with nothing known beforehand but who is staff: no description, no rules. Modes are shadow,
so every decision is computed and nothing is held back: what a thief gets, he gets, and may try to teach with.

- A *foreign* request is one for an object to which its caller has no right, that the API (which checks nothing)
  answered with 2xx, from the fourth day on. Recall is the share of them that would have been refused.
- A *false alarm* is a rightful request that would have been refused, from the fourth day on; what one caller does to
  one object on one day counts once. Figures are for a week (7 days).

Without `--seeds`, each size has its own (SEEDS). `--keep` writes each run into a file as one line of JSON, and takes
from there what it has measured before: 2,000 users take ten minutes for each condition.

Exit code 1 where a bar is missed: recall of 0.98 for reads and for writes; one false alarm a week up to 60 users, five
at 2,000, in each of the three conditions.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final
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
CONDITIONS: Final[dict[str, tuple[float, float | None]]] = {
    "usual": (0.0, None),
    "1 % links across tenants": (0.01, None),
    "half never list": (0.0, 0.5),
}
"""Share of looks by a link from another tenant, and of users who never list; None: as many as the simulator has."""
SEEDS: Final = {10: range(3001, 3005), 60: range(4101, 4111), 200: range(3001, 3004), 2_000: range(2001, 2002)}
"""What was measured once, after everything was built on other seeds."""
ATTACKS: Final = (Kind.STOLEN_OBJECT, Kind.FOREIGN_WRITE)
LEAST_RECALL: Final = 0.98
BEGIN: Final = "<!-- table -->\n"
END: Final = "<!-- end of table -->"
HEADING: Final = (
    "| users | condition | foreign reads seen | foreign writes seen | false alarms a week |",
    "|---:|---|---:|---:|---:|",
)


@dataclass
class Figures:
    """What was counted in one run, or in several."""

    days: float = 0.0
    requests: int = 0
    reads: list[bool] = field(default_factory=list)
    writes: list[bool] = field(default_factory=list)
    alarms: set[tuple[str, str, int]] = field(default_factory=set)
    raw_alarms: int = 0
    missed: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)


@dataclass
class Row:
    """The figures of one size and condition, over all seeds."""

    days: float = 0.0
    requests: int = 0
    reads: list[int] = field(default_factory=lambda: [0, 0])
    writes: list[int] = field(default_factory=lambda: [0, 0])
    alarms: int = 0
    raw: int = 0
    missed: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)

    def add(self, run: dict[str, Any]) -> None:
        """Add one run."""
        self.days += run["days"]
        self.requests += run["requests"]
        self.reads = [one + more for one, more in zip(self.reads, run["reads"], strict=True)]
        self.writes = [one + more for one, more in zip(self.writes, run["writes"], strict=True)]
        self.alarms += run["alarms"]
        self.raw += run["raw"]
        self.missed.update(run["missed"])
        self.wrong.update(run["wrong"])

    @property
    def a_week(self) -> float:
        """False alarms in seven days."""
        return 7 * self.alarms / self.days if self.days else 0.0


class Runs:
    """Runs that were measured, by size, condition and seed; kept in a file where one is given."""

    def __init__(self, kept: Path | None) -> None:
        self._kept = kept
        lines = kept.read_text("utf-8").splitlines() if kept is not None and kept.exists() else []
        self._known = {(run["users"], run["condition"], run["seed"]): run for run in map(json.loads, lines)}

    def are_known(self, users: int, condition: str, seeds: Iterable[int]) -> bool:
        """Whether all of these were measured before."""
        return all((users, condition, seed) in self._known for seed in seeds)

    def of(self, users: int, condition: str, seed: int) -> dict[str, Any]:
        """Return one run; it is measured where it is not known."""
        known: dict[str, Any] | None = self._known.get((users, condition, seed))
        if known is not None:
            return known
        figures = Figures()
        measure(settings_of(users, seed, condition), figures)
        run = {
            "users": users,
            "condition": condition,
            "seed": seed,
            "days": figures.days,
            "requests": figures.requests,
            "reads": [sum(figures.reads), len(figures.reads)],
            "writes": [sum(figures.writes), len(figures.writes)],
            "alarms": len(figures.alarms),
            "raw": figures.raw_alarms,
            "missed": dict(figures.missed),
            "wrong": dict(figures.wrong),
        }
        if self._kept is not None:
            with self._kept.open("a", encoding="utf-8") as out:
                out.write(f"{json.dumps(run)}\n")
        return run


def measure(settings: TrafficSettings, figures: Figures) -> Rights:
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
        figures.alarms.add((truth.actor, f"{truth.object_type} {truth.object_id}", day))
        figures.wrong[f"{truth.kind} {truth.operation} {truth.relation}"] += 1


def _parts(rights: Rights) -> Parts:
    nothing = object()
    return Parts(None, lambda: 0.0, nothing, nothing, nothing, nothing, rights)  # type: ignore[arg-type] # the stage asks nothing but the rights


def settings_of(users: int, seed: int, condition: str) -> TrafficSettings:
    """Return what is simulated: so many attacks that some hundred are seen, but few beside what is rightful."""
    each = max(1.0, users / 60)
    attacks = tuple(Attack(kind, from_day=WARM_UP_DAYS, per_day=each) for kind in ATTACKS)
    links, never = CONDITIONS[condition]
    made = TrafficSettings(users=users, seed=seed, attacks=attacks)
    return replace(made, cross_tenant_links=links, never_listing=made.never_listing if never is None else never)


def share(hits: Sequence[int]) -> float:
    """Return the share of what was seen."""
    return hits[0] / hits[1] if hits[1] else 1.0


def most_alarms(users: int) -> float:
    """Return the bar: one a week up to 60 users, five at 2,000, in proportion between."""
    return 1.0 if users <= 60 else 1.0 + 4.0 * (users - 60) / 1_940


def rows(
    runs: Runs, sizes: list[int], seeds: list[int], conditions: list[str], *, only_kept: bool
) -> Iterator[tuple[int, str, Row]]:
    """Yield each size and condition with its figures."""
    for size in sizes:
        for condition in conditions:
            row = Row()
            wanted = seeds or SEEDS.get(size, SEEDS[60])
            if only_kept and not runs.are_known(size, condition, wanted):
                continue
            for seed in wanted:
                row.add(runs.of(size, condition, seed))
            yield size, condition, row


def write_table(page: Path, written: list[str]) -> None:
    """Put the rows into the table of a page."""
    head, _, rest = page.read_text("utf-8").partition(BEGIN)
    _, _, tail = rest.partition(END)
    table = "\n".join([*HEADING, *written])
    page.write_text(f"{head}{BEGIN}{table}\n{END}{tail}", "utf-8")


def main() -> int:
    """Measure, print, compare with the bars."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, nargs="+", default=list(SEEDS))
    parser.add_argument("--seeds", type=int, nargs="+", default=[], help="instead of those of each size")
    parser.add_argument("--conditions", nargs="+", default=list(CONDITIONS), choices=list(CONDITIONS))
    parser.add_argument("--details", action="store_true", help="say what was missed, and what was refused wrongly")
    parser.add_argument("--keep", type=Path, help="a file of runs, which need not be measured again")
    parser.add_argument("--only-kept", action="store_true", help="leave out what is not in that file, measure nothing")
    parser.add_argument("--docs", type=Path, help="the page whose table is written anew")
    given = parser.parse_args()
    is_missed = False
    print("| users | condition | requests | foreign reads seen | foreign writes seen | false alarms a week | raw |")
    print("|---:|---|---:|---:|---:|---:|---:|")
    written = []
    for size, condition, row in rows(
        Runs(given.keep), given.users, given.seeds, given.conditions, only_kept=given.only_kept
    ):
        reads, writes = share(row.reads), share(row.writes)
        seen = f"{reads:.3f} of {row.reads[1]} | {writes:.3f} of {row.writes[1]} | {row.a_week:.2f}"
        print(f"| {size:,} | {condition} | {row.requests:,} | {seen} | {7 * row.raw / row.days:.2f} |", flush=True)
        if given.details:
            print("missed:", row.missed.most_common(12), "wrong:", row.wrong.most_common(12))
        written.append(f"| {size:,} | {condition} | {seen} |")
        is_missed |= min(reads, writes) < LEAST_RECALL or row.a_week > most_alarms(size)
    if given.docs:
        write_table(given.docs, written)
    print("A bar is missed." if is_missed else "All bars hold.")
    return 1 if is_missed else 0


if __name__ == "__main__":
    sys.exit(main())
