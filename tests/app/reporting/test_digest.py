import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from apiward.app.reporting.digest import send_notice, tell_all, weekly_notice
from apiward.config.errors import AdvisedError
from apiward.config.notifying import ChannelConfig, NotifyConfig
from apiward.core.finding import Severity
from apiward.core.notice import NoticeKind, NotToldError
from apiward.core.watching import WatchStep
from apiward.stores.watching.store import WatchStore
from tests.app.incidents.made import Keeping
from tests.app.standing.made import NOW_S, finding, scan, store_in
from tests.cli.test_notify import place
from tests.stores.watching.made import INCIDENT

DAY_S = 86_400.0


def test_the_week_is_one_message_however_often_it_is_made(tmp_path: Path) -> None:
    with store_in(tmp_path, scan(finding())) as (store, place):
        notice = weekly_notice(store, place, NOW_S, link="https://apiward.example")
        again, next_week = (weekly_notice(store, place, NOW_S + days * DAY_S) for days in (1, 7))
    assert notice.id == again.id == "week.2026-49"
    assert next_week.id != notice.id
    assert (notice.kind, notice.severity, notice.link) == (NoticeKind.DIGEST, Severity.HIGH, "https://apiward.example")
    assert notice.title == "Your week: grade D, your API is open to 1 serious problem"
    assert notice.lines[0].startswith("Grade D.")
    assert notice.lines[2:5] == (
        "This week no guard has stored anything.",
        "1 scan was made this week. New problems: 1. Came back: 0. Fixed: 0.",
        "New incidents this week: 0. Open now: 0.",
    )
    assert all("\n" not in line and len(line) <= 700 for line in notice.lines)


def test_without_a_scan_there_is_a_message_all_the_same(tmp_path: Path) -> None:
    with store_in(tmp_path) as (store, place):
        notice = weekly_notice(store, place, NOW_S)
    assert notice.title == "Your week: no grade yet, your API was not scanned yet"
    assert notice.severity is Severity.NOTE


def test_new_incidents_are_those_of_the_week_without_exercises(tmp_path: Path) -> None:
    old, new = (
        replace(INCIDENT, id=name, first_s=NOW_S - days * DAY_S, last_s=NOW_S) for name, days in (("a", 8), ("b", 2))
    )
    with store_in(tmp_path) as (store, place):
        WatchStore(store.engine, lambda: NOW_S).commit(
            WatchStep(incidents=(old, new, replace(new, id="c", is_drill=True)))
        )
        lines = weekly_notice(store, place, NOW_S).lines
    assert "New incidents this week: 1. Open now: 2." in lines


def test_one_channel_that_fails_stops_no_other(tmp_path: Path) -> None:
    broken, mail = Keeping(fails=[NotToldError("It was away.")]), Keeping()
    with store_in(tmp_path) as (store, place):
        notice = weekly_notice(store, place, NOW_S)
    channels = [broken.channel("chat"), mail.channel("mail")]
    sent = asyncio.run(tell_all(notice, channels))
    assert (sent.taken, sent.refused) == (("mail",), {"chat": "It was away."})
    assert [one.id for one in mail.notices] == [f"{notice.id}.mail"]


def test_the_last_resort_is_spared_and_what_it_lacks_stops_nothing(tmp_path: Path) -> None:
    with store_in(tmp_path) as (store, where):
        notice = weekly_notice(store, where, NOW_S)
    phone = ChannelConfig("phone", "pagerduty", secret_env="NOT_SET_ANYWHERE", is_last_resort=True)
    with place() as server:
        chat = ChannelConfig("chat", "ntfy", address=server.address, to=("week",))
        assert send_notice(notice, NotifyConfig(channels=(phone, chat)), tmp_path).taken == ("chat",)
        assert len(server.posted) == 1


def test_without_a_channel_that_is_told(tmp_path: Path) -> None:
    with store_in(tmp_path) as (store, place):
        notice = weekly_notice(store, place, NOW_S)
    with pytest.raises(AdvisedError, match="There is no channel"):
        send_notice(notice, NotifyConfig(), tmp_path)
