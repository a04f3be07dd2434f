"""What `apiward try` does: demo up, scan, findings, report, held shut behind the guard, the owner's page, demo down."""

import os
import signal
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from apiward.app.patching.judging import After, Result
from apiward.catalogue.loading import load_catalogue
from apiward.catalogue.page import load_page_words
from apiward.cli.demo_process import Demo, running_demo
from apiward.cli.execution import execute
from apiward.cli.exits import ExitCode
from apiward.cli.guard_process import Guarded, guard_for_test
from apiward.cli.patch_trying import Outcome, Wish, hold
from apiward.cli.patching import planned
from apiward.cli.progress import Watcher, watcher
from apiward.cli.rescanning import described_again
from apiward.cli.speaking import is_styled, say, width, write_out
from apiward.cli.state import Context, State
from apiward.cli.tour_page import STATE, played, running_page
from apiward.cli.wanted import Wanted, wanted
from apiward.cli.writing import write_file
from apiward.core.finding import Severity
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
_AFTER: Final = {After.BROKEN: "tour.open", After.IN_THE_WAY: "tour.way", After.UNSURE: "tour.unsure"}
_CONTEXT: Final = Context("", "", "", "full", 1, is_stated=False, is_insecure=False, is_allowed=False)


def tour(given: Mapping[str, object]) -> int:
    """Show the tour; return 0 where there was something to show. Raises AdvisedError."""
    show = watcher(is_quiet=given.get("quiet") is True)
    with running_demo(weak=str(given["weak"]), port=int(str(given["port"]))) as demo:
        if given.get("quiet") is not True:
            say(f"The demo runs at {demo.address}: a coach's clients and a small shop. Nothing leaves this computer.")
        asked = _asked(demo)
        with tempfile.TemporaryDirectory(prefix="apiward-try-") as folder:
            state = State(Path(folder) / STATE)
            model = _scanned(asked, state, show)
            _show(given, model)
            if model.report.findings and not model.report.was_interrupted:
                write_out(_held(asked, model, Path(folder), state, show))
                _live(given, asked, model, Path(folder))
            elif is_to_stay(given):
                _stay(
                    f"The demo stays at {demo.address} (its description: {demo.address}/openapi.json). Ctrl-C ends it."
                )
        write_out(f"\n{OWN}")
    if model.report.was_interrupted:
        return ExitCode.INTERRUPTED
    return ExitCode.HOLDS if model.report.findings else ExitCode.NOT_ENOUGH


def _show(given: Mapping[str, object], model: ReportModel) -> None:
    color = given.get("color")
    styled = is_styled(wanted=color if isinstance(color, bool) else None)
    show_all = given.get("show_all") is True
    write_out(text_format.render(model, width=width(), is_styled=styled, show_all=show_all))
    say(f"The report for owner and developer: {_report(given.get('report'), model)}")


def _live(given: Mapping[str, object], asked: Wanted, model: ReportModel, folder: Path) -> None:
    """Let guard, watch and page run, and stay with them where somebody is there to look."""
    said = load_page_words().said
    context = replace(_CONTEXT, url=asked.url, spec=model.report.api_source)
    with running_page(model, context, folder) as page:
        told = (said("tour.together"), played(page).rstrip(), said("tour.page", link=page.link()))
        write_out("".join(f"\n{one}" for one in told) + "\n")
        if is_to_stay(given):
            _stay(said("tour.stays"))
        else:
            say(said("tour.closes"))


def _asked(demo: Demo) -> Wanted:
    # The demo is new each time, so the same seed makes the same tour. Nothing of it is remembered.
    return replace(wanted({"level": "full", "seed": 1}, demo.address, env={}), accounts=())


def _scanned(asked: Wanted, state: State, show: Watcher) -> ReportModel:
    report = execute(asked, CHECKS, state, show).report
    # What the scan left in the demo goes away with the demo.
    model = build_model(replace(report, left_behind=()), load_catalogue())
    return replace(model, next_words=NEXT, next_command=PATCH)


def _held(asked: Wanted, model: ReportModel, folder: Path, state: State, show: Watcher) -> str:
    """Hold the serious findings shut, and return what to tell of it."""
    serious = tuple(one for one in model.report.findings if one.severity >= Severity.HIGH) or model.report.findings
    end = (datetime.now(UTC) + timedelta(days=_DAYS)).date()
    answered = frozenset(model.report.operations_answered)
    wish = Wish(serious, answered, replace(asked, spec=model.report.api_source), "you", end, STAFF)
    plan = planned(wish, described_again(wish.asked))

    def guard() -> AbstractContextManager[Guarded]:
        return guard_for_test(asked.url, base=folder, config=None, spec=model.report.api_source)

    outcome = hold(wish, plan, folder, guard, state, show)
    return _told(outcome)


def _told(outcome: Outcome) -> str:
    said = load_page_words().said
    ruled = [one for one in outcome.results if one.after is not After.NO_RULE]
    unruled = [one for one in outcome.results if one.after is After.NO_RULE]
    lines = [
        "",
        said("tour.rules", rules=len(outcome.rules), ruled=len(ruled), serious=len(outcome.results)),
        said("tour.again", held=sum(one.is_held for one in ruled), ruled=len(ruled)),
    ]
    for after, word in _AFTER.items():
        lines += _reasons([one for one in ruled if one.after is after], word)
    if unruled:
        lines += [said("tour.unruled", many=len(unruled)), *_reasons(unruled, "tour.reason")]
    return "\n".join(lines) + "\n"


def _reasons(results: Sequence[Result], word: str) -> list[str]:
    """Return a line for each reason, with where it is so."""
    found: dict[str, list[str]] = {}
    for one in results:
        found.setdefault(one_line(one.saw), []).append(f"{one.finding.check} {one_line(one.finding.operation)}")
    said = load_page_words().said
    return [
        "  " + said(word, where=where[0] + (f" and {len(where) - 1} more" if where[1:] else ""), why=why)
        for why, where in found.items()
    ]


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


def is_to_stay(given: Mapping[str, object]) -> bool:
    """Return whether all of it runs on: as wished, else where somebody is at a terminal."""
    wished = given.get("keep")
    return wished if isinstance(wished, bool) else sys.stdin.isatty() and sys.stdout.isatty()


def _stay(words: str) -> None:
    """Say so, and wait until somebody ends it."""
    say(words)
    ends = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    signal.sigwait(ends)
    signal.pthread_sigmask(signal.SIG_SETMASK, before)
