"""When somebody is to be told of an incident: one message on each channel, and another only where it matters."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from typing import Final

from apiward.core.finding import Severity
from apiward.core.incident import Incident, IncidentState, MomentKind
from apiward.core.notice import NoticeKind

MINUTE_S: Final = 60.0
MOST_UPDATES: Final = 20
"""Messages on one incident and channel after the first; what flaps for longer is not told any more."""
STALE_S: Final = 3 * 86_400.0
"""What was seen in an old log is no news: after so long nobody is told of it first. The summary has it all the same."""
_ALIVE: Final = frozenset({IncidentState.OPEN, IncidentState.REOPENED})


@dataclass(frozen=True, slots=True)
class ChannelRule:
    """How one channel wants to be used. `can_follow`: later messages find their way to the first one."""

    name: str
    least: Severity
    can_follow: bool
    is_last_resort: bool = False
    ignores_quiet_hours: bool = False


@dataclass(frozen=True, slots=True)
class TellingRules:
    """What holds for all channels. `quiet` is from when to when (both local), None for never."""

    gather_s: float = 20.0
    again_s: float = 600.0
    escalate_s: float = 1_800.0
    quiet: tuple[time, time] | None = None
    zone: tzinfo | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What a channel was told last of an incident."""

    severity: Severity
    state: IncidentState
    at_s: float
    updates: int = 0
    thread: str = ""


def due(
    incident: Incident, told: Told | None, channel: ChannelRule, rules: TellingRules, now_s: float
) -> tuple[float, NoticeKind] | None:
    """Return when the next message is due and what it is, None where there is nothing to tell.

    The time may have passed already. A message that is due is written when it is sent, so it has the newest count.
    What apiward has done by itself is told at once, however little it is about.
    """
    held_s = held_by_itself_s(incident)
    if held_s is not None and not channel.is_last_resort and (told is None or told.at_s < held_s):
        kind = NoticeKind.FIRST if told is None else NoticeKind.MORE
        return _in_hours(now_s, kind, incident, channel, rules)
    if incident.severity < channel.least:
        return None
    wanted = _first(incident, channel, rules, now_s) if told is None else _more(incident, told, channel, rules, now_s)
    if wanted is None:
        return None
    return _in_hours(*wanted, incident, channel, rules)


def held_by_itself_s(incident: Incident) -> float | None:
    """Return since when it is held off by apiward itself, None where it is not."""
    if incident.state is not IncidentState.CONTAINED:
        return None
    last = next((one for one in reversed(incident.timeline) if one.kind is MomentKind.CONTAINED), None)
    return last.at_s if last is not None and not last.by else None


def _in_hours(
    at_s: float, kind: NoticeKind, incident: Incident, channel: ChannelRule, rules: TellingRules
) -> tuple[float, NoticeKind]:
    """Return the message at a time at which people want to be told."""
    if rules.quiet is not None and incident.severity < Severity.CRITICAL and not channel.ignores_quiet_hours:
        at_s = after_quiet(at_s, rules.quiet, rules.zone)
    return at_s, kind


def is_looked_at(incident: Incident) -> bool:
    """Return whether a person has looked at it since it began, or since it came back."""
    looked = False
    for moment in incident.timeline:
        if moment.kind is MomentKind.REOPENED:
            looked = False
        looked = looked or bool(moment.by)
    return looked


def after_quiet(at_s: float, quiet: tuple[time, time], zone: tzinfo | None) -> float:
    """Return the end of the quiet hours where `at_s` is within them, else `at_s`."""
    begins, ends = quiet
    local = datetime.fromtimestamp(at_s, zone)
    clock = local.time()
    is_within = begins <= clock < ends if begins < ends else (clock >= begins or clock < ends)
    if not is_within:
        return at_s
    end = local.replace(hour=ends.hour, minute=ends.minute, second=0, microsecond=0)
    if end <= local:
        end += timedelta(days=1)
    return end.timestamp()


def next_digest(last_s: float, at: time, zone: tzinfo | None) -> float:
    """Return when the summary after the one of `last_s` is due."""
    local = datetime.fromtimestamp(last_s, zone)
    found = local.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return (found if found > local else found + timedelta(days=1)).timestamp()


def quiet_of(text: str) -> tuple[time, time] | None:
    """Return what `22:00-07:00` says; None where nothing is said, or where both are the same."""
    if not text:
        return None
    begins, ends = (time.fromisoformat(part) for part in text.split("-"))
    return None if begins == ends else (begins, ends)


def worst_first(incidents: Iterable[Incident]) -> list[Incident]:
    """Return incidents in the order in which a person should look at them."""
    rank = {IncidentState.REOPENED: 0, IncidentState.OPEN: 0, IncidentState.CONTAINED: 1, IncidentState.CLOSED: 2}
    return sorted(incidents, key=lambda one: (rank[one.state], -one.severity, -one.last_s, one.id))


def _first(
    incident: Incident, channel: ChannelRule, rules: TellingRules, now_s: float
) -> tuple[float, NoticeKind] | None:
    if incident.state not in _ALIVE or now_s - incident.last_s > STALE_S:
        return None
    if not channel.is_last_resort:
        return now_s + rules.gather_s, NoticeKind.FIRST
    if incident.severity < Severity.HIGH or is_looked_at(incident):
        return None
    return incident.first_s + rules.escalate_s, NoticeKind.FIRST


def _more(
    incident: Incident, told: Told, channel: ChannelRule, rules: TellingRules, now_s: float
) -> tuple[float, NoticeKind] | None:
    is_worse = incident.severity > told.severity
    if not channel.can_follow:
        return (now_s + rules.gather_s, NoticeKind.MORE) if is_worse and not told.updates else None
    if told.updates >= MOST_UPDATES or not (is_worse or incident.state is not told.state):
        return None
    kind = NoticeKind.ENDED if incident.state is IncidentState.CLOSED else NoticeKind.MORE
    return max(now_s + rules.gather_s, told.at_s + rules.again_s), kind
