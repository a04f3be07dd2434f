"""A look at the simulated traffic: how much of which kind there is, how it is answered, and how fast it is made.

    python -m benchmarks.simulate --users 60 --days 14 --seed 1
    python -m benchmarks.simulate --users 60 --attack stolen-object --attack teach-ownership:3 --show 5

`--attack KIND[:PRINCIPALS]` may stand several times; `--attack all` means all of them. `--show N` prints the first N
requests of each kind.
"""

import argparse
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from apiward.demo.traffic.fortnight import traffic
from apiward.demo.traffic.settings import Attack, TrafficSettings
from apiward.demo.traffic.values import ATTACKS, Kind, Step

_WORKDAYS_A_WEEK = 5.0


@dataclass(slots=True)
class Row:
    """What was counted of one kind."""

    steps: int = 0
    foreign: int = 0
    done: int = 0
    actors: set[str] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)

    def add(self, step: Step) -> None:
        """Count one step."""
        self.steps += 1
        self.foreign += step.truth.is_foreign
        self.done += step.is_success
        self.actors.add(step.truth.actor)
        self.addresses.add(step.address)


def main() -> None:
    """Simulate, count and print."""
    given = _arguments()
    settings = TrafficSettings(
        users=given.users,
        days=given.days,
        seed=given.seed,
        sound=given.sound,
        never_listing=given.never_listing,
        cross_tenant_links=given.links,
        has_tenant_claim=not given.no_tenant_claim,
        attacks=tuple(_attacks(given.attack)),
    )
    rows: dict[Kind, Row] = defaultdict(Row)
    rights: Counter[str] = Counter()
    size = 0
    begun_s = time.perf_counter()
    for step in traffic(settings):
        row = rows[step.truth.kind]
        row.add(step)
        rights[step.truth.relation] += 1
        size += len(step.target) + len(step.body) + len(step.answer)
        if row.steps <= given.show:
            _show(step)
    _print(settings, rows, rights, size, time.perf_counter() - begun_s)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=60)
    parser.add_argument("--days", type=int, default=14)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sound", action="store_true", help="the API asks whose object it is")
    parser.add_argument("--never-listing", type=float, default=0.1, help="share of users who never open a list")
    parser.add_argument("--links", type=float, default=0.0, help="share of looks at objects by links across tenants")
    parser.add_argument("--no-tenant-claim", action="store_true", help="tokens do not name the tenant")
    parser.add_argument("--attack", action="append", default=[], metavar="KIND[:PRINCIPALS]")
    parser.add_argument("--show", type=int, default=0, metavar="N")
    return parser.parse_args()


def _attacks(wanted: list[str]) -> list[Attack]:
    if wanted == ["all"]:
        return [Attack(kind) for kind in sorted(ATTACKS)]
    parts = [one.partition(":") for one in wanted]
    return [Attack(Kind(kind), principals=int(count or 1)) for kind, _, count in parts]


def _show(step: Step) -> None:
    truth = step.truth
    about = (
        f"{truth.object_type} {truth.object_id} of {truth.owner or truth.tenant or 'nobody'}" if truth.object_id else ""
    )
    wanted = f"{step.method:6} {step.target[:70]:70}"
    print(f"{truth.kind:17} {truth.actor:14} {wanted} {step.status} {truth.relation:8} {about}")


def _print(settings: TrafficSettings, rows: dict[Kind, Row], rights: Counter[str], size: int, took_s: float) -> None:
    print(f"{'kind':18} {'requests':>9} {'done':>9} {'foreign':>9} {'actors':>7} {'addresses':>9}")
    for kind, row in sorted(rows.items(), key=lambda item: (item[0] in ATTACKS, -item[1].steps)):
        mark = "*" if kind in ATTACKS else " "
        actors, addresses = len(row.actors), len(row.addresses)
        print(f"{mark}{kind:17} {row.steps:>9,} {row.done:>9,} {row.foreign:>9,} {actors:>7,} {addresses:>9,}")
    total = sum(row.steps for row in rows.values())
    benign = sum(row.steps for kind, row in rows.items() if kind not in ATTACKS)
    each = benign / settings.users / max(settings.days * _WORKDAYS_A_WEEK / 7, 1)
    print("by right: " + ", ".join(f"{right} {count:,}" for right, count in rights.most_common()))
    print(
        f"{total:,} requests (* means harm), {each:.0f} a user and workday, {size / total:,.0f} bytes each on average"
    )
    print(f"{took_s:.1f} s, {took_s / total * 1e6:.0f} us a request")


if __name__ == "__main__":
    main()
