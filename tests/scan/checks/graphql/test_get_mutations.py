"""It fires where changes are made by GET, and only there."""

import pytest

from apiward.core.verdict import Outcome
from apiward.scan.checks.graphql.get_mutations import CHECK
from tests.scan.checks.graphql.phone import outcome

TRIGGERS: tuple[tuple[str, ...], ...] = (("by GET", "graphql-get-mutations"),)
SILENT: tuple[tuple[str, ...], ...] = (("by POST only",),)


@pytest.mark.parametrize("case", TRIGGERS, ids=[case[0] for case in TRIGGERS])
def test_fires(case: tuple[str, ...]) -> None:
    assert outcome(CHECK.code, *case[1:]) is Outcome.BROKEN


@pytest.mark.parametrize("case", SILENT, ids=[case[0] for case in SILENT])
def test_stays_silent(case: tuple[str, ...]) -> None:
    assert outcome(CHECK.code, *case[1:]) is Outcome.HOLDS
