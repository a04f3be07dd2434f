from functools import partial

import pytest

from apiward.core.detection import Detection
from apiward.core.event import Event
from apiward.watch.correlator import Correlator
from apiward.watch.detections.service.silence import Silence
from apiward.watch.settings import SeeingSettings
from tests.watch.seeing import START_S, event, told

DAY_S = 86_400.0
SETTINGS = SeeingSettings()


def _days(days: int, an_hour: int = 40) -> list[Event]:
    """Return requests from noon to six on each day; START_S is a Monday at noon."""
    return [
        event(DAY_S * day + 3_600.0 * hour + 3_600.0 / an_hour * n)
        for day in range(days)
        for hour in range(6)
        for n in range(an_hour)
    ]


def _after(events: list[Event], now_s: float, settings: SeeingSettings = SETTINGS) -> list[Detection]:
    correlator = Correlator((Silence,), settings)
    for one in events:
        assert not correlator.see(one)
    return [*correlator.passed(START_S + now_s)]


_WEEK = [*_days(5), *(one._replace(at_s=one.at_s + 7 * DAY_S) for one in _days(1)[:120])]
"""Monday to Friday, and the next Monday until three."""


def test_silence_is_told_once_until_something_comes() -> None:
    correlator = Correlator((Silence,), SETTINGS)
    for one in _WEEK:
        correlator.see(one)
    (found,) = correlator.passed(START_S + 7 * DAY_S + 4.5 * 3_600)
    assert dict(found.facts) == {"minutes": "91", "usual": "40"}
    assert not correlator.passed(START_S + 7 * DAY_S + 4.6 * 3_600)
    correlator.see(event(7 * DAY_S + 4.7 * 3_600))
    assert correlator.passed(START_S + 7 * DAY_S + 5.99 * 3_600)


@pytest.mark.parametrize(
    ("events", "now_s"),
    [
        (_WEEK, 7 * DAY_S + 3.5 * 3_600),
        ([*_WEEK, *(one._replace(at_s=one.at_s + 7 * DAY_S) for one in _days(1)[120:])], 7 * DAY_S + 10 * 3_600),
        (_WEEK, 12 * DAY_S + 3_600),
        (_days(5), 5 * DAY_S + 2 * 3_600),
        (_days(3), 2 * DAY_S + 5.5 * 3_600 + 3_600),
        ([], 4_000.0),
    ],
    ids=["half an hour", "at night", "a log that was read once", "on a Saturday", "too few days", "nothing ever came"],
)
def test_it_stays_silent(events: list[Event], now_s: float) -> None:
    assert not _after(events, now_s)


def test_a_small_business_has_quiet_hours() -> None:
    few = [*_days(5, 20), *(one._replace(at_s=one.at_s + 7 * DAY_S) for one in _days(1, 20)[:60])]
    assert not _after(few, 7 * DAY_S + 4.5 * 3_600)
    assert not _after(_WEEK, 7 * DAY_S + 4.5 * 3_600, SeeingSettings(silence_s=0))


TRIGGERS = {"a working day": _WEEK}
SILENT = {"days without a sound": _days(3)}
TOLD = partial(told, then_s=5_600.0)


def test_it_is_told() -> None:
    assert TOLD(Silence, TRIGGERS["a working day"])
    assert not TOLD(Silence, SILENT["days without a sound"])
