"""One incident as it grows: its detections, each counted once, and whom it touched, both bounded."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from apiward.core.detection import MOST_SHOWN, Detection
from apiward.core.finding import Severity
from apiward.core.incident import Incident, Moment, MomentKind
from apiward.watch.timelines import with_moments
from apiward.watch.worst import worst_facts

MOST_PARTS: Final = 500
"""Detections of one incident that are told apart; what is older is only summed up."""
MOST_TOUCHED: Final = 2_000
MOST_FACTS: Final = 50
MOST_PLACES: Final = 50


@dataclass(slots=True, eq=False)
class Gathered:
    """An incident, and what it takes to count the next detection rightly.

    `parts` are counts by detection, `sums` by rule. What began up to `folded_to_s` and is no part any more is known.
    """

    incident: Incident
    parts: dict[str, int] = field(default_factory=dict)
    sums: dict[str, int] = field(default_factory=dict)
    folded_to_s: float = -1.0
    touched: dict[str, None] = field(default_factory=dict)
    rules: dict[str, None] = field(default_factory=dict)
    _packed: tuple[Incident, bytes] | None = field(default=None, init=False, repr=False)
    """What `packed` wrote last, and the incident as it was then: whatever changes makes another one of it."""

    def grow(self, seen: Detection, severity: Severity) -> bool:
        """Take in a detection; whether anything is new. The one that was taken in before changes nothing."""
        before = (self.incident.count, len(self.touched), len(self.rules), self.incident.last_s, self.incident.severity)
        self._count(seen)
        for key in seen.touched:
            if len(self.touched) < MOST_TOUCHED:
                self.touched.setdefault(key)
        self.rules.setdefault(seen.rule)
        self._renew(seen, severity)
        now = self.incident
        return before != (now.count, len(self.touched), len(self.rules), now.last_s, now.severity)

    def knows(self, seen: Detection) -> bool:
        """Return whether this detection was taken in before, with as much or more."""
        known = self.parts.get(_part(seen))
        return seen.first_s <= self.folded_to_s if known is None else known >= seen.count

    def is_part(self, seen: Detection) -> bool:
        """Return whether this detection goes on with one that was taken in."""
        return _part(seen) in self.parts

    def state(self) -> dict[str, object]:
        """Return all of it as values of JSON."""
        one = self.incident
        return {
            "incident": [one.id, one.rule, one.who, int(one.severity), one.first_s, one.last_s, one.count],
            "where": one.where,
            "events": one.events,
            "facts": one.facts,
            "unknown": one.unknown,
            "timeline": [[moment.at_s, moment.kind.value, moment.said, moment.by] for moment in one.timeline],
            "is_drill": one.is_drill,
            "parts": self.parts,
            "sums": self.sums,
            "folded_to_s": self.folded_to_s,
            "touched": list(self.touched),
            "rules": list(self.rules),
        }

    def packed(self) -> bytes:
        """Return `state` as JSON; the same bytes as long as nothing has changed."""
        known = self._packed
        if known is None or known[0] is not self.incident:
            known = self._packed = self.incident, json.dumps(self.state(), separators=(",", ":")).encode()
        return known[1]

    def _count(self, seen: Detection) -> None:
        part = _part(seen)
        known = self.parts.get(part)
        if known is None and seen.first_s <= self.folded_to_s:
            return
        more = max(seen.count - (known or 0), 0)
        self.parts[part] = (known or 0) + more
        self.sums[seen.rule] = self.sums.get(seen.rule, 0) + more
        if len(self.parts) > MOST_PARTS:
            oldest = sorted(self.parts, key=_began_s)[: MOST_PARTS // 2]
            for one in oldest:
                del self.parts[one]
            self.folded_to_s = max(self.folded_to_s, _began_s(oldest[-1]))

    def _facts(self, seen: Detection, severity: Severity) -> dict[str, str]:
        """Return the facts of the rule that names the incident: in others, the same name means something else."""
        one = self.incident
        if seen.rule == one.rule:
            return worst_facts(one.facts, seen.facts, is_as_bad=severity >= one.severity)
        return dict(seen.facts if severity > one.severity else one.facts)

    def _renew(self, seen: Detection, severity: Severity) -> None:
        one = self.incident
        facts = self._facts(seen, severity) | _numbers(self.touched)
        self.incident = replace(
            one,
            rule=seen.rule if severity > one.severity else one.rule,
            severity=max(one.severity, severity),
            first_s=min(one.first_s, seen.first_s),
            last_s=max(one.last_s, seen.last_s),
            count=max(self.sums.values()),  # what several rules see are the same requests: they are not added up
            where=tuple(dict.fromkeys((*one.where, *filter(None, (seen.where,)))))[:MOST_PLACES],
            events=tuple(dict.fromkeys((*one.events, *seen.events)))[:MOST_SHOWN],
            facts=tuple(sorted(facts.items())[:MOST_FACTS]),
            touched=tuple(self.touched)[:MOST_SHOWN],
            touched_count=len(self.touched),
        )


def begun(id_: str, seen: Detection, who: str, unknown: tuple[str, ...]) -> Gathered:
    """Return a new incident, of nothing yet."""
    return Gathered(
        Incident(
            id_,
            seen.rule,
            who,
            seen.severity,
            seen.first_s,
            seen.first_s,
            0,
            unknown=unknown,
            is_drill=seen.is_drill,
        )
    )


def restored(state: Mapping[str, Any]) -> Gathered:
    """Return what `state` gave. Raises KeyError, TypeError or ValueError where it is no such thing."""
    id_, rule, who, severity, first_s, last_s, count = state["incident"]
    touched = dict.fromkeys(map(str, state["touched"]))
    timeline = [Moment(float(at_s), MomentKind(kind), str(said), str(by)) for at_s, kind, said, by in state["timeline"]]
    incident = Incident(
        str(id_),
        str(rule),
        str(who),
        Severity(severity),
        float(first_s),
        float(last_s),
        int(count),
        where=tuple(map(str, state["where"])),
        events=tuple(map(str, state["events"])),
        facts=tuple((str(name), str(value)) for name, value in state["facts"]),
        touched=tuple(touched)[:MOST_SHOWN],
        touched_count=len(touched),
        unknown=tuple(map(str, state["unknown"])),
        is_drill=bool(state["is_drill"]),
    )
    return Gathered(
        with_moments(incident, *timeline),
        {str(part): int(number) for part, number in state["parts"].items()},
        {str(rule): int(number) for rule, number in state["sums"].items()},
        float(state["folded_to_s"]),
        touched,
        dict.fromkeys(map(str, state["rules"])),
    )


def _part(seen: Detection) -> str:
    # Where it was last does not count: that changes while one pattern goes on.
    return f"{seen.rule}\x1f{seen.who}\x1f{seen.first_s:.6f}"


def _began_s(part: str) -> float:
    return float(part.rpartition("\x1f")[2])


def _numbers(touched: Mapping[str, None]) -> dict[str, str]:
    """Return how many of each kind were touched, as facts ("touched.user", "57")."""
    numbers: dict[str, int] = {}
    for key in touched:
        kind = f"touched.{key.partition(':')[0]}"
        numbers[kind] = numbers.get(kind, 0) + 1
    return {kind: str(number) for kind, number in numbers.items()}
