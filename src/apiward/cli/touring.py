"""What `apiward try` does: demo up, scan, findings, report, held shut behind the guard, a normal day, demo down."""

import os
import signal
import tempfile
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from apiward.app.scanning import http_sender
from apiward.catalogue.loading import load_catalogue
from apiward.cli.demo_process import Demo, running_demo
from apiward.cli.execution import execute
from apiward.cli.exits import ExitCode
from apiward.cli.guard_process import Guarded, guard_for_test
from apiward.cli.patch_trying import Outcome, Wish, hold
from apiward.cli.patching import planned
from apiward.cli.progress import Watcher, watcher
from apiward.cli.rescanning import described_again
from apiward.cli.running import run_stoppable
from apiward.cli.speaking import is_styled, say, width, write_out
from apiward.cli.state import State
from apiward.cli.wanted import Wanted, wanted
from apiward.cli.writing import write_file
from apiward.core.finding import Severity
from apiward.demo.day import Errand, normal_day
from apiward.demo.people import ASSISTANT, OWNER
from apiward.prove.formats import text as text_format
from apiward.prove.model import ReportModel, build_model
from apiward.prove.neutral import one_line
from apiward.prove.rendering import FORMATS
from apiward.scan.registry import CHECKS

REPORT = "apiward-demo-report.html"
NEXT = "Held shut until it is fixed"
PATCH = "apiward patch --all"
OWN = "Now your own, on your computer or a copy of your API:\n  apiward scan http://localhost:8000\n"
STAFF: Final = (f"user:{OWNER.email}", f"user:{ASSISTANT.email}")
_DAYS: Final = 90


def tour(given: Mapping[str, object]) -> int:
    """Show the tour; return 0 where there was something to show. Raises AdvisedError."""
    is_quiet = given.get("quiet") is True
    with running_demo(weak=str(given["weak"]), port=int(str(given["port"]))) as demo:
        if not is_quiet:
            say(f"The demo runs at {demo.address}: a coach's clients and a small shop. Nothing leaves this computer.")
        asked = _asked(demo)
        with tempfile.TemporaryDirectory(prefix="apiward-try-") as folder:
            model = _scanned(asked, State(Path(folder)), watcher(is_quiet=is_quiet))
            color = given.get("color")
            styled = is_styled(wanted=color if isinstance(color, bool) else None)
            show_all = given.get("show_all") is True
            write_out(text_format.render(model, width=width(), is_styled=styled, show_all=show_all))
            say(f"The report for owner and developer: {_report(given.get('report'), model)}")
            if model.report.findings and not model.report.was_interrupted:
                write_out(_held(asked, model, Path(folder), watcher(is_quiet=is_quiet)))
        write_out(f"\n{OWN}")
        if given.get("keep") is True:
            _hold(demo)
    if model.report.was_interrupted:
        return ExitCode.INTERRUPTED
    return ExitCode.HOLDS if model.report.findings else ExitCode.NOT_ENOUGH


def _asked(demo: Demo) -> Wanted:
    # The demo is new each time, so the same seed makes the same tour. Nothing of it is remembered.
    return replace(wanted({"level": "full", "seed": 1}, demo.address, env={}), accounts=())


def _scanned(asked: Wanted, state: State, show: Watcher) -> ReportModel:
    report = execute(asked, CHECKS, state, show).report
    # What the scan left in the demo goes away with the demo.
    model = build_model(replace(report, left_behind=()), load_catalogue())
    return replace(model, next_words=NEXT, next_command=PATCH)


def _held(asked: Wanted, model: ReportModel, folder: Path, show: Watcher) -> str:
    """Hold the serious findings shut, have a normal day pass, and return what to tell of it."""
    serious = tuple(one for one in model.report.findings if one.severity >= Severity.HIGH) or model.report.findings
    end = (datetime.now(UTC) + timedelta(days=_DAYS)).date()
    answered = frozenset(model.report.operations_answered)
    wish = Wish(serious, answered, replace(asked, spec=model.report.api_source), "you", end, STAFF)
    plan = planned(wish, described_again(wish.asked))

    def guard() -> AbstractContextManager[Guarded]:
        return guard_for_test(asked.url, base=folder, config=None, spec=model.report.api_source)

    outcome = hold(wish, plan, folder, guard, State(folder), show)
    with guard() as guarded:
        errands = _day(guarded.url)
    return _told(outcome, errands)


def _day(url: str) -> list[Errand]:
    async def work(_: object) -> list[Errand]:
        async with http_sender() as sender:
            return await normal_day(url, sender.send)

    return run_stoppable(work)


def _told(outcome: Outcome, errands: list[Errand]) -> str:
    held = sum(result.is_held for result in outcome.results)
    rules, many = len(outcome.rules), len(outcome.results)
    lines = [
        f"\nThe guard was put before the demo, with {rules} rules for the {many} serious findings.",
        f"Scanned again through the guard: {held} of {many} are held.",
    ]
    lines += [
        f"  not held: {one.finding.check} {one_line(one.finding.operation)}: {one_line(one.saw)}"
        for one in outcome.results
        if not one.is_held
    ]
    refused = [one for one in errands if not one.went_well]
    lines.append(
        f"A normal day of two clients and the team through the guard: {len(errands)} calls, {len(refused)} refused."
    )
    lines += [f"  refused: {one_line(one.what)}: status {one.exchange.status}" for one in refused]
    return "\n".join(lines) + "\n"


def _report(wanted_place: object, model: ReportModel) -> Path:
    page = FORMATS["html"](model)
    if isinstance(wanted_place, str):
        path = Path(wanted_place)
    elif os.access(Path(), os.W_OK):
        path = Path(REPORT)
    else:
        path = Path(tempfile.mkdtemp(prefix="apiward-report-")) / REPORT
    write_file(path, page)
    return path.absolute()


def _hold(demo: Demo) -> None:
    say(f"The demo stays at {demo.address} (its description: {demo.address}/openapi.json). Ctrl-C ends it.")
    ends = {signal.SIGINT, signal.SIGTERM}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    signal.sigwait(ends)
    signal.pthread_sigmask(signal.SIG_SETMASK, before)
