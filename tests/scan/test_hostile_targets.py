"""Bar 6, the engine's half: a whole scan of a server that behaves badly ends in time, with a clear word.

Here a part of the behaviours meets all checks; `make bars` sets APIWARD_ALL_HOSTILE=1, and then all of them do.
"""

import asyncio
import json
import os
import time
from typing import Any, Final

import pytest

from apiward.catalogue.loading import load_catalogue
from apiward.core.scan_report import ScanReport
from apiward.core.verdict import Outcome
from apiward.net.sender import HttpSender
from apiward.scan.calling.traffic import Budget
from apiward.scan.engine import Scan, ScanSettings
from apiward.scan.level import Level
from apiward.scan.registry import CHECKS
from apiward.spec.reading import read_description
from tests.net.hostile import BEHAVIOURS, hostile_server
from tests.scan.harness import description, operation

TIMEOUT_S: Final = 0.15
LIMIT_S: Final = 45.0
AT_ONCE: Final = 12
BODY_LIMIT_BYTES: Final = 20_000
ALL: Final = sorted(BEHAVIOURS)
CHOSEN: Final = ALL if os.environ.get("APIWARD_ALL_HOSTILE") else ALL[::4]
HARMLESS_FINDINGS: Final = {"CFG", "INV"}
"""Families that judge what every answer shows (a header, a banner): true also of a server that is broken."""

SHOP: Final[dict[str, Any]] = {
    "/register": {"post": operation(body={"username": "string", "email": "string", "password": "string"})},
    "/login": {"post": operation(body={"username": "string", "password": "string"})},
    "/orders": {
        "get": operation(secured=True, query=("q",)),
        "post": operation(secured=True, body={"title": "string"}),
    },
    "/orders/{id}": {"get": operation(secured=True, path=("id",))},
}


async def _scan(name: str) -> tuple[str, ScanReport, float]:
    api = read_description(json.dumps(description(SHOP)).encode(), source="shop.json")
    began_s = time.monotonic()
    async with (
        hostile_server(name) as address,
        HttpSender(clock=time.time, timeout_s=TIMEOUT_S, body_limit_bytes=BODY_LIMIT_BYTES) as sender,
    ):
        settings = ScanSettings(level=Level.FULL, budget=Budget(requests=400, patience_s=2.0))
        scan = Scan(
            api, address, CHECKS, settings, sender=sender, catalogue=load_catalogue(), clock=time.time, wait=_short
        )
        async with asyncio.timeout(LIMIT_S):
            report = await scan.run()
    return name, report, time.monotonic() - began_s


async def _short(_: float) -> None:
    await asyncio.sleep(0)


async def _scan_all() -> dict[str, tuple[ScanReport, float]]:
    places = asyncio.Semaphore(AT_ONCE)

    async def one(name: str) -> tuple[str, ScanReport, float]:
        async with places:
            return await _scan(name)

    return {name: (report, took_s) for name, report, took_s in await asyncio.gather(*map(one, CHOSEN))}


@pytest.fixture(scope="module")
def reports() -> dict[str, tuple[ScanReport, float]]:
    """Scan every chosen behaviour, many at a time."""
    return asyncio.run(_scan_all())


def test_enough_behaviours_are_met() -> None:
    assert len(CHOSEN) >= 30
    assert len(ALL) >= 100


@pytest.mark.parametrize("name", CHOSEN)
def test_a_scan_of_a_hostile_server_ends_with_a_clear_word(
    reports: dict[str, tuple[ScanReport, float]], name: str
) -> None:
    report, took_s = reports[name]
    assert took_s < LIMIT_S
    assert report.limits, "what could not be seen is said"
    found = {(finding.check, finding.saw) for finding in report.findings if finding.check[:3] not in HARMLESS_FINDINGS}
    assert not found, "garbage is no finding"
    crashed = [item for item in report.items if "apiward itself failed" in item.saw]
    assert not crashed
    outcomes = {item.outcome for item in report.items}
    assert outcomes <= {Outcome.UNSURE, Outcome.NOT_RUN, Outcome.HOLDS, Outcome.BROKEN}
