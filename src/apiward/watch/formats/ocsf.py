"""Events in the form of the Open Cybersecurity Schema Framework, version 1.5.0: one JSON object each.

A described request becomes API Activity (6003), any other request HTTP Activity (4002), a log-in or a credential that
was judged Authentication (3002). What is no request is a base event (0). Fields that OCSF has no place for are in
`unmapped`.
"""

import ipaddress
from collections.abc import Mapping
from typing import Final

from apiward.core.decision import Effect, Ruling
from apiward.core.event import Event
from apiward.core.jsonvalue import Json
from apiward.core.lanes import AuditKind, audit_kind
from apiward.core.marks import AGENT, ASN, COUNTRY, SESSION

VERSION: Final = "1.5.0"
BASE: Final = 0
AUTHENTICATION: Final = 3002
HTTP_ACTIVITY: Final = 4002
API_ACTIVITY: Final = 6003

_API: Final[Mapping[str, int]] = {"POST": 1, "GET": 2, "HEAD": 2, "OPTIONS": 2, "PUT": 3, "PATCH": 3, "DELETE": 4}
# The methods that OCSF 1.5.0 knows. Another one, PATCH too, goes to `unmapped`.
_HTTP: Final[Mapping[str, int]] = {
    "CONNECT": 1,
    "DELETE": 2,
    "GET": 3,
    "HEAD": 4,
    "OPTIONS": 5,
    "POST": 6,
    "PUT": 7,
    "TRACE": 8,
}
_LOG_IN: Final = 1
_OTHER: Final = 99
_SUCCESS: Final = 1
_FAILURE: Final = 2
_INFORMATIONAL: Final = 1
_LOW: Final = 2
_MEDIUM: Final = 3
_LONGEST_ASN: Final = 10
_LATEST_MS: Final = 253_402_300_799_000
_GRAVE: Final = frozenset({"inspect", "permit", "objects", "patches"})
"""Stages whose refusals are worth a look."""


def ocsf(event: Event, *, version: str, sequence: int | None = None) -> dict[str, Json]:
    """Return `event`; `version` is that of apiward, `sequence` its place in the order of storing."""
    if event.kind != "request":
        return _based(event, version, sequence)
    if audit_kind(event) is AuditKind.AUTHENTICATION and event.status != 403:
        return _authentication(event, version, sequence)
    if event.operation:
        return _api_activity(event, version, sequence)
    return _http_activity(event, version, sequence)


def _api_activity(event: Event, version: str, sequence: int | None) -> dict[str, Json]:
    operation: dict[str, Json] = {"operation": event.operation, "request": {"uid": event.id}}
    operation["response"] = {"code": event.status}
    return {
        **_common(event, API_ACTIVITY, _API.get(event.method, _OTHER), version, sequence),
        "api": operation,
        "actor": _actor(event),
        **_exchange(event),
    }


def _http_activity(event: Event, version: str, sequence: int | None) -> dict[str, Json]:
    common = _common(event, HTTP_ACTIVITY, _HTTP.get(event.method, _OTHER), version, sequence)
    return {**common, **_exchange(event), "unmapped": {**_unmapped(event), "user": _user(event)}}


def _authentication(event: Event, version: str, sequence: int | None) -> dict[str, Json]:
    common = _common(event, AUTHENTICATION, _LOG_IN, version, sequence)
    is_failed = any(_fails(ruling) for ruling in event.rulings) or event.status >= 400
    return {
        **common,
        "status_id": _FAILURE if is_failed else _SUCCESS,
        "user": _user(event),
        "service": {"name": event.operation or "API"},
        "is_remote": True,
        **_exchange(event),
    }


def _based(event: Event, version: str, sequence: int | None) -> dict[str, Json]:
    common = _common(event, BASE, _OTHER, version, sequence)
    unmapped: dict[str, Json] = {"kind": event.kind}
    if event.principal:
        unmapped["user"] = _user(event)
    if event.marks:
        unmapped["marks"] = dict(event.marks)
    return {**common, "message": event.said, "activity_name": event.kind, "unmapped": unmapped}


