"""The table of permissions against Cedar: random roles, rules and callers, judged by both.

    python benchmarks/permit_cedar.py --requests 100000

Prints how many requests were judged, how many of them were allowed, how many answers differ (the
bar is 0), and how long one decision of the table takes. Exits with 1 where any answer differs.
"""

import argparse
import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from apiward.core.principal import Principal, PrincipalKind
from apiward.guard.permission.table import Permissions
from tests.guard.permission.random_rules import differences, random_api, random_settings

_PER_SET = 250


def main() -> int:
    """Run the comparison."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    begun_s, allowed, differing = time.perf_counter(), 0, 0
    sets = max(1, options.requests // _PER_SET)
    for at in range(sets):
        passed, different = differences(random.Random(options.seed + at), _PER_SET)
        allowed += passed
        differing += len(different)
        for one in different[:1]:
            print(f"differs: {one}")
    taken_s = time.perf_counter() - begun_s
    print(
        f"{sets * _PER_SET} requests in {sets} sets of rules, {allowed} allowed, {differing} differ ({taken_s:.1f} s)"
    )
    print(f"one decision of the table: {_decision_us():.2f} µs")
    return 1 if differing else 0


def _decision_us() -> float:
    """Return the mean time of a decision over all operations of many random sets, in microseconds."""
    principal = Principal(PrincipalKind.USER, "1", roles=frozenset({"r1", "r3"}), scopes=frozenset({"read"}))
    plans = []
    for seed in range(50):
        rng = random.Random(seed)
        plans += [plan for plan in Permissions(random_settings(rng), random_api(rng)).plans.values() if plan.is_fixed]
    begun_s = time.perf_counter()
    for _ in range(100):
        for plan in plans:
            plan.denial(principal)
    return (time.perf_counter() - begun_s) / len(plans) / 100 * 1e6


if __name__ == "__main__":
    sys.exit(main())
