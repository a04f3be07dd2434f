"""One record as one line, in the form that a receiver reads."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Final

import orjson

from apiward import __version__
from apiward.catalogue.detections import load_detections
from apiward.catalogue.loading import load_catalogue
from apiward.core.detection import Detection
from apiward.core.incident import Incident
from apiward.core.kept_finding import FindingMoment, KeptFinding
from apiward.core.outgoing import LineForm
from apiward.stores.events.lines import encode_line, moment
from apiward.stores.events.reading import StoredEvent
from apiward.stores.events.rows import row_of
from apiward.stores.watching.changes import Change
from apiward.watch.formats.cef import cef
from apiward.watch.formats.cef_findings import cef_detection, cef_finding, cef_incident
from apiward.watch.formats.ocsf import ocsf
from apiward.watch.formats.ocsf_findings import ocsf_detection, ocsf_finding, ocsf_incident
from apiward.watch.formats.words import Words

SCHEMA: Final = "apiward.record/1"


def rule_words(rule: str) -> Words:
    """Return what the catalogue says of a rule of watch; of one of the owner's own, its name."""
    entry = load_detections().get(rule)
    if entry is None:
        return Words(rule)
    return Words(entry.title, entry.meaning, entry.todo, attack=entry.attack)


class Lines:
    """Writes records in one form; `words` gives what the catalogue says of a rule of watch."""

    def __init__(self, form: LineForm, words: Callable[[str], Words] = rule_words) -> None:
        self._form = form
        self._words = words

    def event(self, stored: StoredEvent) -> str:
        """Return an event."""
        if self._form is LineForm.OCSF:
            return _json(ocsf(stored.event, version=__version__, sequence=stored.seq))
        if self._form is LineForm.CEF:
            return cef(stored.event, version=__version__)
        return encode_line(row_of(stored.event)).decode().removesuffix("\n")

    def finding(self, change: Change[tuple[KeptFinding, FindingMoment]]) -> str:
        """Return what a scan said of a finding."""
        finding, said = change.value
        words = check_words(finding.check)
        if self._form is LineForm.OCSF:
            at_s, number = said.at_s, change.number
            return _json(ocsf_finding(finding, said.kind, words=words, version=__version__, at_s=at_s, sequence=number))
        if self._form is LineForm.CEF:
            return cef_finding(finding, said.kind, words=words, version=__version__, at_s=said.at_s)
        body = {**dataclasses.asdict(finding), "turn": said.kind.value, "scan": said.scan}
        return _own("finding", said.at_s, words.title, {name: body[name] for name in body if name != "history"})

    def detection(self, change: Change[tuple[str, Detection]]) -> str:
        """Return a detection."""
        incident, seen = change.value
        words = self._words(seen.rule)
        if self._form is LineForm.OCSF:
            first, number = change.is_first, change.number
            return _json(
                ocsf_detection(seen, incident, words=words, version=__version__, is_first=first, sequence=number)
            )
        if self._form is LineForm.CEF:
            return cef_detection(seen, incident, words=words, version=__version__)
        return _own("detection", seen.last_s, words.title, {"incident": incident, **dataclasses.asdict(seen)})

    def incident(self, change: Change[Incident]) -> str:
        """Return how an incident stands."""
        incident = change.value
        words = self._words(incident.rule)
        if self._form is LineForm.OCSF:
            first, number = change.is_first, change.number
            return _json(ocsf_incident(incident, words=words, version=__version__, is_first=first, sequence=number))
        if self._form is LineForm.CEF:
            return cef_incident(incident, words=words, version=__version__)
        return _own("incident", incident.last_s, words.title, dataclasses.asdict(incident))


def check_words(check: str) -> Words:
    """Return what the catalogue says of a check; of one that it does not know (any more), its code."""
    entry = load_catalogue().checks.get(check)
    if entry is None:
        return Words(check)
    return Words(entry.title, entry.meaning, entry.fix, f"CWE-{entry.cwe[0]}" if entry.cwe else "")


def _own(kind: str, at_s: float, title: str, body: Mapping[str, object]) -> str:
    shown = {**body, "severity": getattr(body["severity"], "word", body["severity"])}
    return _json({"schema": SCHEMA, "kind": kind, "time": moment(at_s), "title": title, **shown})


def _json(value: object) -> str:
    return orjson.dumps(value).decode()
