"""What `apiward replay` does: the same check on the same operation, from the beginning."""

import os
from collections.abc import Mapping
from dataclasses import replace

from apiward.catalogue.loading import load_catalogue
from apiward.cli.again import asked_again
from apiward.cli.execution import execute
from apiward.cli.exits import ExitCode
from apiward.cli.progress import watcher
from apiward.cli.selection import UnknownOperationError, chosen_checks
from apiward.cli.speaking import write_out
from apiward.cli.state import Kept, State, state_of
from apiward.config.errors import AdvisedError
from apiward.core.jsonvalue import Json
from apiward.core.scan_report import ScanReport
from apiward.core.verdict import Outcome
from apiward.prove.neutral import one_line
from apiward.scan.registry import CHECKS


def replay(given: Mapping[str, object]) -> int:
    """Scan again for one finding alone; return 0, 1, 3 or 130. Raises AdvisedError."""
    state = state_of(os.environ)
    kept, finding = _found(state, str(given["finding"]))
    code, operation = str(finding.get("check")), str(finding.get("operation"))
    checks = chosen_checks(CHECKS, [code], [])
    asked = asked_again(given, kept.context, (operation,))
    show = watcher(is_quiet=given.get("quiet") is True)
    id_ = str(finding.get("id"))
    try:
        result, saw = _result(report := execute(asked, checks, state, show).report, id_)
    except UnknownOperationError:
        # Findings about the whole API, or about routes that are not described, name no operation of it.
        report = execute(replace(asked, operations=()), checks, state, show).report
        result, saw = _result_anywhere(report, id_)
    title = load_catalogue().checks[code].title
    write_out(f"{id_} {code} {one_line(operation)}: {_WORDS[result]}\n  {title}.\n  {one_line(saw)}\n")
    if result != ExitCode.HOLDS:
        write_out(f"  more: apiward explain {id_}\n")
    return ExitCode.INTERRUPTED if report.was_interrupted else result


_WORDS = {
    ExitCode.HOLDS: "holds now",
    ExitCode.BROKEN: "still broken",
    ExitCode.NOT_ENOUGH: "unsure",
}


def _found(state: State, id_: str) -> tuple[Kept, dict[str, Json]]:
    found = state.find(id_)
    if found is None:
        last = state.last()
        known = ", ".join(str(f.get("id")) for f in last.findings[:5]) if last else ""
        hint = f"The last scan found: {known}." if known else "No scan with a finding is kept here."
        raise AdvisedError(f"There is no finding {id_[:40]!a}.", hint, "Scan first: apiward scan URL")
    return found


def _result_anywhere(report: ScanReport, id_: str) -> tuple[ExitCode, str]:
    """Return how it ended where the check ran on every operation: only the same finding is the same weakness."""
    same = next((finding for finding in report.findings if finding.id == id_), None)
    if same is not None:
        return ExitCode.BROKEN, same.saw
    held = next((item.saw for item in report.items if item.outcome is Outcome.HOLDS), None)
    if held is not None:
        return ExitCode.HOLDS, held
    return ExitCode.NOT_ENOUGH, report.items[0].saw if report.items else "The check could not be made."


def _result(report: ScanReport, id_: str) -> tuple[ExitCode, str]:
    """Return how it ended. Another place of the same operation being broken is no reason to say that it holds."""
    same = next((finding for finding in report.findings if finding.id == id_), None)
    if same or report.findings:
        return ExitCode.BROKEN, (same or report.findings[0]).saw
    outcomes = {item.outcome for item in report.items}
    if outcomes == {Outcome.HOLDS}:
        return ExitCode.HOLDS, report.items[0].saw
    doubtful = next((item.saw for item in report.items if item.outcome is not Outcome.HOLDS), "")
    why = doubtful or (report.limits[0].what if report.limits else "The check could not be made.")
    return ExitCode.NOT_ENOUGH, why
