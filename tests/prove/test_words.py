import pytest

from apiward.core.scan_report import CheckedItem
from apiward.core.verdict import Outcome
from apiward.prove import words
from apiward.prove.coverage import coverage_of
from tests.prove.sample import item, report


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


def test_accepted_findings_are_no_reason_to_say_that_there_is_no_problem() -> None:
    assert words.headline(0, 0, accepted=1, is_enough=True) == "No new problem. 1 accepted one stands."
    assert words.headline(0, 0, accepted=3, is_enough=True) == "No new problem. 3 accepted ones stand."
    assert words.headline(0, 2, accepted=3, is_enough=True) == "We found no serious problem, and 2 smaller ones."


WHOLE = item("CFG01", "the whole API", Outcome.BROKEN)
ONE = item("OBJ01", "GET /notes/{id}", Outcome.HOLDS)
DOUBT = item("INJ01", "GET /notes/{id}", Outcome.UNSURE)


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([ONE], "Checked 1 of 2 operations with 1 kind of check."),
        ([ONE, DOUBT], "Checked 1 of 2 operations with 1 kind of check."),
        ([ONE, WHOLE], "Checked 1 of 2 operations with 2 kinds of check."),
        ([WHOLE], "Checked the API as a whole with 1 kind of check, and none of its 2 operations alone."),
        ([DOUBT], "Checked none of 2 operations."),
    ],
)
def test_what_was_checked(items: list[CheckedItem], expected: str) -> None:
    assert words.checked_sentence(coverage_of(report(items=items))) == expected


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
    assert (
        words.report_command(words.scan_command("http://h/;x"))
        == "apiward scan 'http://h/;x' --format html --output report.html"
    )
    assert (
        words.retest_command("apiward scan h --level read", ["A1", "B2"]) == "apiward scan h --level read --only A1,B2"
    )
