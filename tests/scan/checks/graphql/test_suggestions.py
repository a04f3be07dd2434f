"""It fires where hidden names are given away, and only there."""

import pytest

from apiward.core.verdict import Outcome
from apiward.scan.checks.graphql.suggestions import CHECK
from tests.scan.checks.graphql.phone import outcome

TRIGGERS: tuple[tuple[str, ...], ...] = (("suggested", "graphql-suggestions"),)
SILENT: tuple[tuple[str, ...], ...] = (("plain errors",),)


@pytest.mark.parametrize("case", TRIGGERS, ids=[case[0] for case in TRIGGERS])
def test_fires(case: tuple[str, ...]) -> None:
    assert outcome(CHECK.code, *case[1:]) is Outcome.BROKEN


@pytest.mark.parametrize("case", SILENT, ids=[case[0] for case in SILENT])
def test_stays_silent(case: tuple[str, ...]) -> None:
    assert outcome(CHECK.code, *case[1:]) is Outcome.HOLDS
