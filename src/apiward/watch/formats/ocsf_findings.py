"""Findings, detections and incidents in the form of the Open Cybersecurity Schema Framework, version 1.5.0.

A finding of a scan becomes a Vulnerability Finding (2002), a detection a Detection Finding (2004), an incident an
Incident Finding (2005). Each change of one is an object of its own with the same `finding_info.uid`.
"""

import ipaddress
from collections.abc import Mapping, Sequence
from typing import Final

from apiward.core.detection import Detection
from apiward.core.finding import Severity
from apiward.core.incident import Incident, IncidentState
from apiward.core.jsonvalue import Json
from apiward.core.kept_finding import FindingState, FindingTurn, KeptFinding
from apiward.core.verdict import Confidence
from apiward.watch.formats.ocsf import VERSION
from apiward.watch.formats.words import Words

VULNERABILITY_FINDING: Final = 2002
DETECTION_FINDING: Final = 2004
INCIDENT_FINDING: Final = 2005
_CREATE: Final = 1
_UPDATE: Final = 2
_CLOSE: Final = 3
_RULE: Final = 1
_OTHER: Final = 99
_NEW: Final = 1
_IN_PROGRESS: Final = 2
_RESOLVED: Final = 4
_CLOSED: Final = 5
_STATES: Final[Mapping[IncidentState, int]] = {
    IncidentState.OPEN: _NEW,
    IncidentState.CONTAINED: _IN_PROGRESS,
    IncidentState.REOPENED: _IN_PROGRESS,
    IncidentState.CLOSED: _CLOSED,
}
_CONFIDENCE: Final[Mapping[Confidence, int]] = {Confidence.PROVED: 3, Confidence.LIKELY: 2}
_LATEST_MS: Final = 253_402_300_799_000


def ocsf_finding(
    finding: KeptFinding, turn: FindingTurn, *, words: Words, version: str, at_s: float, sequence: int | None = None
) -> dict[str, Json]:
    """Return what a scan at `at_s` said of a finding; `version` is that of apiward."""
    is_gone = turn is FindingTurn.FIXED
    activity = _CLOSE if is_gone else _CREATE if turn is FindingTurn.NEW else _UPDATE
    uid = f"{finding.target} {finding.id}"
    weakness: dict[str, Json] = {"title": words.title, "desc": finding.saw, "severity": finding.severity.word}
    weakness |= {"first_seen_time": _ms(finding.first_s), "last_seen_time": _ms(finding.last_s)}
    if words.cwe:
        weakness["cwe"] = {"uid": words.cwe, "src_url": f"https://cwe.mitre.org/data/definitions/{words.cwe[4:]}.html"}
    else:
        weakness["cwe"] = {"uid": "CWE-NVD-noinfo"}
    if words.remedy:
        weakness["remediation"] = {"desc": words.remedy}
    info = _info(uid, words, finding.check, finding.first_s, finding.last_s)
    state = _RESOLVED if finding.state is FindingState.FIXED or is_gone else _NEW
    place: dict[str, Json] = {"check": finding.check, "operation": finding.operation, "place": finding.place}
    return {
        **_common(VULNERABILITY_FINDING, activity, finding.severity, at_s, version, uid, sequence),
        "status_id": state,
        "confidence_id": _CONFIDENCE[finding.confidence],
        "message": finding.saw,
        "finding_info": info,
        "vulnerabilities": [weakness],
        "resources": [{"name": finding.operation or finding.target, "type": "API operation", "uid": finding.target}],
        "count": max(finding.times, 1),
        "unmapped": {**place, "turn": turn.value},
    }


def ocsf_detection(
    seen: Detection, incident: str, *, words: Words, version: str, is_first: bool = True, sequence: int | None = None
) -> dict[str, Json]:
    """Return a detection that belongs to `incident`; `is_first` says that it was not told before."""
    uid = f"{incident} {seen.rule} {seen.who} {seen.where} {_ms(seen.first_s)}"
    shown: dict[str, Json] = {
        "incident": incident,
        "who": seen.who,
        "touched": list(seen.touched),
        "events": list(seen.events),
        "facts": dict(seen.facts),
        "drill": seen.is_drill,
    }
    return {
        **_common(
            DETECTION_FINDING, _CREATE if is_first else _UPDATE, seen.severity, seen.last_s, version, uid, sequence
        ),
        **_span(seen.first_s, seen.last_s, seen.count),
        "status_id": _NEW if is_first else _IN_PROGRESS,
        "is_alert": not seen.is_drill,
        "message": words.title,
        "finding_info": _info(uid, words, seen.rule, seen.first_s, seen.last_s),
        "evidences": [_evidence(seen)],
        "unmapped": shown,
    }


