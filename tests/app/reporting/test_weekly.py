from datetime import UTC, datetime
from pathlib import Path

import pytest

from apiward.app.reporting.digest import Sent
from apiward.app.reporting.weekly import send_if_due
from apiward.config.notifying import ChannelConfig, NotifyConfig
from apiward.core.notice import Notice
from tests.app.standing.made import store_in

DAY_S = 86_400.0
MONDAY_S = datetime(2026, 11, 30, 7, 0, tzinfo=UTC).timestamp()
PHONE = ChannelConfig(name="phone", kind="ntfy", to=("t",))


@pytest.mark.parametrize("taken", [("phone",), ()])
def test_each_week_is_sent_once_and_where_nobody_took_it_again(tmp_path: Path, taken: tuple[str, ...]) -> None:
    sent: list[str] = []

    def send(notice: Notice, *_: object) -> Sent:
        sent.append(notice.id)
        return Sent(taken, {} if taken else {"phone": "It is away."})

    with store_in(tmp_path) as (store, place):
        for at_s in (
            MONDAY_S - 3 * DAY_S,  # the first time: no whole week has been seen
            MONDAY_S - 1,
            MONDAY_S,
            MONDAY_S + 3_600,
            MONDAY_S + 6 * DAY_S,
            MONDAY_S + 7 * DAY_S,
        ):
            send_if_due(store, place, NotifyConfig(channels=(PHONE,)), at_s, send=send)
    assert sent == (["week.2026-49", "week.2026-50"] if taken else ["week.2026-49"] * 3 + ["week.2026-50"])


@pytest.mark.parametrize(
    "config",
    [
        NotifyConfig(),
        NotifyConfig(channels=(ChannelConfig(name="phone", kind="ntfy", to=("t",), is_last_resort=True),)),
        NotifyConfig(channels=(PHONE,), weekly=False),
    ],
)
def test_who_wants_none_gets_none(tmp_path: Path, config: NotifyConfig) -> None:
    with store_in(tmp_path) as (store, place):
        for at_s in (MONDAY_S, MONDAY_S + 7 * DAY_S):
            assert send_if_due(store, place, config, at_s, send=lambda *_: pytest.fail("sent")) is None


def test_a_channel_that_was_added_is_used_from_the_next_week_on(tmp_path: Path) -> None:
    sent: list[str] = []

    def send(notice: Notice, *_: object) -> Sent:
        sent.append(notice.id)
        return Sent(("phone",), {})

    with store_in(tmp_path) as (store, place):
        send_if_due(store, place, NotifyConfig(), MONDAY_S)
        for days in (1, 8):
            send_if_due(store, place, NotifyConfig(channels=(PHONE,)), MONDAY_S + days * DAY_S, send=send)
    assert sent == ["week.2026-50"]
