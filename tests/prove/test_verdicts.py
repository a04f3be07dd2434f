from collections.abc import Collection
from dataclasses import replace

import pytest

from apiward.core.finding import Severity
from apiward.core.scan_report import ScanReport
from apiward.core.verdict import Outcome
from apiward.prove.verdicts import exit_code
from tests.prove.sample import finding, item, report

HIGH, MEDIUM = finding("OBJ01"), finding("AUT04")
UNSURE = [item("OBJ01", "GET /x", Outcome.UNSURE), item("OBJ01", "GET /y", Outcome.NOT_RUN)]


@pytest.mark.parametrize(
    ("scan", "fail_on", "accepted", "expected"),
    [
        (report(), Severity.HIGH, (), 0),
        (report([HIGH]), Severity.HIGH, (), 1),
        (report([HIGH]), Severity.CRITICAL, (), 0),
        (report([MEDIUM]), Severity.HIGH, (), 0),
        (report([MEDIUM]), Severity.NOTE, (), 1),
        (report([HIGH]), Severity.HIGH, {HIGH.id}, 0),
        (report([HIGH, MEDIUM]), Severity.MEDIUM, {HIGH.id}, 1),
        (report(answered=()), Severity.HIGH, (), 3),
        (report(items=UNSURE), Severity.HIGH, (), 3),
        (report(items=[]), Severity.HIGH, (), 3),
        (report(operations=()), Severity.HIGH, (), 3),
        # A finding below the bar does not make up for having seen too little.
        (report([MEDIUM], answered=()), Severity.HIGH, (), 3),
        # What was proved stays proved, however little else was seen.
        (report([HIGH], answered=()), Severity.HIGH, (), 1),
        (replace(report([HIGH]), was_interrupted=True), Severity.HIGH, (), 1),
    ],
)
def test_exit_codes(scan: ScanReport, fail_on: Severity, accepted: Collection[str], expected: int) -> None:
    assert exit_code(scan, fail_on, accepted) == expected
