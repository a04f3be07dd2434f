"""100,000 equal attacks are one incident and one message on every channel, over the wire, with the right count."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from apiward.app.incidents.channels import open_channels
from apiward.app.incidents.telling import Teller
from apiward.config.notifying import ChannelConfig, NotifyConfig
from apiward.core.watching import WatchStep
from apiward.net.sender import HttpSender
from tests.app.incidents.made import NOW_S, Watched, seen, watched
from tests.net.proxy.certificates import Authority
from tests.net.senders.servers import HttpPlace, MailPlace, http_place, mail_place
from tests.net.senders.test_mail import server_context

MANY = 100_000
SECRETS = {"S": "s3cret"}


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Watched]:
    with watched(tmp_path) as made:
        yield made


def channels(http: HttpPlace, mail: MailPlace, authority: Authority) -> tuple[ChannelConfig, ...]:
    to = ("somewhere",)
    return (
        ChannelConfig("hook", "webhook", address=f"{http.address}/hook", secret_env="S"),
        ChannelConfig("chat", "slack", address=f"{http.address}/chat", secret_env="S", to=to),
        ChannelConfig("room", "teams", address=f"{http.address}/room"),
        ChannelConfig("pager", "pagerduty", address=f"{http.address}/pager", secret_env="S"),
        ChannelConfig("phone", "ntfy", address=f"{http.address}/phone", to=to),
        ChannelConfig(
            "mail",
            "mail",
            server=f"127.0.0.1:{mail.port}",
            sender="guard@shop.example",
            to=("ada@shop.example",),
            ca_file=str(authority.file),
        ),
    )


async def told(here: Watched, authority: Authority) -> tuple[HttpPlace, MailPlace]:
    async with (
        http_place() as http,
        mail_place(server_context(authority)) as mail,
        HttpSender(clock=time.time) as sender,
    ):
        http.answers = [(200, b'{"ok": true, "ts": "17.5"}')] * 100
        config = NotifyConfig(channels=channels(http, mail, authority), gather_s=20.0)
        made = open_channels(config, sender, Path(), clock=time.time, environment=SECRETS)
        teller = Teller(here.record, here.outbox, made, config)
        for number in range(1, MANY + 1):
            changed = here.incidents.take([seen(NOW_S + number / 10_000, count=number)], NOW_S)
            if number % 10_000 == 0:  # as a watcher that keeps what it has, and tells beside it
                here.record.commit(WatchStep(incidents=changed))
                await teller.turn(NOW_S + number / 10_000)
        for at_s in (21.0, 31.0, 60.0, 3_600.0):
            await teller.turn(NOW_S + at_s)
        return http, mail


@pytest.mark.long
def test_a_hundred_thousand_equal_attacks_are_one_message_on_each_channel(here: Watched, tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    http, mail = asyncio.run(told(here, authority))
    assert sorted(posted.path for posted in http.posted) == ["/chat", "/hook", "/pager", "/phone", "/room"]
    assert all(f"{MANY:,} requests".encode() in posted.body for posted in http.posted)
    (letter,) = mail.letters
    assert f"{MANY:,} requests" in letter.replace("=\r\n", "")
    (incident,) = here.record.incidents()
    assert incident.count == MANY
