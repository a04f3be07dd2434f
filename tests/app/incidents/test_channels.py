import asyncio
import time
from pathlib import Path
from typing import Any

import pytest

from apiward.app.incidents.channels import Channel, open_channel, open_channels
from apiward.config.errors import AdvisedError
from apiward.config.notifying import ChannelConfig, NotifyConfig
from apiward.core.finding import Severity
from apiward.core.notice import NotToldError
from apiward.net.sender import HttpSender
from tests.net.senders.servers import http_place, notice

SECRETS = {"S": "s3cret", "HOOK": "https://shop.example/hook?key=s3cret", "LOCAL": "http://10.0.0.1/hook"}
WEBHOOK: dict[str, Any] = {"kind": "webhook", "address": "https://a.example/", "secret_env": "S"}


def opened(**values: Any) -> Channel:  # noqa: ANN401
    config = ChannelConfig(**{"name": "one", **values})
    return open_channel(config, HttpSender(clock=time.time), Path(), clock=time.time, environment=SECRETS)


@pytest.mark.parametrize(
    ("values", "kind", "can_follow"),
    [
        (WEBHOOK, "Webhook", True),
        ({"kind": "slack", "address_env": "HOOK"}, "Slack", False),
        ({"kind": "slack", "secret_env": "S", "to": ("C042",)}, "Slack", True),
        ({"kind": "teams", "address_env": "HOOK"}, "Teams", False),
        ({"kind": "pagerduty", "secret_env": "S"}, "PagerDuty", True),
        ({"kind": "ntfy", "to": ("alarms",)}, "Ntfy", False),
        (
            {"kind": "mail", "server": "[::1]:25", "sender": "a@b.example", "to": ("c@d.example",), "tls": "none"},
            "Mail",
            True,
        ),
    ],
)
def test_each_kind_gets_its_sender(values: dict[str, Any], kind: str, can_follow: bool) -> None:  # noqa: FBT001
    made = opened(**values, since="high", is_last_resort=True)
    assert (type(made.sender).__name__, made.rule.can_follow) == (kind, can_follow)
    assert (made.rule.least, made.rule.is_last_resort) == (Severity.HIGH, True)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({**WEBHOOK, "secret_env": "NONE"}, "NONE is not set"),
        ({"kind": "teams", "address_env": "NONE"}, "NONE is not set"),
        ({"kind": "teams", "address_env": "LOCAL"}, "LOCAL: must begin with https"),
        ({"kind": "apprise", "address": "json://a.example"}, "not installed"),
    ],
)
def test_what_cannot_be_used_is_told_without_a_secret(values: dict[str, Any], words: str) -> None:
    with pytest.raises(AdvisedError, match=words) as told:
        opened(**values)
    assert "s3cret" not in str(told.value)
    assert "10.0.0.1" not in str(told.value)


def test_all_of_the_settings_are_made() -> None:
    config = NotifyConfig(channels=(ChannelConfig(name="a", **WEBHOOK), ChannelConfig(name="b", **WEBHOOK)))
    made = open_channels(config, HttpSender(clock=time.time), Path(), clock=time.time, environment=SECRETS)
    assert [one.rule.name for one in made] == ["a", "b"]


def test_a_redirect_to_somewhere_else_is_not_followed() -> None:
    async def run() -> list[str]:
        async with http_place() as place, HttpSender(clock=time.time) as sender:
            config = ChannelConfig(name="one", **{**WEBHOOK, "address": f"{place.address}/hook"})
            made = open_channel(config, sender, Path(), clock=time.time, environment=SECRETS)
            place.answers = [(302, b"")]
            with pytest.raises(NotToldError, match="302"):
                await made.sender.send(notice())
            return [one.path for one in place.posted]

    assert asyncio.run(run()) == ["/hook"]
