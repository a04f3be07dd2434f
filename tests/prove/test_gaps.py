from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.api import Problem
from apiward.core.scan_report import LEFT_BY_WISH, CheckedItem, Limit, ScanReport
from apiward.core.verdict import Outcome
from apiward.prove.coverage import coverage_of
from apiward.prove.gaps import MAX_NAMES, gaps_of
from tests.prove.sample import report

OPERATIONS = ("GET /a", "GET /b", "POST /c")


@st.composite
def reports(draw: st.DrawFn) -> ScanReport:
    items = draw(
        st.lists(
            st.builds(
                CheckedItem,
                check=st.sampled_from(["OBJ01", "CFG01"]),
                operation=st.sampled_from(OPERATIONS),
                outcome=st.sampled_from(list(Outcome)),
                saw=st.just("It was tried."),
            ),
            max_size=6,
        )
    )
    answered = draw(st.lists(st.sampled_from(OPERATIONS), unique=True))
    base = report(items=items, operations=OPERATIONS, answered=tuple(answered))
    return replace(
        base,
        limits=draw(st.sampled_from([(), (Limit("One account.", "Less seen.", "Add one."),)])),
        left_alone=draw(st.sampled_from([(), (("POST /c", "it resets"),), (("POST /c", LEFT_BY_WISH),)])),
        problems=draw(st.sampled_from([(), (Problem("/x", "broken"),)])),
        was_interrupted=draw(st.booleans()),
        was_cut_short=draw(st.booleans()),
    )


@given(reports())
def test_whatever_is_missing_is_said(scan: ScanReport) -> None:
    coverage = coverage_of(scan)
    has_gap = (
        scan.count(Outcome.UNSURE)
        or scan.count(Outcome.NOT_RUN)
        or scan.limits
        or scan.left_alone
        or scan.problems
        or scan.was_interrupted
        or scan.was_cut_short
        or len(coverage.checked) < len(scan.operations)
        or coverage.silent
        or not coverage.is_enough
    )
    assert bool(gaps_of(scan, coverage)) == bool(has_gap)


def test_a_scan_without_gaps_has_nothing_to_say() -> None:
    scan = report()
    assert gaps_of(scan, coverage_of(scan)) == ()


ONE_EACH = replace(
    report(
        items=[
            CheckedItem("CFG01", "GET /a", Outcome.HOLDS, "It held."),
            CheckedItem("CFG01", "GET /b", Outcome.UNSURE, "A 503."),
            CheckedItem("OBJ01", "GET /a", Outcome.NOT_RUN, "One account."),
            CheckedItem("OBJ01", "GET /b", Outcome.NOT_RUN, "One account."),
        ],
        operations=OPERATIONS,
        answered=("GET /a",),
    ),
    limits=(Limit("One account.", "Less seen.", "Add one."),),
    left_alone=(("POST /c", "it resets"),),
    problems=(Problem("/x", "broken"),),
    was_interrupted=True,
)


@pytest.mark.parametrize(
    "sentence",
    [
        "The scan was stopped before its end.",
        "2 operations had no check with a clear result.",
        "1 operation never answered a normal request.",
        (
            "1 operation we left alone, because calling could do harm: POST /c (it resets). "
            "If calling does no harm, allow it with --allow."
        ),
        "1 check run ended without a clear answer.",
        "2 check runs could not be made.",
        "Places in the description that could not be read: 1.",
        "One account. Less seen. Add one.",
    ],
)
def test_every_kind_of_gap_has_its_own_sentence_and_number(sentence: str) -> None:
    assert sentence in [gap.said for gap in gaps_of(ONE_EACH, coverage_of(ONE_EACH))]


def test_what_a_limit_says_is_not_said_once_more() -> None:
    stopped = Limit("The scan was stopped before its end.", "Some did not run.", "Scan again.")
    unread = Limit("Places in the description that could not be read: 1.", "Some may be missing.", "Correct it.")
    scan = replace(ONE_EACH, limits=(stopped, unread))
    said = " ".join(gap.said for gap in gaps_of(scan, coverage_of(scan)))
    assert said.count(stopped.what) == said.count(unread.what) == 1


def test_the_end_of_the_scan_comes_first() -> None:
    budget = Limit("The scan stopped after its limit of 3 requests.", "Some did not run.", "Raise it.")
    scan = replace(ONE_EACH, was_cut_short=True, was_interrupted=False, limits=(*ONE_EACH.limits, budget))
    assert gaps_of(scan, coverage_of(scan))[0].said == "The scan ended before it was through."


def test_a_choice_that_fits_nothing_is_said() -> None:
    none, cut = report(items=()), replace(report(items=()), was_cut_short=True)
    assert [any("No check was made" in gap.said for gap in gaps_of(s, coverage_of(s))) for s in (none, cut)] == [
        True,
        False,
    ]


def test_many_that_were_left_alone_are_named_once_and_briefly_cut() -> None:
    names = [f"POST /reset{n}" for n in range(MAX_NAMES + 2)]
    scan = replace(report(), left_alone=tuple((name, "it resets") for name in names))
    (gap,) = gaps_of(scan, coverage_of(scan))
    assert [gap.said.count(name) for name in names] == [1] * len(names)
    assert "and 2 more." in gap.brief
