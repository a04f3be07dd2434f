"""It fires where a list of queries is answered, and only there."""

import pytest

from apiward.core.verdict import Outcome
from apiward.scan.checks.graphql.batches import CHECK
from tests.scan.checks.graphql.phone import outcome

TRIGGERS: tuple[tuple[str, ...], ...] = (("a list", "graphql-batches-unlimited"),)
SILENT: tuple[tuple[str, ...], ...] = (("one at a time",),)


@pytest.mark.parametrize("case", TRIGGERS, ids=[case[0] for case in TRIGGERS])
def test_fires(case: tuple[str, ...]) -> None:
    assert outcome(CHECK.code, *case[1:]) is Outcome.BROKEN


@pytest.mark.parametrize("case", SILENT, ids=[case[0] for case in SILENT])
def test_stays_silent(case: tuple[str, ...]) -> None:
    assert outcome(CHECK.code, *case[1:]) is Outcome.HOLDS
