"""The exit code of a scan, so that a pipeline can tell "broken" from "could not look"."""

from collections.abc import Collection
from enum import IntEnum

from apiward.core.finding import Severity
from apiward.core.scan_report import ScanReport
from apiward.prove.coverage import checked_enough


class ExitCode(IntEnum):
    """What a scan can end with; wrong usage, our own bugs and interruption are the command line's."""

    HOLDS = 0
    BROKEN = 1
    NOT_ENOUGH = 3


def exit_code(report: ScanReport, fail_on: Severity, accepted: Collection[str] = ()) -> int:
    """Return 1 for a finding at or above `fail_on` whose id is not accepted, 3 where too little was seen, else 0."""
    if any(f.severity >= fail_on and f.id not in accepted for f in report.findings):
        return ExitCode.BROKEN
    return ExitCode.HOLDS if checked_enough(report) else ExitCode.NOT_ENOUGH