def ocsf_incident(
    incident: Incident, *, words: Words, version: str, is_first: bool = True, sequence: int | None = None
) -> dict[str, Json]:
    """Return how an incident stands; `is_first` says that it was not told before."""
    is_closed = incident.state is IncidentState.CLOSED
    activity = _CLOSE if is_closed else _CREATE if is_first else _UPDATE
    changed_s = max([incident.last_s, *(moment.at_s for moment in incident.timeline[-1:])])
    shown: dict[str, Json] = {
        "who": incident.who,
        "where": list(incident.where),
        "touched": list(incident.touched),
        "touched_count": incident.touched_count,
        "unknown": list(incident.unknown),
        "facts": dict(incident.facts),
        "drill": incident.is_drill,
        "timeline": [[_ms(one.at_s), one.kind.value, one.said, one.by] for one in incident.timeline],
    }
    info = _info(incident.id, words, incident.rule, incident.first_s, incident.last_s)
    return {
        **_common(INCIDENT_FINDING, activity, incident.severity, changed_s, version, incident.id, sequence),
        **_span(incident.first_s, incident.last_s, incident.count),
        "status_id": _STATES[incident.state],
        "assignee_group": {"name": "owner"},
        "message": words.title,
        "desc": words.meaning or words.title,
        "finding_info_list": [info],
        "attacks": _attacks(words.attack),
        "unmapped": shown,
    }


def _common(
    class_uid: int, activity: int, severity: Severity, at_s: float, version: str, uid: str, sequence: int | None
) -> dict[str, Json]:
    metadata: dict[str, Json] = {
        "version": VERSION,
        "uid": uid if sequence is None else f"{uid} #{sequence}",
        "product": {"name": "apiward", "vendor_name": "apiward", "version": version},
    }
    if class_uid == INCIDENT_FINDING:
        metadata["profiles"] = ["incident"]
    if sequence is not None:
        metadata["sequence"] = sequence
    return {
        "class_uid": class_uid,
        "category_uid": class_uid // 1000,
        "activity_id": activity,
        "type_uid": class_uid * 100 + activity,
        "time": _ms(at_s),
        "severity_id": int(severity) + 1,
        "metadata": metadata,
    }


def _info(uid: str, words: Words, rule: str, first_s: float, last_s: float) -> dict[str, Json]:
    info: dict[str, Json] = {
        "uid": uid,
        "title": words.title,
        "types": [rule],
        "analytic": {"type_id": _RULE, "uid": rule, "name": words.title},
        "first_seen_time": _ms(first_s),
        "last_seen_time": _ms(last_s),
    }
    if words.meaning:
        info["desc"] = words.meaning
    if words.attack:
        info["attacks"] = _attacks(words.attack)
    return info


def _attacks(techniques: Sequence[str]) -> list[Json]:
    return [{"technique": {"uid": one}} for one in techniques]


def _span(first_s: float, last_s: float, count: int) -> dict[str, Json]:
    return {"start_time": _ms(first_s), "end_time": _ms(last_s), "count": max(count, 1)}


def _evidence(seen: Detection) -> dict[str, Json]:
    """Return who did it, and to what."""
    kind, _, name = seen.who.partition(":")
    evidence: dict[str, Json] = {"data": {"rule": seen.rule, "events": list(seen.events)}}
    if kind == "address":
        try:
            evidence["src_endpoint"] = {"ip": str(ipaddress.ip_address(name))}
        except ValueError:
            evidence["src_endpoint"] = {"name": name or "unknown"}
    elif name:
        evidence["actor"] = {"user": {"uid": seen.who}}
    if seen.where:
        evidence["api"] = {"operation": seen.where}
    return evidence


def _ms(seconds: float) -> int:
    return min(max(round(seconds * 1000), 0), _LATEST_MS)
