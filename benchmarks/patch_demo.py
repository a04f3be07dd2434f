"""Bar 4 of patches: every weakness of the demo business that a rule can hold is held, and nobody rightful is refused.

    python benchmarks/patch_demo.py [--seed N] [NAME ...]

For each weakness that two normal accounts can see: scan the business, make rules of what is found (the only settings
of the guard are these rules, with the two people of the team named as staff), scan again through the guard, and have
a visitor use every operation rightfully through it. The table says what each finding became. Then the same with all
weaknesses at once, where the simulated normal fortnight of ten clients and the team goes through the guard as well, and
with the sound twin: no rules, and nothing refused. Fails where something that has a rule is
not held, where its check says that no rule can hold it but names one, or where a rightful call is refused.
"""

import argparse
import random
import sys
import tempfile
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

sys.path.insert(0, str(Path(__file__).parent.parent))

from starlette.applications import Starlette

from apiward.app.patching.cases import Rule
from apiward.app.patching.judging import After
from apiward.net.messages import App
from tests.demo.tour import Stop, whole_tour
from tests.demo.twins import VISIBLE
from tests.demo.visitor import Visitor
from tests.guarded.demo_guard import Heard
from tests.guarded.demo_trial import checks_for
from tests.guarded.patched_demo import Patched, guard_with, scan_and_patch
from tests.simulated.demo_days import fortnight

ALIKE = {After.HELD: "held", After.BROKEN: "BROKEN", After.IN_THE_WAY: "IN THE WAY", After.UNSURE: "UNSURE"}

_Told: TypeAlias = tuple[tuple[tuple[str, str, str, str], ...], int, tuple[str, ...]]
"""Findings with what became of them, how many rules, and rightful calls that were refused."""


@dataclass(frozen=True)
class Row:
    """What became of one weakness: (check, operation, word, why) of each finding, and rightful calls that failed."""

    name: str
    findings: tuple[tuple[str, str, str, str], ...]
    rules: int
    refused: tuple[str, ...]

    def faults(self) -> list[str]:
        """Return what must not be."""
        found = [
            f"{self.name}: {check} {where}: {word}: {why}"
            for check, where, word, why in self.findings
            if word.isupper()
        ]
        found += [f"{self.name}: a rightful call is refused: {one}" for one in self.refused]
        return found if self.findings else [*found, f"{self.name}: the scan finds nothing"]


def main() -> int:
    """Run, print and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", default=list(VISIBLE), help="weaknesses; all by default")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--alone-only", action="store_true", help="leave out all at once, and the sound twin")
    given = parser.parse_args()
    rng = random.Random(given.seed)
    print(f"seed {given.seed}")
    with ProcessPoolExecutor(given.workers) as pool:
        rows = []
        for row in pool.map(_tried, [(name, rng.randrange(10**6)) for name in given.names]):
            rows.append(row)
            _print(row)
    faults = [fault for row in rows for fault in row.faults()]
    words = [word for row in rows for _, _, word, _ in row.findings]
    print(f"{words.count('held')} findings held, {words.count('no rule')} without a rule, of {len(words)}")
    if not given.alone_only:
        faults += _together(rng.randrange(10**6))
    for fault in faults:
        print(f"FAULT {fault}")
    return 1 if faults else 0


def _together(seed: int) -> list[str]:
    patched = scan_and_patch(VISIBLE, seed)
    every = Row("all weaknesses", *_told(VISIBLE, patched))
    _print(every)
    calls, days = _through(VISIBLE, patched.plan.rules, lambda visitor: list(fortnight(visitor, clients=10, seed=seed)))
    print(f"a normal fortnight through the guard with these rules: {calls} calls, {len(days)} refused", flush=True)
    sound = Row("sound twin", *_patched((), seed, every=True))
    _print(sound)
    every = replace(every, refused=(*every.refused, *days))
    return [*every.faults(), *[f"sound twin: {one}" for one in (*sound.findings, *sound.refused)]]


def _tried(job: tuple[str, int]) -> Row:
    name, seed = job
    return Row(name, *_patched((name,), seed, every=False))


def _patched(weak: Collection[str], seed: int, *, every: bool) -> _Told:
    checks = {} if every else {"checks": checks_for(next(iter(weak)))}
    return _told(weak, scan_and_patch(weak, seed, **checks))


def _told(weak: Collection[str], patched: Patched) -> _Told:
    findings = [(one.finding.check, one.finding.operation, ALIKE[one.after], one.saw) for one in patched.results] + [
        (finding.check, finding.operation, "no rule", patched.plan.unheld[finding.id])
        for finding in patched.findings
        if finding.id in patched.plan.unheld
    ]
    _, refused = _through(weak, patched.plan.rules, whole_tour)
    return tuple(findings), len(patched.plan.rules), tuple(refused)


def _through(
    weak: Collection[str], rules: Sequence[Rule], visit: Callable[[Visitor], Sequence[Stop]]
) -> tuple[int, list[str]]:
    """Return how many calls a rightful visit makes through the guard, and those that the guard itself refuses."""
    heard = Heard()

    def around(app: Starlette, folder: Path, clock: object) -> App:
        return guard_with(app, folder, rules, clock=clock, heard=heard)  # type: ignore[arg-type]

    with tempfile.TemporaryDirectory() as folder:
        visitor = Visitor(weak, Path(folder), around)
        try:
            stops = visit(visitor)
        except (KeyError, TypeError, AssertionError) as error:
            return 0, [f"the visit ended early: {error!r}; refused: {sorted(_denied(heard))}"]
        finally:
            visitor.close()
    refused = [stop for stop in stops if stop.reply.is_of_guard]
    return len(stops), [f"{stop.operation}: {stop.reply.status} {stop.reply.text[:120]}" for stop in refused]


def _denied(heard: Heard) -> set[str]:
    return {
        f"{event.method} {event.path} {event.status} {[r.decision.rule for r in event.rulings]}"
        for event in heard.events
        if event.outcome == "refused"
    }


def _print(row: Row) -> None:
    print(f"{row.name}: {row.rules} rules, {len(row.refused)} rightful calls refused")
    for check, where, word, why in row.findings:
        print(f"    {word:10} {check} {where}{'' if word == 'held' else ': ' + why}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
