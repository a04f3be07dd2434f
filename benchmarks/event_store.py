"""What keeping one event costs: `python benchmarks/event_store.py [--events N] [--folder FOLDER]`.

Three ways, each with the same events and each on a fresh file:

- apiward: offered to the queue (from then on safe against a kill of the process), stored in batches by its thread;
- sqlite3 alone: one INSERT and one commit for each event, in the request's way, same table, same safety;
- logging: `json.dumps` of the same fields through Python's `logging` into a file; nothing can be asked of it later.

CPU is of the whole process. "in the way" is what a request waits for. Exit code 1 if apiward takes more
CPU for an event than a row by row commit does, or is in the way of a request for longer than `logging`.
"""

import argparse
import json
import logging
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from apiward.core.decision import Decision, Ruling
from apiward.core.event import Event
from apiward.stores.events.database import bring_up_to_date, open_database, sqlite_url
from apiward.stores.events.queue import EventQueue
from apiward.stores.events.rows import COLUMNS, row_of
from apiward.stores.events.storing import SqlEvents

_REFUSED = (Ruling(Decision("shape.undeclared", place="body.role", saw="not in the description"), is_applied=True),)
_INSERT = f"INSERT INTO events ({','.join(COLUMNS)}) VALUES ({','.join('?' * len(COLUMNS))})"


@dataclass(frozen=True, slots=True)
class Cost:
    """For one event, in microseconds: `way` is what a request waits for, `cpu` is all; `rate` is events per second."""

    way: float
    cpu: float
    rate: float


def events(number: int) -> list[Event]:
    """Return that many events, one in twenty of them refused."""
    plain = Event(
        id="",
        at_s=1_800_000_000.0,
        method="GET",
        operation="GET /products/{id}",
        path="/products/123",
        status=200,
        outcome="passed",
        client="192.0.2.1",
        principal="user:https://id.example|42",
        own_s=0.000_061,
        elapsed_s=0.002_1,
        answer_size=512,
    )
    refused = plain._replace(status=422, outcome="refused", rulings=_REFUSED)
    made = (
        (plain if at % 20 else refused)._replace(id=f"{at:032x}", at_s=plain.at_s + at / 10_000) for at in range(number)
    )
    return list(made)


def ours(folder: Path, given: list[Event]) -> Cost:
    """Offer all, then let them be stored."""
    engine = open_database(sqlite_url(folder / "events.sqlite"))
    bring_up_to_date(engine)
    queue = EventQueue(folder / "spool", SqlEvents(engine, time.time))

    def offer() -> None:
        for event in given:
            queue.offer(event)

    way, _ = _measured(offer)

    def store() -> None:
        queue.start()
        queue.close(timeout_s=600.0)

    wall, cpu = _measured(store)
    assert queue.state().stored == len(given)
    engine.dispose()
    return _cost(given, way, way + cpu, way + wall)


def row_by_row(folder: Path, given: list[Event]) -> Cost:
    """Commit each event for itself."""
    url = sqlite_url(folder / "rows.sqlite")
    engine = open_database(url)
    bring_up_to_date(engine)
    engine.dispose()
    connection = sqlite3.connect(folder / "rows.sqlite")
    connection.execute("PRAGMA synchronous = FULL")

    def store() -> None:
        for event in given:
            connection.execute(_INSERT, row_of(event))
            connection.commit()

    wall, cpu = _measured(store)
    connection.close()
    return _cost(given, wall, cpu, wall)


def logged(folder: Path, given: list[Event]) -> Cost:
    """Log each event as a line of JSON."""
    logger = logging.getLogger("benchmark")
    logger.setLevel(logging.INFO)
    logger.propagate = False
    handler = logging.FileHandler(folder / "events.log")
    logger.addHandler(handler)

    def store() -> None:
        for event in given:
            logger.info(json.dumps(event._asdict(), default=str))

    wall, cpu = _measured(store)
    logger.removeHandler(handler)
    handler.close()
    return _cost(given, wall, cpu, wall)


def _measured(work: Callable[[], None]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def _cost(given: list[Event], way_s: float, cpu_s: float, wall_s: float) -> Cost:
    return Cost(way_s / len(given) * 1e6, cpu_s / len(given) * 1e6, len(given) / wall_s)


def main() -> int:
    """Measure, print and judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, help="on the disk to measure; a temporary one by default")
    arguments = parser.parse_args()
    given = events(arguments.events)
    with tempfile.TemporaryDirectory(dir=arguments.folder) as name:
        folder = Path(name)
        ways = {
            "apiward": ours(folder, given),
            "sqlite3, row by row": row_by_row(folder, given[:2_000]),
            "logging": logged(folder, given[:50_000]),
        }
    print(f"{'':22}{'µs in the way':>15}{'µs CPU':>10}{'events/s':>12}")
    for label, cost in ways.items():
        print(f"{label:22}{cost.way:15.2f}{cost.cpu:10.2f}{cost.rate:12,.0f}")
    mine, rows, lines = ways.values()
    for label, other in (("a commit for each row", rows), ("logging", lines)):
        cpu, way = other.cpu / mine.cpu, other.way / mine.way
        print(f"{label} takes {cpu:.1f} times the CPU and {way:,.0f} times as long in the way")
    return 0 if mine.cpu < rows.cpu and mine.way < lines.way else 1


if __name__ == "__main__":
    sys.exit(main())
