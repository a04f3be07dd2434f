from dataclasses import replace

from apiward.catalogue.loading import load_catalogue
from apiward.core.finding import Severity
from apiward.core.kept_finding import FindingState
from apiward.core.kept_scan import KeptReason
from apiward.prove.gathered import Gathered
from apiward.prove.reports.model import ReportKind, StandingReport, build_report, day, letters
from apiward.prove.standing import GuardState, Treatment
from tests.prove.reports.made import INCIDENT, NOW_S, SCAN, kept, known

DAY_S = 86_400.0


def made(gathered: Gathered, **more: str) -> StandingReport:
    return build_report(gathered, load_catalogue().checks, kind=ReportKind.SUMMARY, **more)  # type: ignore[arg-type] # by name


def test_a_report_counts_problems_by_their_cause() -> None:
    held, lived = kept("OBJ02"), kept("OBJ03")
    open_ = (kept(), kept(operation="GET /orders"), kept("CFG01", severity=Severity.LOW))
    report = made(known(*open_, held, lived, held=(held.id,), accepted=(lived.id,), incidents=(INCIDENT,)))
    assert report.headline == "Your API is open to 1 serious problem."
    assert report.lines == (
        "1 smaller one can wait.",
        "1 problem is held shut at the guard until fixed.",
        "You live with 1 problem for now.",
        "The last whole scan was on 29 November 2026. It asked 412 questions, as 2 test customers.",
    )
    rows = dict(report.rows)
    assert rows["Open problems"] == "1 serious, 1 smaller"
    assert rows["Held shut at the guard"] == rows["Lived with for now"] == "1 serious, 0 smaller"
    assert (rows["Open incidents"], rows["Guard"]) == ("1", "Stands in front, and refuses")
    assert (rows["Last exercise"], rows["Last scan"]) == ("21 November 2026", "29 November 2026")
    assert [len(report.of(one)) for one in Treatment] == [2, 1, 1]
    assert report.incidents == (("accounts.stuffing", INCIDENT),)
    assert report.caps[0][1] == "At most D"


def test_the_business_names_itself_else_its_api_does() -> None:
    assert made(known()).title == "Calm Coaching"
    assert made(known(), business="Anna's Shop").title == "Anna's Shop"
    assert made(known(scan=replace(SCAN, title=""))).title == "your API"


def test_what_was_not_checked_is_said_and_nothing_scanned_is_not_nothing_found() -> None:
    assert made(known()).not_checked == (
        "1 thing was left alone, as calling could do harm, or as you asked.",
        "No account with special rights was at hand. Some may be missing.",
        "1 check gave no clear result: the answers differ.",
    )
    more = (*SCAN.operations, "GET /x")
    partly = replace(SCAN, answered=(), operations=more, level="read", limits=(), reasons=())
    assert made(known(scan=partly)).not_checked == (
        "2 things that your API can do gave us no good answer.",
        "1 thing was left alone, as calling could do harm, or as you asked.",
        "Scans have only read. What changing things could do was not tried.",
    )
    untried = replace(SCAN, limits=(), reasons=(KeptReason("No probe is at hand.", 2, is_run=False),))
    assert "2 checks were not made: No probe is at hand." in made(known(scan=untried)).not_checked
    bare = made(known(scan=None, guard=GuardState.ABSENT))
    assert bare.headline == "Your API was not scanned yet."
    assert bare.not_checked == ("No whole scan has been kept, so nothing can be said of the rest.",)
    assert dict(bare.rows)["Last scan"] == "Never"
    assert made(known()).headline == "We found no problem in what we checked."


def test_what_is_held_or_accepted_is_neither_open_nor_nothing() -> None:
    finding = kept()
    assert made(known(finding, held=(finding.id,))).headline == "No problem is open."
    assert made(known(finding, accepted=(finding.id,))).headline == "No new problem. 1 accepted one stands."


def test_only_what_was_fixed_of_late_counts() -> None:
    of_late = kept(state=FindingState.FIXED, fixed_s=NOW_S - DAY_S)
    long_ago = kept("OBJ02", state=FindingState.FIXED, fixed_s=NOW_S - 91 * DAY_S)
    report = made(known(fixed=(of_late, long_ago)))
    assert report.fixed == (of_late,)
    assert dict(report.rows)["Fixed within the last 90 days"] == "1"


def test_times_that_no_calendar_has_are_shown_all_the_same() -> None:
    assert day(-5.0) == "1 January 1970"
    assert day(1e300) == "31 December 9999"
    assert letters() == ("A", "B", "C", "D", "E", "F")
