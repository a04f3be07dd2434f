"""Scans the demo business in process, with any weaknesses on, on a clock that waiting does not cost."""

import asyncio
import json
import tempfile
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from starlette.applications import Starlette

from apiward.catalogue.loading import load_catalogue
from apiward.core.api import Api
from apiward.core.scan_report import ScanReport
from apiward.demo.app import create_app
from apiward.demo.description import document
from apiward.demo.graphql.schema import SDL
from apiward.demo.weaknesses import WEAKNESSES, Weakness
from apiward.net.asgi import App, asgi_sender
from apiward.net.call_listener import OwnListener
from apiward.scan.api import Check
from apiward.scan.engine import Scan, ScanSettings
from apiward.scan.level import Level
from apiward.scan.registry import CHECKS
from apiward.spec.joining import joined
from apiward.spec.reading import read_description

ORIGIN = "http://demo.test"
PATIENCE_S = 600.0
_AREA_WIDE = {
    "AUT02",
    "AUT03",
    "AUT04",
    "AUT05",
    "AUT06",
    "AUT17",
    "AUT24",
    "AUT26",
    "CFG01",
    "CFG03",
    "CFG04",
    "CFG05",
    "CFG08",
    "CFG10",
    "CFG13",
    "UPS02",
    "CMP01",
    "RES03",
    "RES04",
    "RES05",
}


class SkippingClock:
    """Real time, plus every second that somebody wanted to wait."""

    def __init__(self) -> None:
        self._skipped_s = 0.0

    def now(self) -> float:
        return time.time() + self._skipped_s

    async def wait(self, wait_s: float) -> None:
        self._skipped_s += wait_s
        await asyncio.sleep(0)


Around: TypeAlias = Callable[[Starlette, Path, SkippingClock], App]
"""Puts something before the demo, such as the guard; the folder is for its files."""


def _bare(app: Starlette, folder: Path, clock: SkippingClock) -> App:
    return app


@dataclass(frozen=True)
class Twin:
    """What a scan of the demo left, which weaknesses it exercised, and how often each route was called."""

    report: ScanReport
    exercised: frozenset[str]
    resets: int

    def found(self) -> set[tuple[str, str]]:
        return {(finding.check, finding.operation) for finding in self.report.findings}


def scan_demo(weak: Collection[str], *, seed: int, checks: Sequence[Check] = CHECKS, around: Around = _bare) -> Twin:
    """Scan the demo with these weaknesses, given its description alone."""
    return asyncio.run(_scan(weak, seed, checks, around))


async def _scan(weak: Collection[str], seed: int, checks: Sequence[Check], around: Around) -> Twin:
    clock = SkippingClock()
    api = _description(weak)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as listening:
        app = create_app(weak, data_dir=Path(folder), clock=clock.now, seed=seed % 1_000)
        async with asgi_sender(around(app, Path(folder), clock), clock=clock.now) as sender:
            ear = listening.enter_context(OwnListener(clock=clock.now)) if _needs_ear(checks) else None
            scan = Scan(
                api,
                ORIGIN,
                checks,
                ScanSettings(level=Level.FULL, seed=seed, patience_s=PATIENCE_S, may_try_defaults=True),
                sender=sender,
                catalogue=load_catalogue(),
                clock=clock.now,
                wait=clock.wait,
                listener=ear,
            )
            report = await scan.run()
        app.state.desk.storage.close()
    calls = app.state.calls
    resets = calls["GET /api/v2/demo/reset"] + calls["POST /api/v2/demo/reset-all"]
    return Twin(report, frozenset(app.state.exercised), resets)


def _needs_ear(checks: Sequence[Check]) -> bool:
    return any(check.code in ("SSR01", "AUT26") for check in checks)


def _description(weak: Collection[str]) -> Api:
    """Return the description of what the weaknesses are about: the phone app, the client area and shop, or all.

    The sound business is scanned whole.
    """
    phone = read_description(SDL.encode(), source="phone.graphql")
    rest = read_description(json.dumps(document()).encode(), source=f"{ORIGIN}/openapi.json")
    of_phone = [name.startswith("graphql-") for name in weak]
    if all(of_phone) and of_phone:
        return phone
    return joined(rest, [phone]).api if any(of_phone) or not of_phone else rest


def is_named(twin: Twin, weakness: Weakness) -> bool:
    """Whether the weakness was found where it is; what lies in a whole area may be shown anywhere in it."""
    places = {operation for check, operation in twin.found() if check == weakness.check}
    return weakness.operation in places or (weakness.check in _AREA_WIDE and bool(places))


def false_findings(twin: Twin, on: Collection[str]) -> set[tuple[str, str]]:
    """Return the findings that none of the weaknesses that are on explains."""
    explained = {code for name in on for code in (WEAKNESSES[name].check, *WEAKNESSES[name].also)}
    return {(check, operation) for check, operation in twin.found() if check not in explained}


VISIBLE = tuple(name for name, weakness in WEAKNESSES.items() if weakness.needs == "client")
"""The weaknesses that two normal accounts can see."""
