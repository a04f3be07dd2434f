"""Bar 3: every check fires on its weak twin and stays silent on the sound one, over many runs in random order.

    python benchmarks/demo_twins.py [--runs 20] [--all-checks]

Each run scans the sound business with all checks, and the business with each weakness alone, in an
order of its own, with other accounts and values. With one weakness on, the checks that may name it
run; with `--all-checks` all do, which takes six times as long and also shows what else they say.
It prints what was missed and what was false, and fails if there is any.
"""

import argparse
import random
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from apiward.demo.weaknesses import WEAKNESSES
from apiward.scan.registry import CHECKS
from tests.demo.twins import VISIBLE, false_findings, is_named, scan_demo

Result = tuple[str, bool, list[str]]


def main() -> int:
    """Run, print and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--all-checks", action="store_true")
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    rng = random.Random(given.seed)
    missed: Counter[str] = Counter()
    false: Counter[str] = Counter()
    with ProcessPoolExecutor(given.workers) as pool:
        for run in range(1, given.runs + 1):
            names = rng.sample([*VISIBLE, ""], len(VISIBLE) + 1)
            jobs = [(name, rng.randrange(10**9), given.all_checks) for name in names]
            for name, is_missed, wrong in pool.map(_scan, jobs):
                missed[name] += is_missed
                false.update(wrong)
            print(f"run {run}: {missed.total()} missed, {false.total()} false so far", flush=True)
    print(f"seed {given.seed}: {given.runs} runs of {len(VISIBLE)} weaknesses and the sound business")
    for title, counted in (("missed", +missed), ("false", false)):
        for text, count in counted.most_common():
            print(f"  {title} {count} times: {text}")
    return 1 if missed.total() or false.total() else 0


def _scan(job: tuple[str, int, bool]) -> Result:
    """Scan with one weakness on (an empty name: with none) and return what was missed and what was false."""
    name, seed, has_all = job
    on = (name,) if name else ()
    rng = random.Random(seed)
    checks = rng.sample(CHECKS, len(CHECKS))
    if name and not has_all:
        codes = (WEAKNESSES[name].check, *WEAKNESSES[name].also)
        checks = [check for check in checks if check.code in codes]
    twin = scan_demo(on, seed=seed, checks=checks)
    wrong = [f"{check} at {at} with {name or 'nothing'} on" for check, at in sorted(false_findings(twin, on))]
    wrong += ["the demo was reset"] * twin.resets
    return name, bool(name) and not is_named(twin, WEAKNESSES[name]), wrong


if __name__ == "__main__":
    sys.exit(main())
