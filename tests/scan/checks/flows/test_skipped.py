"""FLO04 against small shops: can the step before be left out."""

import pytest

from apiward.core.verdict import Confidence, Outcome
from apiward.scan.checks.flows.skipped import CHECK
from tests.scan.checks.flows.shops import stepping
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.harness import scan_app
from tests.scan.small_api import Case

TRIGGERS: tuple[Case, ...] = (
    ("shipped without payment", stepping(weak=True)),
    ("another last step", stepping(weak=True, last="download", summary="Download it after payment")),
    ("payments stand elsewhere", stepping(weak=True, first_in_body=True)),
    ("no word of what is needed", stepping(weak=True, summary="Ship")),
)
SILENT: tuple[Case, ...] = (
    ("refused", stepping(weak=False)),
    ("nothing happens, and the answer is the same", stepping(weak=False, loud=False)),
    ("payments stand elsewhere", stepping(weak=False, first_in_body=True)),
)


@pytest.mark.parametrize("case", TRIGGERS, ids=lambda case: case[0])
def test_finds_steps_that_can_be_left_out(case: Case) -> None:
    assert broken_at(case[1], CHECK)


@pytest.mark.parametrize("case", SILENT, ids=lambda case: case[0])
def test_is_silent_where_states_are_checked(case: Case) -> None:
    assert not broken_at(case[1], CHECK)
    assert looked_at(case[1], CHECK)


def test_only_words_of_the_description_make_it_sure() -> None:
    for summary, confidence in (
        ("Ship", Confidence.LIKELY),
        ("Ship; customers must be signed in", Confidence.LIKELY),
        ("For signed-in customers: ship", Confidence.LIKELY),
        ("Ship a paid order", Confidence.PROVED),
        ("Ship when the contract is signed", Confidence.PROVED),
    ):
        app, description = stepping(weak=True, summary=summary)()
        assert [f.confidence for f in scan_app(app, description, [CHECK]).report.findings] == [confidence]


def test_without_a_step_before_nothing_is_said() -> None:
    app, description = stepping(weak=True, first="")()
    assert scan_app(app, description, [CHECK]).outcome("FLO04", "POST /orders/{order_id}/ship") is Outcome.NOT_RUN


def test_a_last_state_that_nothing_shows_is_none() -> None:
    app, description = stepping(weak=True, vanishes=True)()
    assert scan_app(app, description, [CHECK]).outcome("FLO04", "POST /orders/{order_id}/ship") is Outcome.NOT_RUN


def test_records_that_come_to_their_end_by_themselves_are_no_finding() -> None:
    for calls in (8, 10):
        assert not broken_at(stepping(weak=False, done_after=calls), CHECK), calls
