from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.watch.logs.times import Times, number_s

_MOMENTS = st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1)).map(lambda one: one.replace(microsecond=0))  # noqa: DTZ001 - a zone is drawn beside it
_ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(moment=_MOMENTS, zone=_ZONES)
def test_times_of_access_logs(moment: datetime, zone: timezone) -> None:
    there = moment.replace(tzinfo=zone)
    assert Times().clf(f"{there:%d/%b/%Y:%H:%M:%S %z}") == there.timestamp()
    assert Times().iso(there.isoformat()) == there.timestamp()


def test_a_time_without_a_zone_is_of_the_zone_that_was_named() -> None:
    at_s = datetime(2026, 11, 30, 13, 34, 15, tzinfo=UTC).timestamp()
    assert Times().clf("30/Nov/2026:13:34:15.655") == pytest.approx(at_s + 0.655)
    assert Times(3_600).clf("30/Nov/2026:13:34:15") == at_s - 3_600
    assert Times(3_600).iso("2026-11-30 13:34:15.123456789") == pytest.approx(at_s - 3_600 + 0.123456789)
    assert Times(3_600).iso("2026-11-30T13:34:15.5Z") == at_s + 0.5


@pytest.mark.parametrize(
    "text",
    ["", "-", "30/Nov/2026", "31/Feb/2026:00:00:00 +0000", "30/Nov/2026:25:00:00 +0000", "30/Nov/2026:13:34:15 +9",
     "30/Foo/2026:13:34:15 +0000", "30/Nov/2026x13:34:15 +0000", "30/Nov/2026:13:ab:15 +0000"],
)  # fmt: skip
def test_what_is_no_time(text: str) -> None:
    assert Times().clf(text) is None
    assert Times().iso(text) is None


@given(text=st.text(max_size=60))
def test_no_text_hurts(text: str) -> None:
    for found in (Times().clf(text), Times().iso(text), number_s(text)):
        assert found is None or isinstance(found, float)


def test_numbers_tell_their_unit_by_their_size() -> None:
    assert number_s(1_796_045_655) == 1_796_045_655
    assert number_s("1796045655.250") == 1_796_045_655.25
    assert number_s(1_796_045_655_000) == pytest.approx(1_796_045_655)
    assert number_s(1_796_045_655_000_000_000) == pytest.approx(1_796_045_655)
    assert number_s(5, 1e-3) == 0.005
    none: tuple[object, ...] = (None, "x", -1, float("nan"), float("inf"), 1e300, [], 10**400)
    assert [number_s(one) for one in none] == [None] * len(none)


def test_what_is_remembered_is_bounded() -> None:
    times = Times()
    for second in range(10_000):
        times.iso(f"2026-11-30T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}")
    assert len(times._iso) <= 4_096
