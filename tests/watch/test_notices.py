from dataclasses import replace
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from apiward.core.finding import Severity
from apiward.core.incident import Incident, IncidentState, Moment, MomentKind
from apiward.core.notice import NoticeKind
from apiward.watch.notices import (
    MOST_UPDATES,
    ChannelRule,
    TellingRules,
    Told,
    after_quiet,
    due,
    is_looked_at,
    next_digest,
    quiet_of,
    worst_first,
)
from apiward.watch.timelines import with_moments

NOW_S = datetime(2026, 11, 30, 12, 0, tzinfo=UTC).timestamp()
INCIDENT = Incident("4f2a", "accounts.stuffing", "user:7", Severity.HIGH, NOW_S, NOW_S, 57)
MAIL = ChannelRule("mail", Severity.MEDIUM, can_follow=True)
HOOK = ChannelRule("hook", Severity.MEDIUM, can_follow=False)
LAST = ChannelRule("phone", Severity.MEDIUM, can_follow=False, is_last_resort=True)
RULES = TellingRules(gather_s=20.0, again_s=600.0, escalate_s=1_800.0)
TOLD = Told(Severity.HIGH, IncidentState.OPEN, NOW_S, thread="t")


def at(hour: int, minute: int = 0, day: int = 30) -> float:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC).timestamp()


def test_the_first_message_waits_for_what_belongs_to_it() -> None:
    assert due(INCIDENT, None, MAIL, RULES, NOW_S) == (NOW_S + 20, NoticeKind.FIRST)


@pytest.mark.parametrize("state", [IncidentState.CLOSED, IncidentState.CONTAINED])
def test_what_is_over_before_anybody_was_told_is_not_told(state: IncidentState) -> None:
    assert due(replace(INCIDENT, state=state), None, MAIL, RULES, NOW_S) is None


def test_what_was_seen_in_an_old_log_is_no_news() -> None:
    assert due(INCIDENT, None, MAIL, RULES, NOW_S + 2 * 86_400) is not None
    assert due(INCIDENT, None, MAIL, RULES, NOW_S + 4 * 86_400) is None
    worse = replace(INCIDENT, severity=Severity.CRITICAL)
    assert due(worse, TOLD, MAIL, RULES, NOW_S + 4 * 86_400) is not None


def test_what_is_too_small_is_not_told_on_that_channel() -> None:
    assert due(replace(INCIDENT, severity=Severity.LOW), None, MAIL, RULES, NOW_S) is None
    assert due(replace(INCIDENT, severity=Severity.LOW), None, replace(MAIL, least=Severity.LOW), RULES, NOW_S)


def test_more_of_the_same_is_not_told_again() -> None:
    grown = replace(INCIDENT, count=100_000, last_s=NOW_S + 5_000)
    for channel in (MAIL, HOOK):
        assert due(grown, TOLD, channel, RULES, NOW_S + 5_000) is None


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"severity": Severity.CRITICAL}, NoticeKind.MORE),
        ({"state": IncidentState.CONTAINED}, NoticeKind.MORE),
        ({"state": IncidentState.REOPENED}, NoticeKind.MORE),
        ({"state": IncidentState.CLOSED}, NoticeKind.ENDED),
    ],
)
def test_what_changes_is_told_where_it_finds_its_way_to_the_first_message(
    change: dict[str, object], kind: NoticeKind
) -> None:
    changed = replace(INCIDENT, **change)  # type: ignore[arg-type]
    assert due(changed, TOLD, MAIL, RULES, NOW_S + 60) == (NOW_S + 600, kind)
    assert due(changed, TOLD, MAIL, RULES, NOW_S + 700) == (NOW_S + 720, kind)
    assert due(changed, replace(TOLD, updates=MOST_UPDATES), MAIL, RULES, NOW_S) is None


def test_elsewhere_only_what_gets_worse_is_told_and_once() -> None:
    worse = replace(INCIDENT, severity=Severity.CRITICAL)
    assert due(worse, TOLD, HOOK, RULES, NOW_S) == (NOW_S + 20, NoticeKind.MORE)
    assert due(worse, replace(TOLD, updates=1), HOOK, RULES, NOW_S) is None
    assert due(replace(INCIDENT, state=IncidentState.CLOSED), TOLD, HOOK, RULES, NOW_S) is None


def test_the_last_resort_is_told_where_nobody_has_looked() -> None:
    assert due(INCIDENT, None, LAST, RULES, NOW_S) == (NOW_S + 1_800, NoticeKind.FIRST)
    looked = with_moments(INCIDENT, Moment(NOW_S, MomentKind.STEP, "Somebody looked at it.", "owner:ada"))
    assert is_looked_at(looked)
    assert due(looked, None, LAST, RULES, NOW_S + 5_000) is None
    back = with_moments(looked, Moment(NOW_S + 1, MomentKind.REOPENED, "Back."))
    assert not is_looked_at(back)
    assert due(replace(INCIDENT, severity=Severity.MEDIUM), None, LAST, RULES, NOW_S) is None


def test_quiet_hours_hold_back_all_but_what_is_critical() -> None:
    rules = replace(RULES, quiet=(time(22), time(7)), zone=UTC)
    night_s = at(23, 30, day=29)
    assert due(INCIDENT, None, MAIL, rules, night_s) == (at(7), NoticeKind.FIRST)
    assert due(INCIDENT, None, replace(MAIL, ignores_quiet_hours=True), rules, night_s) == (
        night_s + 20,
        NoticeKind.FIRST,
    )
    critical = replace(INCIDENT, severity=Severity.CRITICAL)
    assert due(critical, None, MAIL, rules, night_s) == (night_s + 20, NoticeKind.FIRST)


@pytest.mark.parametrize(
    ("now_s", "quiet", "expected_s"),
    [
        (at(21, 59), "22:00-07:00", at(21, 59)),
        (at(22), "22:00-07:00", at(7, day=30) + 86_400),
        (at(6, 59), "22:00-07:00", at(7)),
        (at(7), "22:00-07:00", at(7)),
        (at(12), "11:00-13:30", at(13, 30)),
        (at(14), "11:00-13:30", at(14)),
    ],
)
def test_quiet_hours_end(now_s: float, quiet: str, expected_s: float) -> None:
    hours = quiet_of(quiet)
    assert hours is not None
    assert after_quiet(now_s, hours, UTC) == expected_s


def test_quiet_hours_are_those_of_the_place() -> None:
    hours = quiet_of("22:00-07:00")
    assert hours is not None
    assert after_quiet(at(21, 30), hours, ZoneInfo("Europe/Berlin")) == at(6) + 86_400
    assert quiet_of("") is quiet_of("07:00-07:00") is None


def test_a_summary_comes_once_a_day() -> None:
    assert next_digest(at(7, 59), time(8), UTC) == at(8)
    assert next_digest(at(8), time(8), UTC) == at(8) + 86_400


def test_what_is_open_and_bad_comes_first() -> None:
    contained = replace(INCIDENT, id="a", state=IncidentState.CONTAINED, severity=Severity.CRITICAL)
    closed = replace(INCIDENT, id="b", state=IncidentState.CLOSED)
    back = replace(INCIDENT, id="c", state=IncidentState.REOPENED, severity=Severity.CRITICAL)
    assert [one.id for one in worst_first([closed, contained, INCIDENT, back])] == ["c", "4f2a", "a", "b"]
