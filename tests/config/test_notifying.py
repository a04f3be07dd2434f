from datetime import UTC
from pathlib import Path
from typing import Any

import pytest

from apiward.config.errors import ConfigError
from apiward.config.notifying import ChannelConfig, NotifyConfig, load_notify, parse_notify
from apiward.core.finding import Severity

MAIL: dict[str, Any] = {
    "name": "owner",
    "kind": "mail",
    "server": "smtp.example.com:587",
    "sender": "guard@example.com",
    "to": ("ada@example.com",),
}
HOOK: dict[str, Any] = {"name": "hook", "kind": "webhook", "address": "https://shop.example/hook", "secret_env": "S"}


@pytest.mark.parametrize(
    "values",
    [
        MAIL,
        {**MAIL, "server": "localhost:25", "tls": "none"},
        HOOK,
        {**HOOK, "address": "http://127.0.0.1:9/x"},
        {"name": "s", "kind": "slack", "address_env": "SLACK"},
        {"name": "s", "kind": "slack", "secret_env": "TOKEN", "to": ("C042",)},
        {"name": "t", "kind": "teams", "address_env": "TEAMS"},
        {"name": "p", "kind": "pagerduty", "secret_env": "KEY"},
        {"name": "n", "kind": "ntfy", "to": ("shop-alarms",)},
        {"name": "a", "kind": "apprise", "address_env": "WHERE"},
    ],
)
def test_a_channel_that_can_be_used(values: dict[str, Any]) -> None:
    assert ChannelConfig(**values).least is Severity.MEDIUM


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({**HOOK, "name": "My Hook"}, "name: a channel needs"),
        ({**HOOK, "kind": "pigeon"}, "kind: must be one of mail"),
        ({**HOOK, "since": "bad"}, "since: must be one of note"),
        ({**HOOK, "address": ""}, "address: say where it goes"),
        ({**HOOK, "address": "http://shop.example/hook"}, "address: must begin with https"),
        ({**HOOK, "address": "https://user:pw@shop.example/"}, "address: a name or password"),
        ({**HOOK, "address": "file:///etc/passwd"}, "address: must begin with https"),
        ({**HOOK, "secret_env": ""}, "secret_env: this kind needs"),
        ({**MAIL, "server": "smtp.example.com"}, "server: name the mail server"),
        ({**MAIL, "server": "smtp.example.com:0"}, "server: name the mail server"),
        ({**MAIL, "tls": "none"}, "tls: none is for a mail server on this machine"),
        ({**MAIL, "tls": "maybe"}, "tls: must be"),
        ({**MAIL, "sender": "guard"}, "sender: 'guard' is no mail address"),
        ({**MAIL, "to": ()}, "to: '' is no mail address"),
        ({**MAIL, "to": ("a@b.example\nBcc: c@d.example",)}, "is no mail address"),
        ({"name": "n", "kind": "ntfy"}, "to: name the topic"),
        ({"name": "s", "kind": "slack"}, "to: name the channel"),
        ({"name": "a", "kind": "apprise", "address": "file:///etc"}, "address: must begin with https"),
    ],
)
def test_a_channel_that_cannot_be_used_is_told(values: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        ChannelConfig(**values)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"channels": (ChannelConfig(**HOOK), ChannelConfig(**HOOK))}, "two channels are called hook"),
        ({"quiet_hours": "22-7"}, "quiet_hours"),
        ({"quiet_hours": "25:00-07:00"}, "quiet_hours"),
        ({"digest": "8"}, "digest"),
        ({"link": "http://shop.example"}, "link: must begin with https"),
        ({"timezone": "Europe/Nowhere"}, "timezone"),
        ({"timezone": "../../etc/passwd"}, "timezone"),
    ],
)
def test_settings_that_cannot_be_used_are_told(values: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        NotifyConfig(**values)


def test_zones_are_known() -> None:
    assert NotifyConfig().zone is UTC
    assert str(NotifyConfig(timezone="Europe/Berlin").zone) == "Europe/Berlin"


def test_it_is_read_from_toml() -> None:
    text = '[[notify.channels]]\nname = "hook"\nkind = "webhook"\naddress = "https://a.example/"\nsecret_env = "S"\n'
    config, problems = parse_notify(text)
    assert problems == ()
    assert config.channels[0].name == "hook"
    _, problems = parse_notify(text.replace("https", "http"))
    assert problems == ("notify.channels[1].address: must begin with https://.",)


@pytest.mark.parametrize("text", ["[notify", "notify = 1", "[notify]\nquiet_hours = 'night'", "[notify]\nlnk = ''"])
def test_slips_of_the_file_are_told(tmp_path: Path, text: str) -> None:
    assert parse_notify(text)[0] == NotifyConfig()
    file = tmp_path / "apiward.toml"
    file.write_text(text)
    with pytest.raises(ConfigError, match="cannot be used"):
        load_notify(file)
    with pytest.raises(ConfigError, match="cannot be read"):
        load_notify(tmp_path / "none.toml")


def test_without_a_file_nobody_is_told(tmp_path: Path) -> None:
    assert load_notify(None) == NotifyConfig()
    file = tmp_path / "apiward.toml"
    file.write_text('[notify]\ndigest = "08:00"\n')
    assert load_notify(file).digest == "08:00"
