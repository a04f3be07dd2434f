"""Findings, detections and incidents in the Common Event Format (version 0): one line each."""

from typing import Final

from apiward.core.detection import Detection
from apiward.core.finding import Severity
from apiward.core.incident import Incident
from apiward.core.kept_finding import FindingTurn, KeptFinding
from apiward.watch.formats.cef import cef_line, cef_source
from apiward.watch.formats.words import Words

_SEVERITY: Final = {
    Severity.NOTE: 1,
    Severity.LOW: 3,
    Severity.MEDIUM: 5,
    Severity.HIGH: 8,
    Severity.CRITICAL: 10,
}


def cef_finding(finding: KeptFinding, turn: FindingTurn, *, words: Words, version: str, at_s: float) -> str:
    """Return what a scan at `at_s` said of a finding; `version` is that of apiward."""
    fields = [
        ("rt", _ms(at_s)),
        ("externalId", finding.id),
        ("dhost", finding.target),
        ("act", turn.value),
        ("cs1Label", "operation"),
        ("cs1", finding.operation),
        ("cs2Label", "place"),
        ("cs2", finding.place or "none"),
        ("msg", finding.saw),
    ]
    return cef_line("scan", version, finding.check, words.title, _SEVERITY[finding.severity], fields)


def cef_detection(seen: Detection, incident: str, *, words: Words, version: str) -> str:
    """Return a detection that belongs to `incident`."""
    fields = [
        ("rt", _ms(seen.last_s)),
        ("externalId", incident),
        *_who(seen.who),
        *_span(seen),
        ("cs1Label", "operation"),
    ]
    fields += [("cs1", seen.where or "none"), *_drill(is_drill=seen.is_drill)]
    return cef_line("watch", version, seen.rule, words.title, _SEVERITY[seen.severity], fields)


def cef_incident(incident: Incident, *, words: Words, version: str) -> str:
    """Return how an incident stands."""
    last = incident.timeline[-1].said if incident.timeline else ""
    fields = [("rt", _ms(incident.last_s)), ("externalId", incident.id), *_who(incident.who), *_span(incident)]
    fields += [("act", incident.state.value), ("cs1Label", "operations"), ("cs1", ", ".join(incident.where) or "none")]
    fields += [("cn2Label", "touched"), ("cn2", str(incident.touched_count)), ("msg", last)]
    fields += _drill(is_drill=incident.is_drill)
    return cef_line("incident", version, incident.rule, words.title, _SEVERITY[incident.severity], fields)


def _who(who: str) -> list[tuple[str, str]]:
    kind, _, name = who.partition(":")
    return cef_source(name) if kind == "address" else [("suser", who)]


def _span(one: Detection | Incident) -> list[tuple[str, str]]:
    return [("start", _ms(one.first_s)), ("end", _ms(one.last_s)), ("cnt", str(one.count))]


def _drill(*, is_drill: bool) -> list[tuple[str, str]]:
    return [("cs3Label", "drill"), ("cs3", "yes")] if is_drill else []


def _ms(seconds: float) -> str:
    return str(round(seconds * 1000))
