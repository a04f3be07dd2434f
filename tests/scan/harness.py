"""Runs checks against small APIs in process: the whole engine, no sockets, no waiting."""

import asyncio
import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp

from apiward.catalogue.loading import load_catalogue
from apiward.core.account import Account
from apiward.core.exchange import Headers
from apiward.core.jsonvalue import Json
from apiward.core.ports import CallListener, Clock, TlsLooker
from apiward.core.scan_report import ScanReport
from apiward.core.verdict import Outcome
from apiward.net.asgi import asgi_sender
from apiward.scan.api import Check
from apiward.scan.engine import Scan, ScanSettings
from apiward.scan.level import Level
from apiward.scan.scene import Scene
from apiward.spec.reading import read_description


@dataclass(frozen=True)
class Scanned:
    """What a scan left, and the scene it was made in."""

    report: ScanReport
    scene: Scene

    def outcome(self, check: str, operation: str) -> Outcome:
        """Return how a check ended on an operation; a missing item is an error of the test."""
        found = [item for item in self.report.items if (item.check, item.operation) == (check, operation)]
        assert found, (
            f"{check} did not run on {operation}; items: {[(i.check, i.operation) for i in self.report.items]}"
        )
        return found[0].outcome

    def said(self, check: str, operation: str) -> str:
        """Return what a check said of an operation."""
        return next(i.saw for i in self.report.items if (i.check, i.operation) == (check, operation))

    def broken(self) -> set[tuple[str, str]]:
        """Return check and operation of every finding."""
        return {(finding.check, finding.operation) for finding in self.report.findings}


def scan_app(
    app: ASGIApp,
    description: Mapping[str, Any],
    checks: Sequence[Check],
    *,
    level: Level = Level.FULL,
    accounts: Iterable[Account] = (),
    seed: int = 1,
    clock: Clock = time.time,
    listener: CallListener | None = None,
    tls: TlsLooker | None = None,
    origin: str = "http://api.test",
    headers: Headers = (),
    uses_roles: bool = False,
) -> Scanned:
    """Scan `app` as `description` (an OpenAPI document) describes it, with these checks alone."""
    settings = ScanSettings(
        level=level, accounts=tuple(accounts), seed=seed, extra_headers=headers, uses_roles=uses_roles
    )
    return asyncio.run(_scan(app, description, checks, settings, clock, (listener, tls), origin))


async def _scan(
    app: ASGIApp,
    description: Mapping[str, Any],
    checks: Sequence[Check],
    settings: ScanSettings,
    clock: Clock,
    outside: tuple[CallListener | None, TlsLooker | None],
    origin: str,
) -> Scanned:
    api = read_description(json.dumps(description).encode(), source=f"{origin}/openapi.json")
    async with asgi_sender(app, clock=clock) as sender:
        scan = Scan(
            api,
            origin,
            checks,
            settings,
            sender=sender,
            catalogue=load_catalogue(),
            clock=clock,
            wait=_no_wait,
            listener=outside[0],
            tls=outside[1],
        )
        report = await scan.run()
    return Scanned(report, scan.scene)


async def _no_wait(_: float) -> None:
    await asyncio.sleep(0)


def operation(
    *,
    body: Mapping[str, Json] | None = None,
    path: Sequence[str] = (),
    query: Sequence[str] = (),
    secured: bool = False,
    summary: str = "",
    media_type: str = "application/json",
) -> dict[str, Any]:
    """Return an OpenAPI operation object; `body` maps property names to their JSON types."""
    parameters = [{"name": n, "in": "path", "required": True, "schema": {"type": "string"}} for n in path]
    parameters += [{"name": n, "in": "query", "required": False, "schema": {"type": "string"}} for n in query]
    made: dict[str, Any] = {"summary": summary, "parameters": parameters, "responses": {"200": {"description": "ok"}}}
    if body is not None:
        schema = {"type": "object", "required": list(body), "properties": {k: {"type": v} for k, v in body.items()}}
        made["requestBody"] = {"required": True, "content": {media_type: {"schema": schema}}}
    if secured:
        made["security"] = [{"bearer": []}]
    return made


def description(paths: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return an OpenAPI 3.0 document with these paths and a bearer scheme."""
    return {
        "openapi": "3.0.3",
        "info": {"title": "test", "version": "1"},
        "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
        "paths": paths,
    }
