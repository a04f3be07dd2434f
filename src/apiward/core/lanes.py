"""Which events belong into the audit record: those that say who was let in, who was not, and who changed what."""

from enum import StrEnum
from typing import Final

from apiward.core.decision import Effect
from apiward.core.event import Event


class AuditKind(StrEnum):
    """Why an event is in the audit record. RECORD is what the record says of itself: losses, removals, restores."""

    AUTHENTICATION = "authentication"
    ACCESS = "access"
    ADMINISTRATION = "administration"
    CONFIGURATION = "configuration"
    BLOCK = "block"
    INCIDENT = "incident"
    RECORD = "record"


BY_EVENT: Final = {
    **{kind.value: kind for kind in AuditKind},
    "guard": AuditKind.RECORD,
}
"""Events that are no requests, by their own kind."""

AUTHENTICATION_STAGES: Final = frozenset({"authenticate"})
ACCESS_STAGES: Final = frozenset({"origin", "permit", "objects", "patches"})
"""Stages whose refusals say that somebody may not do something. The others refuse what nobody may send."""
AUTHENTICATION_RULES: Final = frozenset(
    {"conduct.log-in", "conduct.failed-log-in", "conduct.guessing", "conduct.stuffing", "conduct.wave"}
)
REFUSED_BY_API: Final = {401: AuditKind.AUTHENTICATION, 403: AuditKind.ACCESS}
"""What the API behind the guard says itself counts as well."""


def audit_kind(event: Event) -> AuditKind | None:
    """Return why `event` belongs into the audit record, or None. It depends on the event alone: nothing is sampled."""
    if event.kind != "request":
        return BY_EVENT.get(event.kind)
    found = REFUSED_BY_API.get(event.status)
    for ruling in event.rulings:
        decision = ruling.decision
        stage = decision.stage
        if stage in AUTHENTICATION_STAGES or decision.rule in AUTHENTICATION_RULES:
            return AuditKind.AUTHENTICATION
        if stage in ACCESS_STAGES and decision.effect is Effect.DENY and ruling.is_applied:
            found = AuditKind.ACCESS
    return found
