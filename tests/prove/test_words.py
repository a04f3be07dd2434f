from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.api import Problem
from apiward.core.scan_report import CheckedItem, Limit, ScanReport
from apiward.core.verdict import Outcome
from apiward.prove import words
from apiward.prove.coverage import coverage_of
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
        left_alone=draw(st.sampled_from([(), (("POST /c", "it resets"),)])),
        problems=draw(st.sampled_from([(), (Problem("/x", "broken"),)])),
        was_interrupted=draw(st.booleans()),
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
        or len(coverage.checked) < len(scan.operations)
        or coverage.silent
        or not coverage.is_enough
    )
    assert bool(words.not_checked(scan, coverage)) == bool(has_gap)


def test_a_scan_without_gaps_has_nothing_to_say() -> None:
    scan = report()
    assert words.not_checked(scan, coverage_of(scan)) == ()


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
        "1 operation we left alone, because calling could do harm.",
        "1 check run ended without a clear answer.",
        "2 check runs could not be made.",
        "1 part of the API's description could not be read.",
        "One account. Less seen. Add one.",
    ],
)
def test_every_kind_of_gap_has_its_own_sentence_and_number(sentence: str) -> None:
    assert sentence in words.not_checked(ONE_EACH, coverage_of(ONE_EACH))


@pytest.mark.parametrize(
    ("serious", "smaller", "is_enough", "expected"),
    [
        (2, 3, True, "Your API is open to 2 serious problems."),
        (1, 0, False, "Your API is open to 1 serious problem."),
        (0, 1, True, "We found no serious problem, and 1 smaller one."),
        (0, 0, True, "We found no problem in what we checked."),
        (0, 0, False, "We could not check your API."),
    ],
)
def test_headline(serious: int, smaller: int, is_enough: bool, expected: str) -> None:  # noqa: FBT001 - a table
    assert words.headline(serious, smaller, is_enough=is_enough) == expected


@pytest.mark.parametrize(
    ("serious", "smaller", "expected"),
    [(2, 3, "3 smaller ones can wait."), (0, 1, "It can wait."), (0, 2, "They can wait."), (1, 0, "")],
)
def test_what_can_wait(serious: int, smaller: int, expected: str) -> None:
    assert words.smaller_sentence(serious, smaller) == expected


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ((1, 3), "1 to 3 hours"),
        ((0.5, 2), "30 minutes to 2 hours"),
        ((0.25, 0.5), "15 to 30 minutes"),
        ((1, 1), "about 1 hour"),
        ((0.25, 1), "15 minutes to 1 hour"),
    ],
)
def test_effort(hours: tuple[float, float], expected: str) -> None:
    assert words.effort(hours) == expected


@pytest.mark.parametrize(("seconds", "expected"), [(0.2, "1 second"), (12.4, "12 seconds"), (180, "3 minutes")])
def test_durations(seconds: float, expected: str) -> None:
    assert words.took(seconds) == expected


def test_what_is_filled_in_is_not_read_again() -> None:
    text = words.filled("At {operation}: {saw} {other}", operation="GET /{saw}", saw="{operation}")
    assert text == "At GET /{saw}: {operation} {other}"


def test_places() -> None:
    assert words.places(["GET /a", "GET /a"]) == "GET /a"
    assert words.places(["GET /a", "GET /b", "GET /c"]) == "GET /a and 2 more"


def test_commands_quote_the_target() -> None:
    assert words.report_command("http://h/;x") == "apiward scan 'http://h/;x' --format html --output report.html"
    assert words.retest_command("http://h", ["A01", "B02"]) == "apiward scan http://h --only A01,B02"
