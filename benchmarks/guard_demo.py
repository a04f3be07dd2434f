"""Bar 4 of the guard: what a scan names through it, weakness by weakness, and whether the sound business works on.

    python benchmarks/guard_demo.py [--runs 1] [--seed N] [NAME ...]

For each weakness of the demo business alone: does the scanner name it directly, and through the guard in enforce? Does
an attack by hand work directly, and through the guard? Which stage claims it, which rules spoke at its operation, and
why does it remain where none does? (`tests/guarded/demo_claims.py` is the table, `tests/guarded/demo.toml` the guard.)
Then the sound business: a scan through the guard must find nothing and judge as much as directly, and every described
operation must work. Fails where something that a stage claims still shows, where a try shows nothing even directly,
or where something is blocked that should pass.
"""

import argparse
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from apiward.core.verdict import Outcome
from apiward.demo.weaknesses import WEAKNESSES
from tests.demo.tour import whole_tour
from tests.demo.twins import Twin, scan_demo
from tests.demo.visitor import Visitor
from tests.guarded.demo_claims import CLAIMED, REMAINS
from tests.guarded.demo_guard import behind_guard
from tests.guarded.demo_trial import (
    Tried,
    attack_directly,
    attack_through,
    scan_directly,
    scan_guarded,
    scan_through,
)

JUDGED_SHARE = 0.98
"""Of what a scan judges directly, so much must be judged through the guard: one that is shut out names nothing."""


@dataclass(frozen=True)
class Row:
    """What four tries of one weakness gave; scans are None where the scanner cannot see it."""

    name: str
    scan: tuple[Tried, Tried] | None
    attack: tuple[Tried, Tried]

    def faults(self) -> Iterator[str]:
        """Yield what must not be."""
        for kind, tries in (("scan", self.scan), ("attack", self.attack)):
            if tries is not None and not tries[0].is_weak:
                yield f"{self.name}: the {kind} does not show it even directly"
            if tries is not None and tries[1].is_weak and self.name in CLAIMED:
                yield f"{self.name}: the {kind} shows it through the guard, though {CLAIMED[self.name]} claims it"

    def line(self) -> str:
        """Return the row of the table."""
        scan = [_word(one) for one in self.scan] if self.scan else ["-", "-"]
        attack = [_word(one) for one in self.attack]
        said = CLAIMED[self.name] if self.name in CLAIMED else f"remains: {REMAINS[self.name]}"
        rules = ", ".join(sorted(self.attack[1].rules | (self.scan[1].rules if self.scan else frozenset())))
        if not self.attack[1].is_served:
            rules = "the guard does not start with that secret"
        why = f"[{rules or 'without a word'}]" if self.name in CLAIMED else ""
        return f"{self.name:33} {scan[0]:6} {scan[1]:8} {attack[0]:6} {attack[1]:8} {said} {why}"


def main() -> int:
    """Run, print and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", default=list(WEAKNESSES), help="weaknesses; all by default")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    rng = random.Random(given.seed)
    faults: list[str] = []
    with ProcessPoolExecutor(given.workers) as pool:
        for run in range(given.runs):
            print(f"run {run + 1} of {given.runs} with seed {given.seed}")
            print(f"{'weakness':33} {'scan':6} {'guarded':8} {'attack':6} {'guarded':8} stage [rules that spoke there]")
            for row in pool.map(_tried, [(name, rng.randrange(10**9)) for name in given.names]):
                print(row.line(), flush=True)
                faults += row.faults()
            faults += _sound(rng.randrange(10**9))
    for fault in faults:
        print(f"FAULT {fault}")
    return 1 if faults else 0


def _tried(job: tuple[str, int]) -> Row:
    name, seed = job
    is_visible = WEAKNESSES[name].needs == "client"
    scan = (scan_directly(name, seed), scan_through(name, seed)) if is_visible else None
    return Row(name, scan, (attack_directly(name), attack_through(name)))


def _sound(seed: int) -> list[str]:
    """Scan and visit the sound business; print it, and return what is wrong."""
    direct, (guarded, heard) = scan_demo((), seed=seed), scan_guarded((), seed)
    print(f"sound, scanned directly: {_outcomes(direct)}; through the guard: {_outcomes(guarded)}")
    faults = [f"the sound business has a finding through the guard: {one}" for one in sorted(guarded.found())]
    if _judged(guarded) < JUDGED_SHARE * _judged(direct):
        faults.append("the scan judges far less through the guard than directly")
    if "guard.stage-failed" in heard.rules():
        faults.append("a stage of the guard failed")
    with tempfile.TemporaryDirectory() as folder:
        visitor = Visitor((), Path(folder), behind_guard)
        stops = whole_tour(visitor)
        visitor.close()
    blocked = [stop.operation for stop in stops if not 200 <= stop.reply.status < 400]
    print(f"sound, visited through the guard: {len(stops)} rightful calls, {len(blocked)} blocked")
    return faults + [f"a rightful call is blocked: {operation}" for operation in blocked]


def _judged(twin: Twin) -> int:
    return sum(item.outcome is not Outcome.NOT_RUN for item in twin.report.items)


def _outcomes(twin: Twin) -> str:
    counted = Counter(item.outcome for item in twin.report.items)
    return ", ".join(f"{count} {outcome}" for outcome, count in counted.most_common())


def _word(tried: Tried) -> str:
    if not tried.is_served:
        return "unserved"
    return "shows" if tried.is_weak else "held"


if __name__ == "__main__":
    sys.exit(main())
