"""What `apiward try` does: demo up, scan, findings, report, demo down."""

import os
import signal
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from apiward.catalogue.loading import load_catalogue
from apiward.cli.demo_process import Demo, running_demo
from apiward.cli.execution import execute
from apiward.cli.exits import ExitCode
from apiward.cli.progress import watcher
from apiward.cli.speaking import is_styled, say, width, write_out
from apiward.cli.state import State
from apiward.cli.wanted import wanted
from apiward.cli.writing import write_file
from apiward.prove.formats import text as text_format
from apiward.prove.model import ReportModel, build_model
from apiward.prove.rendering import FORMATS
from apiward.scan.registry import CHECKS

REPORT = "apiward-demo-report.html"
NEXT = "Now your own, on your computer or a copy of your API"
OWN = "apiward scan http://localhost:8000"


def tour(given: Mapping[str, object]) -> int:
    """Show the tour; return 0 where there was something to show. Raises AdvisedError."""
    is_quiet = given.get("quiet") is True
    with running_demo(weak=str(given["weak"]), port=int(str(given["port"]))) as demo:
        if not is_quiet:
            say(f"The demo runs at {demo.address}: a coach's clients and a small shop. Nothing leaves this computer.")
        model = _scanned(demo, is_quiet=is_quiet)
        color = given.get("color")
        styled = is_styled(wanted=color if isinstance(color, bool) else None)
        show_all = given.get("show_all") is True
        write_out(text_format.render(model, width=width(), is_styled=styled, show_all=show_all))
        say(f"The report for owner and developer: {_report(given.get('report'), model)}")
        if given.get("keep") is True:
            _hold(demo)
    if model.report.was_interrupted:
        return ExitCode.INTERRUPTED
    return ExitCode.HOLDS if model.report.findings else ExitCode.NOT_ENOUGH


def _scanned(demo: Demo, *, is_quiet: bool) -> ReportModel:
    # The demo is new each time, so the same seed makes the same tour. Nothing of it is remembered.
    asked = replace(wanted({"level": "full", "seed": 1}, demo.address, env={}), accounts=())
    with tempfile.TemporaryDirectory(prefix="apiward-try-") as folder:
        report = execute(asked, CHECKS, State(Path(folder)), watcher(is_quiet=is_quiet)).report
    # What the scan left in the demo goes away with the demo.
    model = build_model(replace(report, left_behind=()), load_catalogue())
    return replace(model, next_words=NEXT, next_command=OWN)


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
