"""How a caller is told that a request is refused: a problem document (RFC 9457), never a page."""

import json
from typing import Final

from apiward.catalogue.rules import Rule
from apiward.core.call import Answer
from apiward.core.decision import Decision

MEDIA_TYPE: Final = b"application/problem+json"
_HEADERS: Final = (
    (b"content-type", MEDIA_TYPE),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
)
_ASKED_LENGTH: Final = 120


def problem(rule: Rule, decision: Decision, incident: str) -> Answer:
    """Return the refusal of one request. It holds no more than the caller sent or may know."""
    place = decision.place[:_ASKED_LENGTH]
    document: dict[str, object] = {
        "type": f"urn:apiward:{rule.id}",
        "title": rule.title,
        "status": rule.status,
        "detail": rule.detail.replace("{place}", place or "the request"),
    }
    if place:
        document["field"] = place
    document["incident"] = incident
    headers = [*_HEADERS, *decision.headers]
    if decision.retry_after_s is not None:
        headers.append((b"retry-after", str(max(decision.retry_after_s, 1)).encode()))
    return Answer(rule.status, headers, json.dumps(document).encode())