def _common(event: Event, class_uid: int, activity_id: int, version: str, sequence: int | None) -> dict[str, Json]:
    metadata: dict[str, Json] = {
        "version": VERSION,
        "uid": event.id,
        "product": {"name": "apiward", "vendor_name": "apiward", "version": version},
    }
    if sequence is not None:
        metadata["sequence"] = sequence
    return {
        "class_uid": class_uid,
        "category_uid": class_uid // 1000,
        "activity_id": activity_id,
        "type_uid": class_uid * 100 + activity_id,
        "time": _ms(event.at_s),
        "severity_id": _severity(event),
        "metadata": metadata,
        "status_id": _SUCCESS if event.outcome == "passed" and event.status < 400 else _FAILURE,
    }


def _exchange(event: Event) -> dict[str, Json]:
    """Return who asked for what, and what was answered."""
    request: dict[str, Json] = {"uid": event.id, "length": max(event.request_size, 0)}
    if event.method in _HTTP:
        request["http_method"] = event.method
    if event.path:
        request["url"] = {"path": event.path}
    agent = _mark(event, AGENT)
    if agent:
        request["user_agent"] = agent
    return {
        "status_code": str(event.status),
        "duration": _ms(event.elapsed_s),
        "src_endpoint": {**_endpoint(event.client), **_whereabouts(event)},
        "http_request": request,
        "http_response": {"code": event.status, "length": max(event.answer_size, 0)},
        "unmapped": _unmapped(event),
    }


def _unmapped(event: Event) -> dict[str, Json]:
    shown: dict[str, Json] = {"outcome": event.outcome, "rulings": [_ruling(ruling) for ruling in event.rulings]}
    if event.marks:
        shown["marks"] = dict(event.marks)
    return shown if event.method in _HTTP else {**shown, "method": event.method}


def _ruling(ruling: Ruling) -> dict[str, Json]:
    decision = ruling.decision
    shown: dict[str, Json] = {"rule": decision.rule, "effect": decision.effect.value, "applied": ruling.is_applied}
    shown |= {name: text for name, text in (("place", decision.place), ("saw", decision.saw)) if text}
    return shown


def _user(event: Event) -> dict[str, Json]:
    kind, _, name = event.principal.partition(":")
    if not name:
        return {"name": "anonymous"} if kind in {"", "anonymous"} else {"name": kind}
    return {"uid": event.principal}


def _actor(event: Event) -> dict[str, Json]:
    session = _mark(event, SESSION)
    return {"user": _user(event), "session": {"uid": session}} if session else {"user": _user(event)}


def _whereabouts(event: Event) -> dict[str, Json]:
    """Return what is known of the network and the country that a request came from."""
    if not event.marks:
        return {}
    known: dict[str, Json] = {}
    asn, country = _mark(event, ASN), _mark(event, COUNTRY)
    if asn.isdecimal() and len(asn) <= _LONGEST_ASN:
        known["autonomous_system"] = {"number": int(asn)}
    if country:
        known["location"] = {"country": country}
    return known


def _mark(event: Event, name: str) -> str:
    return next((value for one, value in event.marks if one == name), "")


def _endpoint(client: str) -> dict[str, Json]:
    try:
        return {"ip": str(ipaddress.ip_address(client))}
    except ValueError:
        return {"name": client or "unknown"}


def _severity(event: Event) -> int:
    refused = [ruling for ruling in event.rulings if ruling.decision.effect is Effect.DENY]
    if any(ruling.decision.stage in _GRAVE for ruling in refused):
        return _MEDIUM
    return _LOW if refused or event.outcome == "failed" else _INFORMATIONAL


def _fails(ruling: Ruling) -> bool:
    decision = ruling.decision
    return decision.rule == "conduct.failed-log-in" or (decision.effect is Effect.DENY and ruling.is_applied)


def _ms(seconds: float) -> int:
    return min(max(round(seconds * 1000), 0), _LATEST_MS)
