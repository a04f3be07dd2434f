"""How long pages take with a full store, against an empty one: a million requests, 500 operations, 300 findings.

`python benchmarks/page_speed.py` prints the processor time of each page on the server, median of some, and the ratio to
an empty store; it ends with 1 where a page takes more than 100 ms, more than five times that of an empty store, or
where the first page has more than 60 KB. `--events N` makes the store smaller.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Final

sys.path.insert(0, str(Path(__file__).parent.parent))

from apiward.catalogue.loading import load_catalogue
from apiward.core.event import Event
from apiward.core.finding import Finding, Severity
from apiward.core.scan_report import CheckedItem, ScanReport
from apiward.core.verdict import Outcome
from apiward.stores.events.rows import rows_of
from apiward.stores.events.schema import EVENTS
from tests.prove.sample import finding, report
from tests.stores.events.made import event
from tests.web.made import DENIED, NOW_S, SEEN, Browser, Shop, shop

MOST_MS: Final = 100.0
MOST_RATIO: Final = 5.0
MOST_KB: Final = 60.0
OPERATIONS: Final = 500
FINDINGS: Final = 300
INCIDENTS: Final = 40
TIMES: Final = 9
ROLES: Final = ("admin", "clerk", "customer", "driver", "partner", "guest", "auditor")
PAGES: Final = (
    *("/today", "/risks", "/incidents", "/traffic", "/inventory", "/inventory?kind=odd", "/reports", "/settings"),
    *("/search?q=things7", "/search?q=a"),
)
FILES: Final = ("/risks.csv", "/traffic.csv", "/inventory.csv", "/reports/summary.html", "/reports/full.html")
"""What is handed out and no page: measured, with no size to keep."""
_BATCH: Final = 20_000


def main() -> int:
    """Measure, print, and return 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    events = parser.parse_args().events
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        with shop(Path(one)) as empty:
            base = {page: _cpu_ms(Browser(empty), page) for page in PAGES}
        with shop(Path(other)) as full:
            _fill(full, events)
            began = time.process_time()
            while full.source.tally.look(NOW_S) is None:
                pass
            print(f"{events:,} requests counted in {time.process_time() - began:.1f} s of processor time, once")
            browser = Browser(full)
            rows = [(page, _cpu_ms(browser, page), base[page]) for page in PAGES]
            size_kb = len(browser.page("/today").encode()) / 1_000
    return _told(rows, size_kb)


def _told(rows: list[tuple[str, float, float]], size_kb: float) -> int:
    missed = size_kb > MOST_KB
    for page, ms, empty_ms in rows:
        ratio = ms / max(empty_ms, 0.1)
        is_missed = ms > MOST_MS or ratio > MOST_RATIO
        missed = missed or is_missed
        print(
            f"{page:<12}{ms:8.1f} ms  empty {empty_ms:6.1f} ms  ratio {ratio:5.1f}  {'MISSED' if is_missed else 'ok'}"
        )
    print(f"first page   {size_kb:6.1f} KB")
    return int(missed)


def _cpu_ms(browser: Browser, page: str) -> float:
    browser.page(page)
    found = []
    for _ in range(TIMES):
        began = time.process_time()
        browser.page(page)
        found.append((time.process_time() - began) * 1_000)
    return median(found)


def _fill(full: Shop, events: int) -> None:
    full.scan(_report(), days_ago=8)
    full.scan(_report(), days_ago=1)
    for number in range(INCIDENTS):
        full.incident(who=f"user:{number}", severity=Severity(number % 5))
    for start in range(0, events, _BATCH):
        rows = rows_of([_event(number, events) for number in range(start, min(events, start + _BATCH))])
        with full.source.engine.begin() as connection:
            connection.execute(EVENTS.insert(), [dict(zip(_COLUMNS, row, strict=True)) for row in rows])


def _event(number: int, events: int) -> Event:
    at_s = NOW_S - 7 * 86_400 * (1 - number / events)
    one = event(number, at_s=at_s, operation=f"GET /things{number % OPERATIONS}", principal=f"user:{number % 5_000}")
    if number % 50 == 1:
        return one._replace(outcome="refused", status=422, rulings=(DENIED,))
    return one._replace(rulings=(SEEN,)) if number % 50 == 2 else one


def _report() -> ScanReport:
    codes = tuple(load_catalogue().checks)
    found: list[Finding] = [
        finding(severity=Severity(number % 5), operation=f"GET /things{number}", place=codes[number % 7])
        for number in range(FINDINGS)
    ]
    operations = tuple(f"GET /things{number}" for number in range(OPERATIONS))
    items = [CheckedItem(code, one, Outcome.HOLDS, "It held.") for code in codes[:5] for one in operations]
    return report(found, items=items, operations=operations)


_COLUMNS: Final = tuple(column.name for column in EVENTS.columns if column.name != "seq")

if __name__ == "__main__":
    sys.exit(main())
