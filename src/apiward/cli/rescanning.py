"""A part of an earlier scan again, through the guard: the checks and operations of some findings, and no more."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from apiward.app.scanning import describe, http_sender
from apiward.cli.execution import execute
from apiward.cli.progress import Watcher
from apiward.cli.reaching import app_of, reached
from apiward.cli.selection import chosen_checks
from apiward.cli.state import State
from apiward.cli.wanted import Wanted
from apiward.core.api import Api
from apiward.core.exchange import Request
from apiward.core.finding import Finding
from apiward.core.scan_report import ScanReport
from apiward.scan.registry import CHECKS

REFUSAL = "urn:apiward:"
"""How the type of a refusal by the guard begins (RFC 9457)."""


def described_again(asked: Wanted) -> Api:
    """Return the description of the scanned API as it stands now. Raises CannotScanError."""
    app = app_of(asked)

    async def read() -> Api:
        async with reached(asked, app) as sender:
            return (await describe(sender, asked.url, asked.spec, asked.also)).api

    return asyncio.run(read())


def scan_again(asked: Wanted, findings: Sequence[Finding], state: State, show: Watcher) -> ScanReport:
    """Scan for these findings alone. What is about no operation of the description asks for all of them."""
    checks = chosen_checks(CHECKS, sorted({finding.check for finding in findings}), [])
    api = described_again(asked)
    known = {operation.key for operation in api.operations}
    wanted = {finding.operation for finding in findings}
    narrow = replace(asked, operations=tuple(sorted(wanted)) if wanted <= known else ())
    return execute(narrow, checks, state, show).report


def is_shut(guard: str, finding: Finding) -> bool:
    """Whether the guard itself refuses the address of a finding. Nothing is sent but its method and its path."""
    request = finding.evidence.attack.request
    parts = urlsplit(request.url)

    async def ask() -> bool:
        async with http_sender() as sender:
            exchange = await sender.send(Request(request.method, f"{guard.rstrip('/')}{parts.path}"))
        body = exchange.response.json() if exchange.response else None
        return isinstance(body, dict) and str(body.get("type", "")).startswith(REFUSAL)

    return asyncio.run(ask())
