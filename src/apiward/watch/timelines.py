"""The timeline of an incident decides how it stands; two versions of one incident become one without a loss."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from apiward.core.incident import Incident, IncidentState, Moment, MomentKind

MOST_MOMENTS: Final = 200
"""Entries of one timeline at most; the first ones and the last ones stay."""
_KEPT_FIRST: Final = 20
_GROUPED: Final = frozenset({MomentKind.SEEN, MomentKind.WORSE, MomentKind.CLOSED, MomentKind.REOPENED})
_STATES: Final = {
    MomentKind.CONTAINED: IncidentState.CONTAINED,
    MomentKind.CLOSED: IncidentState.CLOSED,
    MomentKind.REOPENED: IncidentState.REOPENED,
    MomentKind.UNDONE: IncidentState.OPEN,
}


def state_of(timeline: Iterable[Moment]) -> IncidentState:
    """Return how things stand after all entries. What was undone leaves a closed incident closed."""
    state = IncidentState.OPEN
    for moment in timeline:
        following = _STATES.get(moment.kind)
        if following is None or (moment.kind is MomentKind.UNDONE and state is not IncidentState.CONTAINED):
            continue
        state = following
    return state


def is_grouped(moment: Moment) -> bool:
    """Return whether an entry comes of the grouping itself, which alone decides about it."""
    return not moment.by and moment.kind in _GROUPED


def ordered(timeline: Iterable[Moment]) -> tuple[Moment, ...]:
    """Return the entries in the order of time, each once, and not more than are kept."""
    found = sorted(dict.fromkeys(timeline), key=lambda moment: moment.at_s)
    if len(found) > MOST_MOMENTS:
        found = found[:_KEPT_FIRST] + found[_KEPT_FIRST - MOST_MOMENTS :]
    return tuple(found)


def with_moments(incident: Incident, *moments: Moment) -> Incident:
    """Return the incident with more entries, standing as they say."""
    timeline = ordered((*incident.timeline, *moments))
    return replace(incident, timeline=timeline, state=state_of(timeline))


def merged(grouped: Incident, stored: Incident) -> Incident:
    """Return what the grouping knows of an incident, with what people and notices have added in the store since."""
    others = [moment for moment in stored.timeline if not is_grouped(moment)]
    return with_moments(grouped, *others) if others else grouped
