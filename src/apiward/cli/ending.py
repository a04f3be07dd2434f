"""With which exit code a scan ends."""

from collections.abc import Collection

from apiward.cli.exits import ExitCode
from apiward.core.account import Origin
from apiward.core.finding import Severity
from apiward.core.scan_report import ScanReport
from apiward.prove.verdicts import exit_code


def failing_ids(report: ScanReport, fail_on: str, aside: Collection[str]) -> frozenset[str]:
    """Return the ids of the findings for which the code is 1; `aside` as `accepted` of `code_of`."""
    if fail_on == "never":
        return frozenset()
    least = Severity[fail_on.upper()]
    return frozenset(one.id for one in report.findings if one.severity >= least and one.id not in aside)


def code_of(report: ScanReport, fail_on: str, accepted: Collection[str]) -> int:
    """Return the exit code; `fail_on` is a severity's word or "never", `accepted` are ids that do not count.

    Accounts that were given, of which none could log in, mean that too little was checked.
    """
    if report.was_interrupted:
        return ExitCode.INTERRUPTED
    if fail_on == "never":
        code = exit_code(report, Severity.CRITICAL, {finding.id for finding in report.findings})
    else:
        code = exit_code(report, Severity[fail_on.upper()], accepted)
    if code == ExitCode.HOLDS and report.was_cut_short:
        return ExitCode.NOT_ENOUGH
    given = [account for account in report.accounts if account.origin is Origin.GIVEN]
    if code == ExitCode.HOLDS and given and not any(account.is_logged_in for account in given):
        return ExitCode.NOT_ENOUGH
    return code
