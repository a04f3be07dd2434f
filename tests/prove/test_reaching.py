"""What scans reached adds up over some months, and ages."""

from dataclasses import replace
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from apiward.core.kept_scan import CheckTally, KeptReason, KeptScan
from apiward.prove.reaching import DAY_S, reach_of
from apiward.prove.standing import Undecided

NOW_S: Final = 1_000 * DAY_S
TEN: Final = tuple(f"GET /{number}" for number in range(10))
SCAN: Final = KeptScan(
    target="http://127.0.0.1:8000",
    at_s=NOW_S - DAY_S,
    title="Calm Coaching",
    level="full",
    is_whole=True,
    operations=TEN,
    answered=TEN[:9],
    left_alone=1,
    requests=400,
    duration_s=12.0,
    accounts=2,
    accounts_tried=3,
    checks=(CheckTally("OBJ01", 4, 1, 2, 3),),
    reasons=(KeptReason("The API gave no answer.", 3, is_run=False),),
)


def scan(days: float, answered: tuple[str, ...] = TEN, *, level: str = "full", is_whole: bool = True) -> KeptScan:
    return replace(SCAN, at_s=NOW_S - days * DAY_S, answered=answered, level=level, is_whole=is_whole)


def test_the_last_scan_says_what_was_run() -> None:
    reach = reach_of([SCAN, scan(9)], NOW_S)
    assert reach is not None
    assert (reach.operations, reach.reached, reach.left_alone, reach.accounts) == (10, 10, 1, 2)
    assert (reach.runs, reach.decided) == (10, 5)
    assert reach.undecided == (Undecided("The API gave no answer.", 3),)


def test_without_a_whole_scan_there_is_nothing_to_say() -> None:
    assert reach_of([], NOW_S) is None
    assert reach_of([scan(1, is_whole=False)], NOW_S) is None


def test_a_reading_scan_each_week_does_not_spoil_what_a_full_one_reached() -> None:
    reach = reach_of([scan(2, TEN[:5], level="read"), scan(20)], NOW_S)
    assert reach is not None
    assert (reach.reached, reach.age_days, reach.is_read_only) == (10, 20.0, False)
    young = reach_of([scan(2, TEN[:8], level="read"), scan(20)], NOW_S)
    assert young is not None
    assert young.age_days == 2.0


def test_what_was_reached_long_ago_counts_no_more() -> None:
    reach = reach_of([scan(2, TEN[:5], level="read"), scan(181)], NOW_S)
    assert reach is not None
    assert (reach.reached, reach.age_days, reach.is_read_only) == (5, 2.0, True)


def test_what_is_not_described_any_more_counts_no_more() -> None:
    newest = replace(scan(1, TEN[:1]), operations=TEN[:2])
    reach = reach_of([newest, scan(9)], NOW_S)
    assert reach is not None
    assert (reach.operations, reach.reached, reach.age_days) == (2, 2, 9.0)


def test_a_clock_that_went_back_makes_nothing_younger_than_now() -> None:
    reach = reach_of([scan(-3)], NOW_S)
    assert reach is not None
    assert reach.age_days == 0.0


_SCANS: Final = st.lists(
    st.builds(
        scan,
        st.floats(0, 400),
        st.sets(st.sampled_from(TEN)).map(tuple),
        level=st.sampled_from(["read", "full"]),
        is_whole=st.booleans(),
    ),
    max_size=6,
)


@given(_SCANS, st.randoms(use_true_random=False))
def test_the_order_of_scans_means_nothing_and_one_more_good_answer_never_lowers_it(
    scans: list[KeptScan], random: object
) -> None:
    before = reach_of(scans, NOW_S)
    assert reach_of(list(reversed(scans)), NOW_S) == before or len({s.at_s for s in scans}) < len(scans)
    after = reach_of([*scans, scan(0.0)], NOW_S)
    assert after is not None
    assert (after.share, after.age_days) == (1.0, 0.0)
    if before is not None:
        assert 0 <= before.reached <= before.operations
