"""What owners' own rules cost an event, with one rule and with many, and how that grows with the number of callers.

Exits 1 where a rule costs more than its bar, or where the cost grows with the callers. Where pySigma and its SQLite
backend are installed, they are asked the same of the same events, and the ratio is printed.
"""

import argparse
import contextlib
import importlib
import json
import sqlite3
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from apiward.core.event import Event
from apiward.watch.sigma.fields import getter
from apiward.watch.sigma.reading import read_rules
from apiward.watch.sigma.rules import SigmaRules

MOST_US_A_RULE = 1.5
MOST_GROWTH = 2.0
START_S = 1_800_000_000.0
SINGLE = """title: Single {n}
name: single{n}
logsource: {{category: webserver}}
detection:
  path: {{cs-uri-stem|startswith: [/login{n}, /admin{n}]}}
  bad: {{sc-status: [401, 403]}}
  inner: {{c-ip|cidr: 10.0.0.0/8}}
  condition: path and bad and not inner
"""
MANY = """title: Many {n}
name: many{n}
correlation: {{type: {kind}, rules: [single{n}], group-by: [c-ip], timespan: 5m, condition: {{{field}gte: 10}}}}
"""


def events(count: int, callers: int) -> list[Event]:
    """Return requests of many callers; one in eight is of what some rule looks for."""
    return [_event(n, n % callers) for n in range(count)]


def _event(number: int, caller: int) -> Event:
    is_log_in = number % 8 == 0
    return Event(
        id=f"e{number}",
        at_s=START_S + number * 0.01,
        method="POST" if is_log_in else "GET",
        operation="",
        path=f"/login{number % 5}" if is_log_in else "/orders/7",
        status=401 if is_log_in else 200,
        outcome="passed",
        client=f"192.{caller >> 16 & 255}.{caller >> 8 & 255}.{caller & 255}",
        principal=f"user:{caller}",
    )


def rules(count: int) -> str:
    """Return that many rules about single events, and as many correlations of them."""
    parts = [SINGLE.format(n=n) for n in range(count)]
    for n in range(count):
        kind, field = ("value_count", "field: principal, ") if n % 2 else ("event_count", "")
        parts.append(MANY.format(n=n, kind=kind, field=field))
    return "---\n".join(parts)


def cost_us(text: str, many: Sequence[Event]) -> float:
    """Return what one event costs, in microseconds: the best of three runs."""
    best = float("inf")
    for _ in range(3):
        work = SigmaRules(read_rules([("rules.yml", text)]))
        see = work.see
        start = time.process_time()
        for event in many:
            see(event)
        best = min(best, time.process_time() - start)
    return best / len(many) * 1e6


def theirs_us(text: str, many: Sequence[Event]) -> float | None:
    """Return what pySigma's SQLite backend costs an event, or None where it is not installed."""
    try:
        collection: Any = importlib.import_module("sigma.collection")
        backends: Any = importlib.import_module("sigma.backends.sqlite")
    except ModuleNotFoundError:
        return None
    names = ("cs-uri-stem", "sc-status", "c-ip", "principal")
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        columns = ", ".join(f"`{name}` TEXT COLLATE NOCASE" for name in names)
        connection.execute(f"CREATE TABLE logs (timestamp TEXT, {columns})")
        rows = [
            (datetime.fromtimestamp(one.at_s, UTC).isoformat(timespec="milliseconds")[:-6],
             *(get(one) for name in names if (get := getter(name))))
            for one in many
        ]  # fmt: skip
        connection.executemany("INSERT INTO logs VALUES (?, ?, ?, ?, ?)", rows)
        queries = backends.sqliteBackend(timestamp_field="timestamp").convert(
            collection.SigmaCollection.from_yaml(text)
        )
        start = time.process_time()
        for query in queries:
            connection.execute(query).fetchall()
        return (time.process_time() - start) / len(many) * 1e6


def main() -> int:
    """Measure, print, and return 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--events", type=int, default=100_000)
    number = parser.parse_args().events
    many = events(number, 1_000)
    costs = {count: cost_us(rules(count), many) for count in (1, 5, 20)}
    grown = {callers: cost_us(rules(5), events(number, callers)) for callers in (100, 10_000, number)}
    a_rule = costs[20] / 40
    growth = max(grown.values()) / min(grown.values())
    told = {
        "us_an_event": {f"{2 * count} rules": round(cost, 2) for count, cost in costs.items()},
        "us_a_rule": round(a_rule, 3),
        "us_an_event_by_callers": {callers: round(cost, 2) for callers, cost in grown.items()},
        "growth": round(growth, 2),
    }
    some = many[:5_000]
    theirs = theirs_us(rules(5), some)
    if theirs is not None:
        told["times_faster_than_sqlite"] = round(theirs / cost_us(rules(5), some), 1)
    print(json.dumps(told, indent=1))
    return int(a_rule > MOST_US_A_RULE or growth > MOST_GROWTH)


if __name__ == "__main__":
    sys.exit(main())
