import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from apiward.app.incidents.telling import DAY_S, MOST_TRIES, Teller
from apiward.app.incidents.words import FAILS
from apiward.core.finding import Severity
from apiward.core.incident import IncidentState, Moment, MomentKind
from apiward.core.notice import NoticeKind, NotToldError
from apiward.core.watching import WatchStep
from apiward.watch.timelines import with_moments
from tests.app.incidents.made import NOW_S, Keeping, Watched, seen, watched


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Watched]:
    with watched(tmp_path) as made:
        yield made


def turn(teller: Teller, *times_s: float) -> int:
    return sum(asyncio.run(teller.turn(NOW_S + at_s)) for at_s in times_s)


def test_a_hundred_thousand_equal_attacks_are_one_message_for_each_channel_with_the_right_count(here: Watched) -> None:
    mail, hook = Keeping(), Keeping(can_follow=False)
    teller = here.teller(mail.channel(), hook.channel("hook"))
    for count in range(1_000, 100_001, 1_000):
        here.take(seen(NOW_S + count / 10_000, count=count))
        if count % 10_000 == 0:
            turn(teller, count / 10_000)
    assert turn(teller, 30.0) == 2
    assert turn(teller, 60.0, 3_600.0) == 0
    for channel in (mail, hook):
        (notice,) = channel.notices
        assert "100,000 requests" in notice.lines[2]
        assert notice.kind is NoticeKind.FIRST
    (incident,) = here.record.incidents()
    assert (incident.count, [moment.kind.value for moment in incident.timeline]) == (100_000, ["seen", "told", "told"])


def test_what_changes_is_told_in_the_same_thread(here: Watched) -> None:
    mail = Keeping()
    teller = here.teller(mail.channel())
    (one,) = here.take(seen())
    assert turn(teller, 0.0, 25.0) == 1
    here.take(seen(NOW_S + 30, count=60, severity=Severity.CRITICAL), now_s=NOW_S + 30)
    assert turn(teller, 30.0, 60.0) == 0
    assert turn(teller, 630.0) == 1
    stored = here.record.incident(one.id)
    assert stored is not None
    closed = with_moments(stored, Moment(NOW_S + 700, MomentKind.CLOSED, "Done.", "owner:ada"))
    here.record.commit(WatchStep(incidents=(closed,)))
    assert turn(teller, 700.0, 1_300.0) == 1
    assert [notice.kind for notice in mail.notices] == [NoticeKind.FIRST, NoticeKind.MORE, NoticeKind.ENDED]
    assert [notice.thread for notice in mail.notices] == ["", f"thread of {one.id}", f"thread of {one.id}"]
    assert len({notice.id for notice in mail.notices}) == 3
    assert mail.notices[1].title.startswith("Critical: ")


def test_what_fails_is_tried_again_later_and_over_a_restart(here: Watched) -> None:
    mail = Keeping(fails=[NotToldError("It was away."), NotToldError("It is busy.", retry_after_s=300.0)])
    here.take(seen())
    assert turn(here.teller(mail.channel()), 0.0, 21.0, 30.0) == 0
    assert len(mail.fails) == 1
    assert turn(here.teller(mail.channel()), 37.0, 300.0) == 0
    assert mail.fails == []
    assert turn(here.teller(mail.channel()), 338.0) == 1
    assert turn(here.teller(mail.channel()), 400.0, 5_000.0) == 0


def test_a_channel_that_fails_is_an_incident_that_the_others_tell_until_it_works(here: Watched) -> None:
    mail = Keeping(fails=[NotToldError("It was answered with 401.", is_final=True)])
    hook = Keeping()
    teller = here.teller(mail.channel(), hook.channel("hook"), again_min=0.0)
    here.take(seen())
    assert turn(teller, 0.0, 21.0) == 1
    failing = next(one for one in here.record.incidents() if one.rule == FAILS)
    assert (failing.who, failing.severity, failing.count) == ("channel:mail", Severity.HIGH, 1)
    assert "401" in failing.timeline[0].said
    assert turn(teller, 50.0, 75.0) == 1
    assert (len(mail.notices), len(hook.notices)) == (0, 2)
    assert hook.notices[1].title == "High: A way to tell you does not work"
    assert "apiward notify test mail" in hook.notices[1].lines[0]
    assert turn(teller, 3_700.0) == 1  # it was asked again, and works
    again = here.record.incident(failing.id)
    assert again is not None
    assert again.state is IncidentState.CLOSED
    kinds = [moment.kind.value for one in here.record.incidents() if one.rule != FAILS for moment in one.timeline]
    assert kinds == ["seen", "told", "not-told", "told"]


