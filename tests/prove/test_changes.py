import pytest

from apiward.core.verdict import Outcome
from apiward.prove.changes import PreviousReportError, changes_since, parse_previous
from apiward.prove.formats import json as json_format
from apiward.prove.model import build_model
from tests.prove.sample import CATALOGUE, finding, item, report


def test_new_regressed_fixed_and_unconfirmed_are_told_apart() -> None:
    was_fixed, is_gone = finding(operation="GET /fixed"), finding(operation="GET /gone")
    came_back, is_new, stays = finding(operation="GET /back"), finding(operation="GET /new"), finding()
    before = report(
        [was_fixed, is_gone, stays], items=[item("OBJ01", "GET /back", Outcome.HOLDS)], operations=("GET /back",)
    )
    now = report([came_back, is_new, stays], items=[item("OBJ01", "GET /fixed", Outcome.HOLDS)])
    previous = parse_previous(json_format.render(build_model(before, CATALOGUE)))
    changes = changes_since(previous, now)
    assert changes.new == (is_new.id,)
    assert changes.regressed == (came_back.id,)
    assert changes.fixed == (was_fixed.id,)
    assert changes.unconfirmed == (is_gone.id,)


@pytest.mark.parametrize("text", ["", "[]", '{"schema": "apiward.scan/2"}'])
def test_another_file_is_refused_with_advice(text: str) -> None:
    with pytest.raises(PreviousReportError, match="--format json"):
        parse_previous(text)


def test_odd_members_are_passed_over() -> None:
    previous = parse_previous('{"schema": "apiward.scan/1", "findings": [1, {"id": 2}], "items": 3}')
    assert previous.findings == (("2", "", ""),)
    assert previous.held == frozenset()
