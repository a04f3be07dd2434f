"""Bar 3: every check fires on its weak twin and stays silent on the sound one, over many runs in random order.

    python benchmarks/demo_twins.py [--runs 20]

Each run scans the sound business once and each weakness alone once, in an order of its own, with
other accounts and values. It prints what was missed and what was false, and fails if there is any.
"""

import argparse
import random
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from apiward.demo.weaknesses import WEAKNESSES
from apiward.scan.registry import CHECKS
from tests.demo.twins import VISIBLE, false_findings, is_named, scan_demo


def main() -> int:
    """Run, print and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    given = parser.parse_args()
    rng = random.Random(given.seed)
    missed: Counter[str] = Counter()
    false: Counter[str] = Counter()
    for run in range(1, given.runs + 1):
        names: list[str] = [*VISIBLE, ""]
        rng.shuffle(names)
        for name in names:
            on = (name,) if name else ()
            checks = rng.sample(CHECKS, len(CHECKS))
            twin = scan_demo(on, seed=rng.randrange(10**9), checks=checks)
            if name and not is_named(twin, WEAKNESSES[name]):
                missed[name] += 1
            false.update(f"{check} at {at} with {name or 'nothing'}" for check, at in false_findings(twin, on))
        print(f"run {run}: {sum(missed.values())} missed, {sum(false.values())} false so far", flush=True)
    print(f"seed {given.seed}, {given.runs} runs, {len(VISIBLE)} weaknesses and the sound business in each")
    for title, counted in (("missed", missed), ("false", false)):
        for text, count in counted.most_common():
            print(f"  {title} {count} times: {text}")
    return 1 if missed or false else 0


if __name__ == "__main__":
    sys.exit(main())