def test_a_channel_that_never_works_is_given_up(here: Watched) -> None:
    mail = Keeping(fails=[NotToldError("It was away.") for _ in range(MOST_TRIES + 5)])
    teller = here.teller(mail.channel())
    here.take(seen())
    turn(teller, *(float(at_s) for at_s in range(0, 2 * int(DAY_S), 1_200)))
    assert len(mail.fails) == 5
    failing = [one for one in here.record.incidents() if one.rule == FAILS]
    assert [(one.who, one.count) for one in failing] == [("channel:mail", MOST_TRIES - 2)]


def test_the_last_resort_is_told_where_nobody_looks(here: Watched) -> None:
    mail, phone = Keeping(), Keeping(can_follow=False)
    teller = here.teller(mail.channel(), phone.channel("phone", is_last_resort=True))
    (one,) = here.take(seen())
    (other,) = here.take(seen(who="user:8"))
    looked = with_moments(other, Moment(NOW_S + 60, MomentKind.STEP, "Somebody looked at it.", "owner:ada"))
    here.record.commit(WatchStep(incidents=(looked,)))
    turn(teller, 0.0, 25.0, 1_700.0)
    assert (len(mail.notices), len(phone.notices)) == (2, 0)
    turn(teller, 1_900.0)
    assert [notice.subject for notice in phone.notices] == [one.id]
    stored = here.record.incident(one.id)
    assert stored is not None
    assert "Nobody had looked at it for 30 minutes" in stored.timeline[-1].said


def test_what_was_closed_in_time_is_not_told(here: Watched) -> None:
    mail = Keeping()
    teller = here.teller(mail.channel())
    (one,) = here.take(seen())
    turn(teller, 0.0)
    closed = with_moments(one, Moment(NOW_S + 5, MomentKind.CLOSED, "It was me.", "owner:ada"))
    here.record.commit(WatchStep(incidents=(closed,)))
    assert turn(teller, 10.0, 100.0) == 0


def test_a_channel_that_is_not_set_up_any_more_is_forgotten(here: Watched) -> None:
    here.take(seen())
    turn(here.teller(Keeping().channel()), 0.0)
    assert turn(here.teller(), 100.0) == 0
    assert here.outbox.due(NOW_S + 1_000) == []


def test_an_exercise_says_so_first(here: Watched) -> None:
    mail = Keeping()
    here.take(seen(is_drill=True))
    turn(here.teller(mail.channel(), gather_s=0.0, link="https://shop.example/"), 0.0, 1.0)
    (notice,) = mail.notices
    assert notice.title.startswith("Exercise, nothing happened: ")
    assert notice.is_drill
    assert notice.link.startswith("https://shop.example/incidents/")


def test_a_summary_comes_once_a_day_and_says_what_is_open(here: Watched) -> None:
    mail, phone = Keeping(), Keeping()
    channels = (mail.channel(), phone.channel("phone", is_last_resort=True))
    here.take(seen(severity=Severity.LOW))
    (closed,) = here.take(seen(who="user:8", severity=Severity.LOW))
    done = with_moments(closed, Moment(NOW_S + 5, MomentKind.CLOSED, "It was me.", "owner:ada"))
    here.record.commit(WatchStep(incidents=(done,)))
    teller = here.teller(*channels, digest="08:00")
    turn(teller, 0.0, 60.0)
    assert mail.notices == []
    assert turn(teller, DAY_S, DAY_S + 60.0) == 1
    (notice,) = mail.notices
    assert (notice.kind, notice.title) == (NoticeKind.DIGEST, "Your day: 1 open, 2 new, 1 closed")
    assert "the address 192.0.2.7, 57 requests" in notice.lines[0]
    assert phone.notices == []
    mail.fails = [NotToldError("It was away.")]
    assert turn(teller, 2 * DAY_S + 60.0) == 0
    assert turn(teller, 3 * DAY_S + 60.0) == 1


def test_quiet_hours_wait_for_the_morning(here: Watched) -> None:
    mail = Keeping()
    here.take(seen())
    assert NOW_S % DAY_S == 12 * 3_600
    teller = here.teller(mail.channel(), quiet_hours="12:00-18:00")
    turn(teller, 0.0, 3_600.0)
    assert mail.notices == []
    turn(teller, 6 * 3_600.0)
    assert len(mail.notices) == 1
