from hypothesis import given
from hypothesis import strategies as st

from apiward.watch.traffic import JUMP_S, MOST_SOURCES, Traffic

HOUR_S = 3_600.0
START_S = 1_799_064_000.0
"""A Monday, at noon (UTC)."""


@given(st.lists(st.floats(0, 400), max_size=120))
def test_the_last_ten_minutes_are_counted_exactly(pauses: list[float]) -> None:
    traffic, at_s, times = Traffic(), START_S, list[float]()
    for pause_s in pauses:
        at_s += pause_s
        times.append(at_s)
        traffic.heard(at_s, "")
        assert traffic.lately() == sum(one // 60 > at_s // 60 - 10 for one in times)
    assert traffic.total == len(pauses)
    assert traffic.last_s == (times[-1] if times else 0.0)


@given(
    st.lists(st.tuples(st.sampled_from((0.0, 0.0, 0.0, 1.0, 59.0, 700.0, -1.0, -80.0, -400.0)), st.sampled_from("aab")))
)
def test_counting_in_the_total_alone_comes_to_the_same(steps: list[tuple[float, str]]) -> None:
    one, other, at_s = Traffic(), Traffic(), START_S
    for step_s, source in steps:
        at_s += step_s
        is_behind = one.heard(at_s, source)
        if at_s == other.same_s and source == other.same:
            other.total += 1
            assert not is_behind
        else:
            assert other.heard(at_s, source) is is_behind
        assert one.is_fed == other.is_fed
    assert one.state() == other.state()
    assert one.lately() == other.lately()


def test_hours_of_workdays_and_weekends_are_known_apart() -> None:
    traffic = Traffic()
    for day in range(14):
        for number in range(30 if day % 7 < 5 else 5):
            traffic.heard(START_S + 24 * HOUR_S * day + 60.0 * number, "")
    assert traffic.fewest(START_S) == 30
    assert traffic.fewest(START_S + 5 * 24 * HOUR_S) == 0  # three weekend days are known, which is too few
    assert traffic.fewest(START_S + 3 * HOUR_S) == 0


def test_what_was_told_as_silence_teaches_nothing() -> None:
    traffic = Traffic()
    for day in range(5):
        traffic.heard(START_S + 24 * HOUR_S * day, "")
        traffic.is_silent = day == 4
    traffic.heard(START_S + 24 * HOUR_S * 4 + 5 * HOUR_S, "")
    assert not traffic.is_silent
    assert traffic.fewest(START_S) == 1


def test_a_time_is_behind_others_of_its_own_source() -> None:
    traffic = Traffic()
    assert not traffic.heard(START_S, "a")
    assert not traffic.heard(START_S - 9_000, "b")
    assert not traffic.heard(START_S - JUMP_S + 1, "a")
    assert traffic.heard(START_S - JUMP_S, "a")
    for number in range(MOST_SOURCES + 5):
        traffic.heard(START_S, f"source {number}")
    assert len(traffic.newest) <= MOST_SOURCES


def test_it_goes_on_where_it_was() -> None:
    one, other = Traffic(), Traffic()
    for number in range(200):
        one.heard(START_S + 50.0 * number, "a")
    other.restore(one.state())
    assert other.state() == one.state()
    one.heard(START_S + 40_000, "a"), other.heard(START_S + 40_000, "a")
    assert other.state() == one.state()
