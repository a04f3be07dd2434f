"""The table [notify] of apiward.toml: who is told of incidents, on which channel, from when on, and at what hours."""

import re
import zoneinfo
from dataclasses import dataclass
from datetime import UTC, tzinfo
from enum import StrEnum
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from apiward.config.tables import load_table, parse_table
from apiward.core.finding import Severity
from apiward.core.settings import setting

_HOURS: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")
_TIME: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_MAIL: Final = re.compile(r"[^@\s<>,;]{1,64}@[^@\s<>,;]{1,255}")
WORDS: Final = {severity.word: severity for severity in Severity}


class ChannelKind(StrEnum):
    """How somebody is told."""

    MAIL = "mail"
    WEBHOOK = "webhook"
    SLACK = "slack"
    TEAMS = "teams"
    PAGERDUTY = "pagerduty"
    NTFY = "ntfy"
    APPRISE = "apprise"


ADDRESSES: Final = {
    ChannelKind.SLACK: "https://slack.com/api/chat.postMessage",
    ChannelKind.PAGERDUTY: "https://events.pagerduty.com/v2/enqueue",
    ChannelKind.NTFY: "https://ntfy.sh",
}
"""Where a kind goes if nobody says otherwise."""


@dataclass(frozen=True, slots=True)
class ChannelConfig:
    """`[[notify.channels]]`: one way to be told. Which settings count depends on `kind`."""

    name: str = setting("", "What you call it: small letters, digits, - and _.")
    kind: str = setting("", f"How you are told: {', '.join(ChannelKind)}.")
    since: str = setting("medium", f"From which severity on: {', '.join(WORDS)}.")
    is_last_resort: bool = setting(
        default=False, help_text="Whether it is only used where nobody has looked for a while."
    )
    ignores_quiet_hours: bool = setting(default=False, help_text="Whether it is used in the quiet hours, too.")
    address: str = setting("", "Where it goes: an https address. Slack, PagerDuty and ntfy have one of their own.")
    address_env: str = setting("", "The environment variable that holds the address, where that is a secret.")
    secret_env: str = setting(
        "", "The environment variable with the secret: signing key, token, routing key or password."
    )
    to: tuple[str, ...] = setting((), "Mail: who gets it. ntfy: the topic. Slack with a token: the channel.")
    sender: str = setting("", "Mail: from whom it comes.")
    server: str = setting("", "Mail: the server and its port, as in smtp.example.com:587.")
    tls: str = setting("starttls", "Mail: starttls, tls (from the first byte on) or none (this machine only).")
    ca_file: str = setting("", "Mail: authorities for the server's certificate, where it is not a public one (PEM).")
    user: str = setting("", "Mail: the name to log in with, if the server wants one.")

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError("name: a channel needs a name of small letters, digits, - and _")
        if self.kind not in frozenset(ChannelKind):
            raise ValueError(f"kind: must be one of {', '.join(ChannelKind)}")
        if self.since not in WORDS:
            raise ValueError(f"since: must be one of {', '.join(WORDS)}")
        if self.kind == ChannelKind.MAIL:
            _check_mail(self)
        elif self.address:
            check_target(self.address, "address", is_open=self.kind == ChannelKind.APPRISE)
        elif not self.address_env and ChannelKind(self.kind) not in ADDRESSES:
            raise ValueError("address: say where it goes, in address or address_env")
        if self.kind in (ChannelKind.WEBHOOK, ChannelKind.PAGERDUTY) and not self.secret_env:
            raise ValueError("secret_env: this kind needs a secret")
        if self.kind == ChannelKind.NTFY and len(self.to) != 1:
            raise ValueError("to: name the topic")
        if self.kind == ChannelKind.SLACK and not (self.address or self.address_env) and len(self.to) != 1:
            raise ValueError("to: name the channel, or give the address of a webhook in address_env")

    @property
    def least(self) -> Severity:
        """The severity from which on it is used."""
        return WORDS[self.since]


@dataclass(frozen=True, slots=True)
class NotifyConfig:
    """`[notify]`: who is told of incidents, when, and how often."""

    channels: tuple[ChannelConfig, ...] = setting((), "The ways to be told.")
    gather_s: float = setting(20.0, "Seconds to wait before telling, so that one message has all.", least=0, most=3600)
    again_min: float = setting(10.0, "Minutes between two messages on one incident.", least=0, most=1440)
    quiet_hours: str = setting("", "When only critical incidents are told, as in 22:00-07:00; the rest waits.")
    timezone: str = setting("UTC", "The time zone of quiet hours and digest, as in Europe/Berlin.")
    escalate_min: float = setting(
        30.0, "Minutes after which the last resort is told of a high incident that nobody looked at.", least=1
    )
    digest: str = setting("", "When you want a summary of the day, as in 08:00; empty: never.")
    weekly: bool = setting(default=True, help_text="Whether apiward up sends you the week in a few lines on Mondays.")
    link: str = setting("", "The address of your apiward, for a link in messages.")

    def __post_init__(self) -> None:
        names = [str(getattr(channel, "name", number)) for number, channel in enumerate(self.channels)]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise ValueError(f"channels: two channels are called {min(twice)}")
        if self.quiet_hours and not _HOURS.fullmatch(self.quiet_hours):
            raise ValueError("quiet_hours: write them as 22:00-07:00")
        if self.digest and not _TIME.fullmatch(self.digest):
            raise ValueError("digest: write it as 08:00")
        if self.link:
            check_target(self.link, "link")
        _ = self.zone

    @property
    def zone(self) -> tzinfo:
        """The time zone. Raises ValueError where this system does not know it."""
        if self.timezone == "UTC":  # small systems have no table of zones
            return UTC
        try:
            return zoneinfo.ZoneInfo(self.timezone)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"timezone: {self.timezone[:40]!r} is unknown here; write it as Europe/Berlin") from None


def load_notify(path: Path | None) -> NotifyConfig:
    """Return what the settings file says; raises ConfigError with all that is wrong with it."""
    if path is None:
        return NotifyConfig()
    return load_table(path, parse_notify)


def parse_notify(text: str) -> tuple[NotifyConfig, tuple[str, ...]]:
    """Return the settings in `text`, and what is wrong with them, a sentence each. Never raises."""
    return parse_table(NotifyConfig, "notify", text)


def check_target(address: str, where: str, *, is_open: bool = False) -> None:
    """Raise ValueError unless `address` may be sent to: over TLS, or to this machine. `is_open`: any scheme."""
    parts = urlsplit(address)
    if is_open and parts.scheme and not parts.scheme.startswith("file"):
        return
    is_here = parts.hostname in ("127.0.0.1", "::1", "localhost")
    if not parts.hostname or parts.scheme not in ("https", "http") or (parts.scheme == "http" and not is_here):
        raise ValueError(f"{where}: must begin with https://")
    if parts.username or parts.password:
        raise ValueError(f"{where}: a name or password has no place in an address; use secret_env")


def _check_mail(channel: ChannelConfig) -> None:
    host, _, port = channel.server.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError("server: name the mail server with its port, as in smtp.example.com:587")
    if channel.tls not in ("starttls", "tls", "none"):
        raise ValueError("tls: must be starttls, tls or none")
    if channel.tls == "none" and host not in ("127.0.0.1", "[::1]", "localhost"):
        raise ValueError("tls: none is for a mail server on this machine")
    for field, texts in (("sender", (channel.sender,)), ("to", channel.to or ("",))):
        wrong = [text for text in texts if not _MAIL.fullmatch(text)]
        if wrong:
            raise ValueError(f"{field}: {wrong[0][:60]!r} is no mail address")
