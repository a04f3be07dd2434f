"""Channels made ready from the settings: their secrets come from the environment, and stand in no error."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from apiward.config.errors import AdvisedError
from apiward.config.notifying import ADDRESSES, ChannelConfig, ChannelKind, NotifyConfig, check_target
from apiward.core.notice import NoticeSender
from apiward.core.ports import Clock, Sender
from apiward.net.senders.apprise import Apprise
from apiward.net.senders.mail import Mail, MailSettings
from apiward.net.senders.ntfy import Ntfy
from apiward.net.senders.pagerduty import PagerDuty
from apiward.net.senders.slack import Slack
from apiward.net.senders.teams import Teams
from apiward.net.senders.webhook import Webhook
from apiward.watch.notices import ChannelRule


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to be told: when it is used, and what sends."""

    rule: ChannelRule
    sender: NoticeSender


def open_channels(
    config: NotifyConfig,
    sender: Sender,
    base: Path,
    *,
    clock: Clock,
    environment: Mapping[str, str] = os.environ,
) -> tuple[Channel, ...]:
    """Return all channels. Raises AdvisedError where one cannot be used."""
    return tuple(open_channel(one, sender, base, clock=clock, environment=environment) for one in config.channels)


def open_channel(
    config: ChannelConfig, sender: Sender, base: Path, *, clock: Clock, environment: Mapping[str, str] = os.environ
) -> Channel:
    """Return one channel. Raises AdvisedError where it cannot be used."""
    secret = _variable(config, config.secret_env, environment)
    try:
        made = _sender(config, sender, base, _address(config, environment), secret, clock)
    except ValueError as error:
        raise _unusable(config, f"{error}.") from None
    except ModuleNotFoundError:
        raise _unusable(config, "The package Apprise is not installed: pip install 'apiward[apprise]'.") from None
    rule = ChannelRule(
        config.name,
        config.least,
        made.can_follow,
        is_last_resort=config.is_last_resort,
        ignores_quiet_hours=config.ignores_quiet_hours,
    )
    return Channel(rule, made)


def _sender(config: ChannelConfig, sender: Sender, base: Path, address: str, secret: str, clock: Clock) -> NoticeSender:
    kind = ChannelKind(config.kind)
    to = config.to[0] if config.to else ""
    if kind is ChannelKind.MAIL:
        return _mail(config, base, secret)
    if kind is ChannelKind.WEBHOOK:
        return Webhook(sender, address, secret, clock=clock)
    if kind is ChannelKind.SLACK:
        return Slack(sender, address, token=secret, channel=to)
    if kind is ChannelKind.TEAMS:
        return Teams(sender, address)
    if kind is ChannelKind.PAGERDUTY:
        return PagerDuty(sender, address, secret)
    if kind is ChannelKind.NTFY:
        return Ntfy(sender, address, to, token=secret)
    return Apprise(address)


def _mail(config: ChannelConfig, base: Path, password: str) -> Mail:
    host, _, port = config.server.rpartition(":")
    ca_file = base / config.ca_file if config.ca_file else None
    return Mail(
        MailSettings(host.strip("[]"), int(port), config.sender, config.to, config.tls, config.user, password, ca_file)
    )


def _address(config: ChannelConfig, environment: Mapping[str, str]) -> str:
    address = _variable(config, config.address_env, environment) or config.address
    if config.kind == ChannelKind.MAIL:
        return ""
    address = address or ADDRESSES.get(ChannelKind(config.kind), "")
    check_target(address, config.address_env or "address", is_open=config.kind == ChannelKind.APPRISE)
    return address


def _variable(config: ChannelConfig, name: str, environment: Mapping[str, str]) -> str:
    if name and not environment.get(name):
        raise _unusable(config, f"The environment variable {name} is not set.")
    return environment.get(name, "") if name else ""


def _unusable(config: ChannelConfig, why: str) -> AdvisedError:
    return AdvisedError(f"The channel {config.name} cannot be used.", why, "See [[notify.channels]] in the settings.")
