"""How a guard stands, seen from outside: its modes, its evidence, its autopilot, and one thing to do next."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from apiward.app.guarding.evidence import Notes, gathered, open_evidence, read_notes
from apiward.app.guarding.place import Place
from apiward.config.guarding import GuardConfig
from apiward.core.decision import Mode
from apiward.core.event import Event
from apiward.core.evidence import EvidenceSource
from apiward.guard.policy import ModeRule
from apiward.guard.readiness import NOBODY, Standing, State
from apiward.guard.stage import StageName
from apiward.guard.switching import AUTOPILOT
from apiward.stores.events.lines import moment

SPOKEN: Final = "Autopilot: "
MAX_SPOKEN: Final = 10
SHOW_ALL: Final = "apiward guard status --all"


@dataclass(frozen=True, slots=True)
class GuardStanding:
    """All that `apiward guard status` tells. `problem` says why there is no evidence, where there is none."""

    modes: tuple[tuple[StageName, Mode], ...]
    standings: tuple[Standing, ...]
    notes: Notes
    is_autopilot_on: bool
    switched: tuple[ModeRule, ...] = ()
    spoken: tuple[Event, ...] = ()
    ended: tuple[str, ...] = ()
    is_cut: bool = False
    problem: str = ""
    is_away: bool = False
    incident: str = ""
    """A refusal that would be made, as an example of what stands in the way most."""
    allowed: int = 0
    learned: int = 0
    """Operations that nobody described: what was learned of them is only held against requests where that is said."""

    @property
    def ready(self) -> tuple[Standing, ...]:
        """What may be switched."""
        return tuple(one for one in self.standings if one.state is State.READY)

    @property
    def next_command(self) -> str:
        """The one thing to do next."""
        if self.is_away or (self.notes.looked_s > 0.0 and self.problem):
            return "apiward guard status"
        if self.problem:
            return "apiward guard http://localhost:8000 --watch"
        if self.ready and not self.is_autopilot_on:
            return "apiward guard autopilot on"
        return f"apiward allow {self.incident} --dry-run" if self.incident else SHOW_ALL


def standing(
    place: Place, config: GuardConfig, now_s: float, *, open_: Callable[..., EvidenceSource] = open_evidence
) -> GuardStanding:
    """Look at everything, and change nothing."""
    notes = read_notes(place.data)
    modes = tuple(zip(StageName, config.policy.modes_for("", ""), strict=True))
    switched = tuple(rule for rule in config.switched if rule.by == AUTOPILOT)
    ended = tuple(one.id for one in config.allowed if one.expires_s <= now_s)
    bare = GuardStanding(
        modes,
        (),
        notes,
        config.autopilot.enabled,
        switched,
        ended=ended,
        allowed=len(config.allowed) - len(ended),
        learned=len(notes.learned),
    )
    if not config.events.database and not (place.data / "events.sqlite").exists():
        return replace(bare, problem=f"No guard has stored events in {place.data} yet.")
    source = open_(place.data, config)
    try:
        standings, evidence = gathered(source, config, notes, [*notes.starts], now_s)
        spoken = source.said(SPOKEN, MAX_SPOKEN)
        incident = _example(source, standings, evidence.since_s)
    except OSError as error:
        return replace(bare, problem=f"The events cannot be read now: {error}.", is_away=True)
    finally:
        source.close()
    problem = "" if any(one.traffic.requests or one.would_be for one in standings) else "No request has come yet."
    return replace(bare, standings=standings, spoken=spoken, is_cut=evidence.is_cut, incident=incident, problem=problem)


def _example(source: EvidenceSource, standings: tuple[Standing, ...], since_s: float) -> str:
    """Return the newest incident of what would be refused most often."""
    found = [
        (would_be.times, one.operation, would_be.rule)
        for one in standings
        for would_be in one.would_be
        if one.operation != NOBODY and one.state is State.NOT_YET
    ]
    for _, operation, rule in sorted(found, reverse=True)[:1]:
        events, _ = source.refused(operation, "", "", rule, since_s)
        if events:
            return events[0].id
    return ""


__all__ = ["SHOW_ALL", "GuardStanding", "moment", "standing"]
