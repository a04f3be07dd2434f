"""What the pytest plug-in does: an app is scanned inside a test, which fails where the command would."""

import asyncio
import os
import shlex
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from os import PathLike, fspath
from pathlib import Path
from typing import Any, Final, TypeAlias, TypeVar

from apiward.app.in_process.loading import OwnApp, load_app, own_app
from apiward.catalogue.loading import load_catalogue
from apiward.cli.baseline_file import read_baseline
from apiward.cli.ending import code_of
from apiward.cli.execution import scanned
from apiward.cli.exits import ExitCode
from apiward.cli.parameters import typed_account
from apiward.cli.progress import Silent
from apiward.cli.reaching import reached
from apiward.cli.selection import chosen_checks
from apiward.cli.state import state_of
from apiward.cli.wanted import Wanted, wanted
from apiward.config.account_ways import header_of
from apiward.config.errors import AdvisedError, meant
from apiward.config.scanning import FAIL_ON, LEVELS
from apiward.core.scan_report import ScanReport
from apiward.prove.baseline import apply_baseline
from apiward.prove.formats import text as text_format
from apiward.prove.model import build_model
from apiward.scan.registry import CHECKS

_T = TypeVar("_T")
Texts: TypeAlias = "str | Iterable[str]"
_TOO_LITTLE: Final = "Too little could be checked, so this test does not pass: see below what was not checked."


class AppScan:
    """What the fixture gives. `name` is the test's, `fail` ends it."""

    def __init__(self, name: str, fail: Callable[[str], None]) -> None:
        self._name = name
        self._fail = fail

    def __call__(
        self,
        app: object,
        *,
        level: str = "",
        only: Texts = (),
        skip: Texts = (),
        operations: Texts = (),
        leave_alone: Texts = (),
        accounts: Texts = (),
        headers: Texts = (),
        spec: "str | PathLike[str]" = "",
        url: str = "",
        config: "str | PathLike[str]" = "",
        baseline: "str | PathLike[str]" = "",
        fail_on: str = "",
        budget: int | None = None,
        allow: bool | None = None,
        seed: int | None = None,
    ) -> ScanReport:
        """Scan `app` and return the report; the test fails where `apiward scan` would not end with 0.

        Without a level it is full: the app gets accounts and records. Settings in apiward.toml count as for the
        command. Names are made up anew each time, as the app may keep them; the failure tells the seed. Raises
        AdvisedError for options that cannot be used, and for an app that cannot be had.
        """
        __tracebackhide__ = True
        given: dict[str, object] = {
            "app": app if isinstance(app, str) else type(app).__name__,
            "level": _one_of("level", level, tuple(LEVELS)),
            "fail_on": _one_of("fail_on", fail_on, FAIL_ON),
            "only": _texts(only),
            "skip": _texts(skip),
            "operations": _texts(operations),
            "leave_alone": _texts(leave_alone),
            "accounts": tuple(typed_account(text, os.environ) for text in _texts(accounts)),
            "headers": tuple(_header(text) for text in _texts(headers)),
            "spec": fspath(spec),
            "config": fspath(config),
            "baseline": fspath(baseline),
            "budget": budget,
            "allow": allow,
            "seed": seed,
        }
        asked = wanted(given, url or None)
        report = _report(asked, load_app(app, Path.cwd()) if isinstance(app, str) else own_app(app))
        if text := failure(report, asked, self._name):
            self._fail(text)
        return report


def failure(report: ScanReport, asked: Wanted, name: str) -> str:
    """Return why the test `name` fails, in words; empty where it passes. Raises AdvisedError."""
    today = datetime.now(UTC).astimezone().date()
    applied = apply_baseline(read_baseline(asked.baseline), report.findings, today=today)
    code = code_of(report, asked.fail_on, applied.accepted_ids)
    if code == ExitCode.HOLDS:
        return ""
    model = replace(
        build_model(report, load_catalogue(), baseline=applied),
        next_words=f"Next: put it right, then run again, the same with seed={asked.seed}",
        next_command=f"pytest {shlex.quote(name)}",
    )
    told = text_format.render(model, show_all=True)
    return told if code == ExitCode.BROKEN else f"{_TOO_LITTLE}\n\n{told}"


def _report(asked: Wanted, app: OwnApp) -> ScanReport:
    checks = chosen_checks(CHECKS, asked.only, asked.skip)

    async def work() -> ScanReport:
        async with reached(asked, app) as sender:
            return (await scanned(sender, asked, checks, state_of(os.environ), Silent(), lambda _: None)).report

    return _run(work())


def _run(work: Coroutine[Any, Any, _T]) -> _T:
    """Run it on a loop of its own; on a thread of its own where a loop runs here already, as in async tests."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    with ThreadPoolExecutor(1) as aside:
        return aside.submit(asyncio.run, work).result()


def _texts(value: Texts) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) and value else tuple(value)


def _header(text: str) -> tuple[str, str]:
    try:
        return header_of(text)
    except ValueError:
        raise AdvisedError("A header is written as 'Name: value', in plain ASCII.") from None


def _one_of(name: str, value: str, known: tuple[str, ...]) -> str:
    if value and value not in known:
        raise AdvisedError(f"{name} must be one of {', '.join(known)}, not {value[:40]!a}.{meant(value, known)}")
    return value
