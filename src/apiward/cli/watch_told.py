"""What a watch has come to, in words for people and as JSON for programs."""

import json
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from apiward.app.watching.reading import LogReading
from apiward.app.watching.running import Course
from apiward.catalogue.counting import counted
from apiward.catalogue.detections import load_detections
from apiward.catalogue.incidents import load_incident_words, requests_of
from apiward.cli.moments import shown
from apiward.cli.speaking import width
from apiward.core.incident import Incident
from apiward.prove.neutral import one_line, shortened

SCHEMA: Final = "apiward.watch/1"
MOST_SHOWN: Final = 20
_MOST_WORD: Final = 160


def report(course: Course) -> str:
    """Return the text of a watch that has ended."""
    told = course.watching.told
    incidents = _sorted(told.incidents.values())
    lines = [*_forms(course.logs)]
    if told.events:
        span = f"from {shown(told.first_s)} to {shown(told.last_s)} (UTC)"
        lines.append(f"{counted(told.events, 'request was', 'requests were')} read, {span}.")
    else:
        lines.append("No requests were read: there is nothing new.")
    if told.events:
        count = {0: "No incident.", 1: "1 incident:"}.get(len(incidents), f"{len(incidents)} incidents:")
        lines.append(count)
    for one in incidents[:MOST_SHOWN]:
        lines += ["", *_incident(one)]
    if len(incidents) > MOST_SHOWN:
        lines += ["", f"And {len(incidents) - MOST_SHOWN} more: --json shows all."]
    return "\n".join(lines) + "\n"


def document(course: Course) -> str:
    """Return the same as JSON."""
    told = course.watching.told
    made = {
        "schema": SCHEMA,
        "requests": told.events,
        "first_s": told.first_s,
        "last_s": told.last_s,
        "sources": [_source(log) for log in course.logs],
        "incidents": [incident_json(one) for one in _sorted(told.incidents.values())],
    }
    return json.dumps(made, indent=2) + "\n"


def change_line(incident: Incident, *, as_json: bool) -> str:
    """Return one line that tells how an incident stands."""
    if as_json:
        return json.dumps(incident_json(incident)) + "\n"
    who = load_incident_words().who_of(incident.rule, incident.who)
    count = counted(requests_of(incident.rule, incident.count), "request", "requests")
    said = f"{incident.severity.word}, {incident.state.value}: {_title(incident)}. By {who}, {count}"
    return f"{shown(incident.last_s)}  {one_line(said)}. ({incident.id})\n"


def incident_json(incident: Incident) -> dict[str, object]:
    """Return an incident as JSON."""
    return {
        "id": incident.id,
        "rule": incident.rule,
        "title": _title(incident),
        "severity": incident.severity.word,
        "state": incident.state.value,
        "who": incident.who,
        "count": incident.count,
        "first_s": incident.first_s,
        "last_s": incident.last_s,
        "where": list(incident.where),
        "facts": dict(incident.facts),
        "touched": list(incident.touched),
        "touched_count": incident.touched_count,
    }


def unread_lines(logs: Iterable[LogReading]) -> Iterator[str]:
    """Yield what to say of lines that could not be read, and of files that are damaged."""
    for log in logs:
        if log.unread:
            lines = "1 line" if log.unread == 1 else f"{log.unread:,} lines"
            yield f"{one_line(log.name)}: {lines} of {log.lines:,} could not be read."
        for flaw in log.flaws:
            found = shortened(one_line(flaw.found), 60)
            yield f"  line {flaw.number:,}: expected {flaw.expected}, found {found!a}; it looks like {flaw.looks}."
        if log.damage:
            yield f"{one_line(log.damage)}. What could be read of it was."


def _forms(logs: Sequence[LogReading]) -> Iterator[str]:
    for log in logs:
        if log.form is not None and log.why:
            yield f"{one_line(log.name)}: {log.form.title} ({log.why})."


def _source(log: LogReading) -> dict[str, object]:
    flaws = [
        {"line": one.number, "expected": one.expected, "found": one.found, "looks": one.looks} for one in log.flaws
    ]
    form = log.form.name if log.form is not None else ""
    return {
        "name": log.name,
        "form": form,
        "lines": log.lines,
        "unread": log.unread,
        "flaws": flaws,
        "damage": log.damage,
    }


def _incident(incident: Incident) -> Iterator[str]:
    words = load_incident_words()
    entry = load_detections().get(incident.rule)
    yield f"{incident.severity.word}  {one_line(_title(incident))}  ({incident.id})"
    who = shortened(one_line(words.who_of(incident.rule, incident.who)), _MOST_WORD)
    span = f"{shown(incident.first_s)} to {shown(incident.last_s)}"
    yield from _wrapped(
        "Who", f"{who}, {counted(requests_of(incident.rule, incident.count), 'request', 'requests')}, {span}."
    )
    if entry is None:
        return
    saw = entry.told({name: shortened(one_line(value), _MOST_WORD) for name, value in incident.facts})
    yield from _wrapped("What we saw", saw)
    yield from _wrapped("What it means", entry.meaning)
    yield from _wrapped("What to do", entry.todo)


def _wrapped(label: str, text: str) -> list[str]:
    return textwrap.wrap(
        f"{label}: {text}", width(), initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False
    )


def _title(incident: Incident) -> str:
    entry = load_detections().get(incident.rule)
    return entry.title if entry is not None else dict(incident.facts).get("title", incident.rule)  # the owner's own


def _sorted(incidents: Iterable[Incident]) -> list[Incident]:
    return sorted(incidents, key=lambda one: (-one.severity, one.first_s, one.id))
