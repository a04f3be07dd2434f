"""Holds off by itself what the owner allows: for a time, not too many, nobody's own, and nobody whom others share."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from apiward.app.guarding.log import log
from apiward.app.guarding.shut_keys import key_of
from apiward.app.guarding.shutting import ShutDesk
from apiward.app.incidents.desk import MOST_OPERATIONS, IncidentDesk
from apiward.app.incidents.hitting import Others
from apiward.catalogue.detections import load_detections
from apiward.catalogue.incidents import load_incident_words
from apiward.catalogue.playbooks import ACTIONS
from apiward.config.automatic import AutomaticConfig
from apiward.config.errors import AdvisedError
from apiward.core.detection import EVERYBODY
from apiward.core.incident import Incident, IncidentState, MomentKind
from apiward.core.ports import WatchRecord
from apiward.stores.record.telling import OURSELVES

ALIVE: Final = frozenset({IncidentState.OPEN, IncidentState.REOPENED})
FRESH_S: Final = 600.0
"""What was seen longer ago, as in an old log, is over: nobody is held off for it."""
PAUSE_S: Final = 60.0
"""After it could not be done, it is tried again so much later, when there is more of it."""
_MINUTE_S: Final = 60.0
_SHARED: Final = ("address:", "network:")
"""Whom others may share with who does it: they are asked for first."""
_CROWD: Final = EVERYBODY.rstrip(":")
_ALSO: Final[Mapping[str, frozenset[str]]] = {
    "block-principal": frozenset({"token"}),
    "block-operation": frozenset({_CROWD}),
    "block-network": frozenset({_CROWD}),
}
"""Whom an action is for as well: who is known by a log-in alone; of many together, where they are, what they use."""


class Automatic:
    """Looks at the incidents that changed, and holds off who may be held off. `desk` and `shut` act for apiward."""

    def __init__(
        self, record: WatchRecord, desk: IncidentDesk, shut: ShutDesk, config: AutomaticConfig, others: Others
    ) -> None:
        self._record = record
        self._desk = desk
        self._shut = shut
        self._config = config
        self._others = others
        self._words = load_incident_words()
        self._later_s: dict[str, float] = {}

    def turn(self, after: int, now_s: float) -> int:
        """Look at what has changed after a number; return the number up to which it was looked at.

        Raises OSError where the store is away, AdvisedError where the guard's files cannot be used.
        """
        while True:
            changed = self._record.incidents_after(after)
            for incident in changed.incidents:
                self.consider(incident, now_s)
            after = changed.upto
            if not changed.incidents:
                return after

    def consider(self, incident: Incident, now_s: float) -> bool:
        """Hold off who does it, if that is allowed and harms nobody else; return whether it was done."""
        if incident.is_drill or incident.state not in ALIVE or now_s - incident.last_s > FRESH_S:
            return False
        if self._later_s.get(incident.id, 0.0) > now_s:
            return False
        for consent in self.consents_for(incident):
            keys = self._keys_of(incident, consent)
            if keys:
                return self._hold(incident, keys, consent, now_s)
        return False

    def consents_for(self, incident: Incident) -> Iterator[str]:
        """Yield what the owner has named that covers this incident."""
        entry = load_detections().get(incident.rule)
        if entry is None or incident.severity < self._config.least:
            return
        kind = incident.who.partition(":")[0]
        for name in self._config.consent:
            book, _, action = name.partition(":")
            if book == entry.playbook and kind in {ACTIONS[action][0], *_ALSO.get(action, ())}:
                yield name

    def _hold(self, incident: Incident, keys: Sequence[str], consent: str, now_s: float) -> bool:
        held = {one.key for one in self._shut.listed()}
        fresh = tuple(key for key in keys if key not in held)
        if not fresh or not self._may(incident, fresh):
            return False
        reason, for_s = f"Incident {incident.id}, {consent}", self._config.minutes * _MINUTE_S
        try:
            self._desk.hold(incident, fresh, for_s=for_s, reason=reason, consent=consent)
        except AdvisedError as error:  # what went wrong stands in the timeline; the next incident can be held off
            self._later_s[incident.id] = now_s + PAUSE_S
            log("An incident could not be held off.", level="error", incident=incident.id, why=str(error))
            return False
        return True

    def _keys_of(self, incident: Incident, consent: str) -> tuple[str, ...]:
        """Return who is held off: the caller, or where many do it together, their networks or what they use."""
        keys: Sequence[str] = [incident.who]
        if incident.who == EVERYBODY and consent.endswith(":block-network"):
            keys = self._desk.networks_of(incident)
        elif incident.who == EVERYBODY:
            keys = [f"operation:{where}" for where in incident.where[:MOST_OPERATIONS]]
        with contextlib.suppress(AdvisedError):
            return tuple(key_of(key) for key in keys)
        return ()

    def _may(self, incident: Incident, keys: tuple[str, ...]) -> bool:
        what = ", ".join(self._words.who(key) for key in keys)
        if any(self._shut.spares(key) for key in keys):
            self._desk.leave(incident, "left-own", what=what)
            return False
        is_undone = any(moment.kind is MomentKind.UNDONE and moment.by for moment in incident.timeline)
        if is_undone or any(self._shut.let_in_since(key, incident.first_s) for key in keys):
            self._desk.leave(incident, "left-let-in", what=what)
            return False
        if len(self._shut.held_by(OURSELVES)) + len(keys) > self._config.most:
            self._desk.leave(incident, "left-full", most=self._config.most)
            return False
        others = [self._others(key, incident.first_s) for key in keys if key.startswith(_SHARED)]
        if any(number is None or number > self._config.others for number in others):
            self._desk.leave(incident, "left-others")
            return False
        return True
