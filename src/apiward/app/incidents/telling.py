"""Tells people of incidents: one message on each channel, tried again until it is taken, over restarts too."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import time
from typing import Final

from apiward.app.guarding.log import log
from apiward.app.incidents.channels import Channel
from apiward.app.incidents.words import FAILS, digest_of, notice_of
from apiward.catalogue.incidents import load_incident_words
from apiward.config.notifying import NotifyConfig
from apiward.core.finding import Severity
from apiward.core.incident import Incident, IncidentState, Moment, MomentKind
from apiward.core.notice import Notice, NotToldError
from apiward.core.ports import WatchRecord
from apiward.core.watching import WatchStep
from apiward.stores.outbox import Outbox, Telling
from apiward.watch.incidents import incident_id
from apiward.watch.notices import TellingRules, Told, due, next_digest, quiet_of
from apiward.watch.timelines import with_moments

FIRST_PAUSE_S: Final = 15.0
LONGEST_PAUSE_S: Final = 3_600.0
MOST_TRIES: Final = 40
"""With the pauses in between, some thirty hours."""
FAILED_AFTER: Final = 3
ALIVE: Final = (IncidentState.OPEN, IncidentState.REOPENED)
DAY_S: Final = 86_400.0
_READ, _DIGEST, _SWEPT = "read", "digest", "swept"
SWEEP_S: Final = 60.0


Seal = Callable[[float], str]
"""Returns a signed checkpoint of the audit record, or nothing where there is none now."""


def no_seal(_now_s: float) -> str:
    """Return nothing: where there is no audit record."""
    return ""


class Teller:
    """Looks at the incidents that changed, notes who is to be told when, and tells.

    It reads the store alone, so it may run beside a watcher, and sees what the command line changed as well.
    """

    def __init__(
        self,
        record: WatchRecord,
        outbox: Outbox,
        channels: Sequence[Channel],
        config: NotifyConfig,
        checkpoint: Seal = no_seal,
    ) -> None:
        self._record = record
        self._checkpoint = checkpoint
        self._outbox = outbox
        self._channels: Mapping[str, Channel] = {channel.rule.name: channel for channel in channels}
        self._config = config
        self._words = load_incident_words()
        self._rules = TellingRules(
            config.gather_s,
            config.again_min * 60.0,
            config.escalate_min * 60.0,
            quiet_of(config.quiet_hours),
            config.zone,
        )

    async def turn(self, now_s: float) -> int:
        """Plan and tell what is due; return how many messages were taken. Raises OSError where nothing can be read."""
        with self._outbox.alone():
            return await self._turn(now_s)

    async def _turn(self, now_s: float) -> int:
        for incident in self._changed():
            self._plan(incident, now_s)
        if now_s - self._outbox.number(_SWEPT) >= SWEEP_S:
            self._sweep(now_s)
        told = 0
        for telling in self._outbox.due(now_s):
            told += await self._tell(telling, now_s)
        return told + await self._digest(now_s)

    def _changed(self) -> Iterator[Incident]:
        while True:
            changed = self._record.incidents_after(int(self._outbox.number(_READ)))
            yield from changed.incidents
            if not changed.incidents:
                return
            # After they were planned: a kill in between plans them once more, which changes nothing.
            self._outbox.keep_number(_READ, changed.upto)

    def _sweep(self, now_s: float) -> None:
        """Plan again what is open: the last resort is told because of time that passed, not of a change."""
        for incident in self._record.incidents(ALIVE, limit=1_000):
            self._plan(incident, now_s)
        self._outbox.forget_old(now_s)
        self._outbox.keep_number(_SWEPT, now_s)

    def _plan(self, incident: Incident, now_s: float) -> None:
        for name, channel in self._channels.items():
            if incident.rule == FAILS and incident.who == f"channel:{name}":
                continue  # it cannot tell of its own failure
            telling = self._outbox.get(incident.id, name)
            wanted = due(incident, _told(telling), channel.rule, self._rules, now_s)
            if wanted is None:
                if telling.due_s is not None:
                    self._outbox.put(replace(telling, due_s=None, tries=0, why=""), now_s)
                continue
            at_s, kind = wanted
            is_waiting = telling.due_s is not None or telling.tries >= MOST_TRIES
            is_sooner = telling.due_s is not None and not telling.tries and at_s < telling.due_s
            if is_waiting and telling.kind == kind.value and not is_sooner:
                continue  # for the rest of what belongs to it, or for the channel; or it was given up
            self._outbox.put(replace(telling, due_s=at_s, kind=kind.value, tries=0, why=""), now_s)

    async def _tell(self, telling: Telling, now_s: float) -> bool:
        channel = self._channels.get(telling.channel)
        incident = self._record.incident(telling.incident)
        if channel is None or incident is None:
            self._outbox.put(replace(telling, due_s=None), now_s)
            return False
        wanted = due(incident, _told(telling), channel.rule, self._rules, telling.due_s or now_s)
        if wanted is None:  # what was to be told is over, such as an incident that somebody has closed in time
            self._outbox.put(replace(telling, due_s=None), now_s)
            return False
        number = 0 if telling.severity is None else telling.updates + 1
        link = f"{self._config.link.rstrip('/')}/incidents/{incident.id}" if self._config.link else ""
        made = notice_of(incident, wanted[1], channel=telling.channel, number=number, now_s=now_s, link=link)
        try:
            thread = await channel.sender.send(replace(made, thread=telling.thread))
        except NotToldError as error:
            self._note_failure(telling, incident, error, now_s)
            return False
        told = replace(
            telling,
            due_s=None,
            tries=0,
            why="",
            severity=int(incident.severity),
            state=incident.state.value,
            told_s=now_s,
            updates=number,
            thread=thread,
        )
        self._outbox.put(told, now_s)
        name, places = self._said(channel, number)
        self._note(incident, now_s, MomentKind.TOLD, name, channel=telling.channel, **places)
        self._works_again(telling.channel, now_s)
        return True

    def _said(self, channel: Channel, number: int) -> tuple[str, dict[str, object]]:
        if number:
            return "told-more", {}
        if channel.rule.is_last_resort:
            return "escalated", {"minutes": round(self._config.escalate_min)}
        return "told", {}

    def _note_failure(self, telling: Telling, incident: Incident, error: NotToldError, now_s: float) -> None:
        tries = telling.tries + 1
        pause_s = max(min(FIRST_PAUSE_S * 2 ** min(tries - 1, 20), LONGEST_PAUSE_S), error.retry_after_s)
        # One that refuses is asked again after the longest pause: a key that is renewed heals it.
        due_s = None if tries >= MOST_TRIES else now_s + (LONGEST_PAUSE_S if error.is_final else pause_s)
        self._outbox.put(replace(telling, due_s=due_s, tries=tries, why=error.why), now_s)
        log("A channel could not tell.", level="warning", channel=telling.channel, why=error.why, tries=tries)
        if tries == (1 if error.is_final else FAILED_AFTER):
            self._note(incident, now_s, MomentKind.NOT_TOLD, "not-told", channel=telling.channel, why=error.why)
        if error.is_final or tries >= FAILED_AFTER:
            self._fails(telling.channel, error.why, now_s)

    def _fails(self, name: str, why: str, now_s: float) -> None:
        """Make an incident of it, which the other channels tell."""
        known = self._failure_of(name)
        if known is None:
            who = f"channel:{name}"
            known = Incident(
                incident_id(FAILS, who, now_s), FAILS, who, Severity.HIGH, now_s, now_s, 0, facts=(("why", why),)
            )
            seen = self._words.said("moments.channel-fails", channel=name, why=why)
            known = with_moments(known, Moment(now_s, MomentKind.SEEN, seen))
        self._record.commit(WatchStep(incidents=(replace(known, last_s=now_s, count=known.count + 1),)))

    def _works_again(self, name: str, now_s: float) -> None:
        known = self._failure_of(name)
        if known is not None:
            self._note(known, now_s, MomentKind.CLOSED, "channel-works", channel=name)

    def _failure_of(self, name: str) -> Incident | None:
        alive = self._record.incidents(ALIVE, limit=1_000)
        return next((one for one in alive if one.rule == FAILS and one.who == f"channel:{name}"), None)

    def _note(self, incident: Incident, at_s: float, kind: MomentKind, name: str, **places: object) -> None:
        moment = Moment(at_s, kind, self._words.said(f"moments.{name}", **places))
        self._record.commit(WatchStep(incidents=(with_moments(incident, moment),)))

    async def _digest(self, now_s: float) -> int:
        if not self._config.digest or not self._channels:
            return 0
        last_s = self._outbox.number(_DIGEST)
        if not last_s:
            self._outbox.keep_number(_DIGEST, now_s)
            return 0
        if now_s < next_digest(last_s, time.fromisoformat(self._config.digest), self._config.zone):
            return 0
        recent = [one for one in self._record.incidents(limit=1_000) if _counts(one, last_s)]
        notice = digest_of(recent, last_s, f"digest.{int(now_s // DAY_S)}", now_s, self._config.link)
        notice = replace(notice, enclosed=self._checkpoint(now_s))
        self._outbox.keep_number(_DIGEST, now_s)  # before: a summary too few is better than one each minute
        usual = [channel for channel in self._channels.values() if not channel.rule.is_last_resort]
        sent = [await self._send_digest(one, replace(notice, id=f"{notice.id}.{one.rule.name}")) for one in usual]
        return sum(sent)

    async def _send_digest(self, channel: Channel, notice: Notice) -> bool:
        try:
            await channel.sender.send(notice)
        except NotToldError as error:
            log("The summary could not be told.", level="warning", channel=channel.rule.name, why=error.why)
            return False
        return True


def _told(telling: Telling) -> Told | None:
    if telling.severity is None:
        return None
    return Told(
        Severity(telling.severity),
        IncidentState(telling.state),
        telling.told_s or 0.0,
        telling.updates,
        telling.thread,
    )


def _counts(incident: Incident, since_s: float) -> bool:
    """Whether an incident belongs into the summary: it is alive, or something happened since the last one."""
    is_alive = incident.state is not IncidentState.CLOSED
    return is_alive or any(moment.at_s >= since_s for moment in incident.timeline)
