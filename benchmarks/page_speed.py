"""How long pages take with a full store, against an empty one: a million requests, 500 operations, 300 findings.

`python benchmarks/page_speed.py` prints the processor time of each page on the server, median of some, the ratio to an
empty store, and its size; it ends with 1 where a page takes more than 100 ms or more than five times that of an empty
store, or has more than 60 KB. Files are larger, and may take MOST_FILE_MS. `--events N` makes the store smaller.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))

from apiward.app.guarding.described import keep_described
from apiward.app.guarding.learning import FOLDER
from apiward.app.learners import new_learner
from apiward.catalogue.loading import load_catalogue
from apiward.core.api import Answer, Api, Body, Operation, SchemeKind, SecurityScheme
from apiward.core.event import Event
from apiward.core.finding import Finding, Severity
from apiward.core.jsonvalue import Json
from apiward.core.marks import ROLE
from apiward.core.observation import Observation
from apiward.core.scan_report import CheckedItem, ScanReport
from apiward.core.schema import Schema
from apiward.core.verdict import Outcome
from apiward.guard.answers.reading import write
from apiward.stores.events.rows import rows_of
from apiward.stores.events.schema import EVENTS
from tests.prove.sample import finding, report
from tests.stores.events.made import event
from tests.web.made import DENIED, NOW_S, SEEN, Browser, Shop, shop

MOST_MS: Final = 100.0
MOST_RATIO: Final = 5.0
MOST_KB: Final = 60.0
MOST_FILE_MS: Final = 1_000.0
OPERATIONS: Final = 500
FINDINGS: Final = 300
INCIDENTS: Final = 40
TIMES: Final = 9
ROLES: Final = ("admin", "clerk", "customer", "driver", "partner", "guest", "auditor")
PAGES: Final = (
    *("/today", "/risks", "/incidents", "/traffic", "/inventory", "/inventory?kind=odd", "/reports", "/settings"),
    *("/search?q=cups+lamps", "/search?q=a"),
)
FILES: Final = ("/risks.csv", "/traffic.csv", "/inventory.csv", "/reports/summary.html", "/reports/full.html")
"""What is handed out and no page: measured, with no size to keep."""
THINGS: Final = tuple(
    "cups lamps rugs beds chairs tables shelves plates bowls knives forks spoons pans pots jars mats towels soaps "
    "candles vases clocks mirrors hooks baskets boxes".split()
)
SCHEME: Final = SecurityScheme("log", SchemeKind.BEARER)
_BATCH: Final = 20_000


def main() -> int:
    """Measure, print, and return 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    events = parser.parse_args().events
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        with shop(Path(one)) as empty:
            base = {page: _cpu_ms(Browser(empty), page) for page in (*PAGES, *FILES)}
        with shop(Path(other)) as full:
            _fill(full, events)
            began = time.process_time()
            while full.source.tally.look(NOW_S) is None:
                pass
            print(f"{events:,} requests counted in {time.process_time() - began:.1f} s of processor time, once")
            began = time.process_time()
            while full.source.known.learned() is None:
                time.sleep(0.01)
            print(f"what was learned read in {time.process_time() - began:.1f} s of processor time, beside the pages")
            browser = Browser(full)
            rows = [
                Row(page, _cpu_ms(browser, page), base[page], len(browser.page(page).encode()) / 1_000)
                for page in (*PAGES, *FILES)
            ]
    return _told(rows)


class Row(NamedTuple):
    """What was measured of one page or file."""

    page: str
    ms: float
    empty_ms: float
    kb: float

    @property
    def ratio(self) -> float:
        """How many times an empty store's."""
        return self.ms / max(self.empty_ms, 0.1)

    @property
    def is_missed(self) -> bool:
        """Whether a bar is missed."""
        if self.page in FILES:
            return self.ms > MOST_FILE_MS
        return self.ms > MOST_MS or self.ratio > MOST_RATIO or self.kb > MOST_KB


def _told(rows: list[Row]) -> int:
    for row in rows:
        print(
            f"{row.page:<24}{row.ms:8.1f} ms  empty {row.empty_ms:6.1f} ms  ratio {row.ratio:5.1f}  {row.kb:6.1f} KB  "
            f"{'MISSED' if row.is_missed else 'ok'}"
        )
    return int(any(row.is_missed for row in rows))


def _cpu_ms(browser: Browser, page: str) -> float:
    browser.page(page)
    found = []
    for _ in range(TIMES):
        began = time.process_time()
        browser.page(page)
        found.append((time.process_time() - began) * 1_000)
    return median(found)


def _path(number: int) -> str:
    """Return the path of an operation; of words, as what traffic shows of numbers is one operation with a parameter."""
    return f"/v{number % 3}/{THINGS[number // len(THINGS) % len(THINGS)]}/{THINGS[number % len(THINGS)]}"


def _describe(full: Shop) -> None:
    """Keep a description of all operations, and what traffic has shown of them: both name an address and a card."""
    fields = {name: Schema(types=("string",)) for name in ("id", "email", "card_number", "title", "note")}
    holds = Answer("200", bodies=(Body("application/json", Schema(types=("object",), properties=fields)),))
    operations = tuple(
        Operation("GET", _path(number), answers=(holds,), security=((("log",),) if number % 2 else None))
        for number in range(OPERATIONS)
    )
    keep_described(full.source.place.data, Api("Shop", "3", operations, {"log": SCHEME}, source="file"))
    (full.source.place.data / "pepper").write_bytes(bytes(32))
    learner = new_learner(bytes(32))
    for number in range(4 * OPERATIONS):
        answer: Json = {"id": f"{number}", "email": f"anna{number}@example.com", "title": "cup"}
        path = _path(number % OPERATIONS)
        learner.learn(
            Observation(NOW_S, "GET", path, f"user:{number % 40}", 200, answer_type="application/json", answer=answer)
        )
    folder = full.source.place.data / FOLDER
    folder.mkdir()
    (folder / "whole.json").write_bytes(write(learner.state()))


def _fill(full: Shop, events: int) -> None:
    _describe(full)
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
    marks = ((ROLE, ROLES[number % len(ROLES)]),) if number % 3 else ()
    operation = f"GET {_path(number % OPERATIONS)}"
    one = event(number, at_s=at_s, operation=operation, principal=f"user:{number % 5_000}", marks=marks)
    if number % 50 == 1:
        return one._replace(outcome="refused", status=422, rulings=(DENIED,))
    return one._replace(rulings=(SEEN,)) if number % 50 == 2 else one


def _report() -> ScanReport:
    codes = tuple(load_catalogue().checks)
    found: list[Finding] = [
        finding(severity=Severity(number % 5), operation=f"GET {_path(number)}", place=codes[number % 7])
        for number in range(FINDINGS)
    ]
    operations = tuple(f"GET {_path(number)}" for number in range(OPERATIONS))
    items = [CheckedItem(code, one, Outcome.HOLDS, "It held.") for code in codes[:5] for one in operations]
    return report(found, items=items, operations=operations)


_COLUMNS: Final = tuple(column.name for column in EVENTS.columns if column.name != "seq")

if __name__ == "__main__":
    sys.exit(main())
