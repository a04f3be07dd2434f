"""The exit codes as a table."""

from dataclasses import replace

import pytest

from apiward.cli.ending import code_of, failing_ids
from apiward.cli.exits import ExitCode
from apiward.core.account import Origin, Standing
from apiward.core.scan_report import AccountSummary, ScanReport
from apiward.core.verdict import Outcome
from tests.prove.sample import finding, item, report

HIGH = report([finding()])
NOTE = report([finding("CFG03")])
CLEAN = report()
SILENT = report(answered=())
DOUBTFUL = report(items=[item("OBJ01", "GET /x", Outcome.UNSURE)])


def _accounts(*logged_in: str, origin: Origin = Origin.GIVEN) -> ScanReport:
    return replace(
        CLEAN, accounts=tuple(AccountSummary("a", Standing.NORMAL, origin, is_logged_in=x == "in") for x in logged_in)
    )


@pytest.mark.parametrize(
    ("scanned", "fail_on", "code"),
    [
        (CLEAN, "high", ExitCode.HOLDS),
        (NOTE, "high", ExitCode.HOLDS),
        (NOTE, "note", ExitCode.BROKEN),
        (HIGH, "high", ExitCode.BROKEN),
        (HIGH, "critical", ExitCode.HOLDS),
        (HIGH, "never", ExitCode.HOLDS),
        (SILENT, "high", ExitCode.NOT_ENOUGH),
        (SILENT, "never", ExitCode.NOT_ENOUGH),
        (DOUBTFUL, "high", ExitCode.NOT_ENOUGH),
        (_accounts("out", "out"), "high", ExitCode.NOT_ENOUGH),
        (_accounts("out", "in"), "high", ExitCode.HOLDS),
        (_accounts("out", origin=Origin.SIGNED_UP), "high", ExitCode.HOLDS),
        (replace(HIGH, was_interrupted=True), "high", ExitCode.INTERRUPTED),
    ],
)
def test_each_way_to_end(scanned: ScanReport, fail_on: str, code: ExitCode) -> None:
    assert code_of(scanned, fail_on, ()) == code


def test_accepted_findings_do_not_count() -> None:
    assert code_of(HIGH, "high", {HIGH.findings[0].id}) == ExitCode.HOLDS


def test_those_that_fail_are_named() -> None:
    (high,) = HIGH.findings
    assert failing_ids(HIGH, "high", ()) == {high.id}
    assert (
        failing_ids(HIGH, "critical", ())
        == failing_ids(HIGH, "never", ())
        == failing_ids(HIGH, "low", {high.id})
        == set()
    )
