from dataclasses import replace

from apiward.core.finding import Severity
from apiward.core.kept_finding import FindingMoment, FindingState, FindingTurn
from apiward.prove.reports.week import Asked, week_lines
from tests.prove.reports.made import INCIDENT, NOW_S, SCAN, kept, known

DAY_S = 86_400.0


def test_the_week_counts_what_was_said_last_of_each_finding() -> None:
    new = FindingMoment(NOW_S - 5 * DAY_S, FindingTurn.NEW, "a", Severity.HIGH)
    fixed = FindingMoment(NOW_S - 2 * DAY_S, FindingTurn.FIXED, "b", Severity.HIGH)
    back = FindingMoment(NOW_S - DAY_S, FindingTurn.CAME_BACK, "c", Severity.HIGH)
    old = FindingMoment(NOW_S - 50 * DAY_S, FindingTurn.NEW, "z", Severity.HIGH)
    still = FindingMoment(NOW_S - DAY_S, FindingTurn.STILL_THERE, "c", Severity.HIGH)
    gathered = known(
        kept("OBJ01", history=(new, still)),
        kept("OBJ02", history=(old, fixed, back)),
        kept("OBJ03", history=(old, still)),
        fixed=(kept("OBJ04", history=(new, fixed), state=FindingState.FIXED, fixed_s=NOW_S),),
        incidents=(INCIDENT,),
    )
    assert list(week_lines(gathered, Asked(1234, 5), 2)) == [
        "This week the guard saw 1,234 requests, and refused 5.",
        "1 scan was made this week. New problems: 1. Came back: 1. Fixed: 1.",
        "New incidents this week: 2. Open now: 1.",
    ]


def test_where_nothing_is_known_it_says_so_and_no_zero() -> None:
    lines = list(week_lines(known(scan=replace(SCAN, at_s=NOW_S - 8 * DAY_S)), None, 0))
    assert lines[:2] == ["This week no guard has stored anything.", "No scan was made this week."]
