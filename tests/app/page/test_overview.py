from hypothesis import given
from hypothesis import strategies as st

from apiward.app.page.overview import MOST_SCANS, RiskState, overview_of, trend_of
from apiward.core.finding import Severity
from apiward.core.kept_finding import FindingMoment, FindingState, FindingTurn, KeptFinding
from apiward.core.kept_scan import CheckTally, KeptScan
from apiward.core.verdict import Confidence

DAY_S = 86_400.0


def kept(number: int, seen: list[bool]) -> KeptFinding | None:
    """Return a finding that each scan has seen or not; None where none has."""
    history, is_open = list[FindingMoment](), False
    for at, is_seen in enumerate(seen):
        turn = None
        if is_seen:
            turn = FindingTurn.STILL_THERE if is_open else FindingTurn.CAME_BACK if history else FindingTurn.NEW
        elif is_open:
            turn = FindingTurn.FIXED
        if turn is not None:
            history.append(FindingMoment(at * DAY_S, turn, f"s{at}", Severity.HIGH))
        is_open = is_seen
    if not history:
        return None
    state = FindingState.OPEN if is_open else FindingState.FIXED
    return KeptFinding(
        "http://x", f"{number}", "OBJ01", "GET /a", "", Severity.HIGH, Confidence.PROVED, "It was seen.", state,
        history[0].at_s, history[-1].at_s, history=tuple(history),
    )  # fmt: skip


@given(st.lists(st.lists(st.booleans(), min_size=5, max_size=5), max_size=6))
def test_the_trend_tells_for_each_scan_how_many_were_open(seen: list[list[bool]]) -> None:
    findings = [one for number, row in enumerate(seen) if (one := kept(number, row)) is not None]
    told = trend_of(findings, (at * DAY_S for at in range(5)))
    assert [one.open for one in told] == [sum(row[at] for row in seen) for at in range(5)]
    assert len(trend_of(findings, range(40))) == MOST_SCANS


def test_what_was_not_looked_at_is_not_what_holds() -> None:
    def coverage(**counts: int) -> KeptScan:
        tally = CheckTally("OBJ01", **{"holds": 0, "broken": 0, "unsure": 0, "not_run": 0, **counts})
        return KeptScan(
            "http://x", 0.0, "", "read", is_whole=True, operations=(), answered=(), left_alone=0, requests=0,
            duration_s=0.0, accounts=0, accounts_tried=0, checks=(tally,),
        )  # fmt: skip

    def state(*findings: KeptFinding, scan: KeptScan | None) -> tuple[RiskState, int | None]:
        lines = overview_of(findings, scan)
        line = next(one for one in lines if one.id == "broken-object-level-authorisation")
        assert len(lines) == 10
        return line.state, line.decided

    one = kept(1, [True])
    assert one is not None
    assert state(scan=None) == (RiskState.UNKNOWN, None)
    assert state(scan=coverage(unsure=3)) == (RiskState.UNKNOWN, 0)
    assert state(scan=coverage(holds=3)) == (RiskState.HOLDS, 3)
    assert state(scan=coverage(holds=3, unsure=1)) == (RiskState.PARTLY, 3)
    assert state(one, scan=coverage(broken=1)) == (RiskState.OPEN, 1)
