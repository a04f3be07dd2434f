"""It fires where a deep query is taken, and only there."""

import pytest

from apiward.core.verdict import Outcome
from apiward.scan.checks.graphql.depth import CHECK
from tests.scan.checks.graphql.phone import outcome, scanned

TRIGGERS: tuple[tuple[str, ...], ...] = (("any depth", "graphql-depth-unlimited"),)
SILENT: tuple[tuple[str, ...], ...] = (
    ("limited",),
    ("only fields unlimited", "graphql-aliases-unlimited"),
)


@pytest.mark.parametrize("case", TRIGGERS, ids=[case[0] for case in TRIGGERS])
def test_fires(case: tuple[str, ...]) -> None:
    assert outcome(CHECK.code, *case[1:]) is Outcome.BROKEN


@pytest.mark.parametrize("case", SILENT, ids=[case[0] for case in SILENT])
def test_stays_silent(case: tuple[str, ...]) -> None:
    assert outcome(CHECK.code, *case[1:]) is Outcome.HOLDS


def test_nothing_is_asked_for_that_is_there() -> None:
    findings = scanned("graphql-depth-unlimited").report.findings
    (found,) = [one for one in findings if one.check == "GQL03"]
    assert found.evidence.attack.response is not None
    assert b"NOT_FOUND" in found.evidence.attack.response.body
