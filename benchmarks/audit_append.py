"""What the record costs: `python -m benchmarks.audit_append [--events N]`.

CPU for one event on SQLite, in batches as the guard stores them: the bare rows; with the counts by caller; with an
entry of the audit record for each, as if all requests were refused. Then the parts of an entry alone, and how fast the
whole record is verified. Exit code 1 if an event with its entry costs more than eight times a bare row, or if verifying
takes longer than writing did.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import patch

from apiward.core.lanes import AuditKind
from apiward.core.merkle import Tree, leaf_hash
from apiward.stores.events.database import open_database, snapshot, sqlite_url
from apiward.stores.events.rows import Cell, row_of
from apiward.stores.events.storing import SqlEvents
from apiward.stores.record.entries import new_entry
from apiward.stores.record.verifying import verify
from tests.stores.record.made import refused

BATCH = 4_000
MOST_RATIO = 8.0


def cpu_us(work: Callable[[], object], number: int) -> float:
    """Return the microseconds of CPU for one of `number`."""
    begun = time.process_time()
    work()
    return (time.process_time() - begun) / number * 1e6


def batches(rows: list[list[Cell]]) -> Iterator[list[list[Cell]]]:
    """Yield rows as the drain hands them over."""
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]


def stored(folder: Path, name: str, rows: list[list[Cell]]) -> float:
    """Store rows in a fresh file."""
    engine = open_database(sqlite_url(folder / name))
    keeper = SqlEvents(engine, time.time)
    keeper.add([])
    cost = cpu_us(lambda: [keeper.add(batch) for batch in batches(rows)], len(rows))
    engine.dispose()
    return cost


def bare(folder: Path, rows: list[list[Cell]]) -> float:
    """Store rows without any record of them."""
    with patch("apiward.stores.events.storing.record", return_value=0):
        return stored(folder, "bare.sqlite", rows)


def parts(number: int) -> dict[str, float]:
    """Return what making an entry costs, part by part."""
    event, salt, tree = refused(1), bytes(32), Tree()
    entry = new_entry(event, AuditKind.ACCESS, seq=1, last="0" * 64, salt=salt, now_s=1.0)
    leaf = entry.hash

    def make() -> None:
        for at in range(number):
            new_entry(event, AuditKind.ACCESS, seq=at, last="0" * 64, salt=salt, now_s=1.0)

    def grow() -> None:
        for _ in range(number):
            tree.append(leaf)

    def hash_leaf() -> None:
        for _ in range(number):
            leaf_hash(entry.leaf.encode())

    return {
        "the entry as JSON": cpu_us(make, number),
        "its hash": cpu_us(hash_leaf, number),
        "into the tree": cpu_us(grow, number),
    }


def main() -> int:
    """Measure, print and judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=60_000)
    number = parser.parse_args().events
    refusals = [list(row_of(refused(at))) for at in range(number)]
    plain = [list(row_of(refused(at)._replace(rulings=(), status=200, outcome="passed"))) for at in range(number)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        costs = {
            "bare row": bare(folder, refusals),
            "with counts": stored(folder, "plain.sqlite", plain),
            "with counts and an audit entry": stored(folder, "audit.sqlite", refusals),
        }
        for label, cost in costs.items():
            print(f"{label:32}{cost:8.2f} µs{cost / costs['bare row']:8.2f} times a bare row")
        for label, cost in parts(number).items():
            print(f"  {label:30}{cost:8.2f} µs")
        engine = open_database(sqlite_url(folder / "audit.sqlite"))
        with snapshot(engine) as connection:
            read = cpu_us(lambda: list(verify(connection, (), now_s=0.0, keep_s=0.0)), number)
        engine.dispose()
        size = (folder / "audit.sqlite").stat().st_size - (folder / "plain.sqlite").stat().st_size
    print(f"{'to verify one entry':32}{read:8.2f} µs; on the disk an entry takes {size / number:.0f} bytes")
    dearest = costs["with counts and an audit entry"]
    return 0 if dearest <= MOST_RATIO * costs["bare row"] and read <= dearest else 1


if __name__ == "__main__":
    sys.exit(main())
