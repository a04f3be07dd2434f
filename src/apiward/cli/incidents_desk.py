"""What `apiward incidents` does: lists, shows, holds off, lets in, notes and closes."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from apiward.app.guarding.telling import who
from apiward.app.incidents.desk import Held, IncidentDesk, record_of
from apiward.app.incidents.hitting import others_of
from apiward.app.incidents.words import clock, digest_line, shown_lines, title_of
from apiward.catalogue.incidents import load_incident_words
from apiward.cli.block_desk import shut_desk
from apiward.cli.exits import ExitCode
from apiward.cli.moments import span_of
from apiward.cli.speaking import say, write_out
from apiward.cli.store_places import opened, usable
from apiward.config.errors import AdvisedError
from apiward.core.incident import Incident
from apiward.prove.neutral import one_line
from apiward.watch.notices import worst_first

SCHEMA: Final = "apiward.incidents/1"


def list_incidents(given: Mapping[str, object]) -> int:
    """List incidents, the worst first. Raises AdvisedError."""
    with _desk(given) as desk:
        found = worst_first(desk.listed(is_all=bool(given.get("is_all"))))
    if given.get("is_json"):
        _write_json([_entry(one) for one in found])
        return ExitCode.HOLDS
    words = load_incident_words()
    for one in found:
        write_out(one_line(digest_line(one, words)) + "\n")
    if found:
        say(f"Look at the first one: apiward incidents show {found[0].id}")
    else:
        say("Nothing is open." if not given.get("is_all") else "There are no incidents.")
    return ExitCode.HOLDS


def show_incident(given: Mapping[str, object]) -> int:
    """Show one incident. Raises AdvisedError."""
    with _desk(given) as desk:
        found = desk.look(str(given["incident"]))
    if given.get("is_json"):
        _write_json([_entry(found)])
        return ExitCode.HOLDS
    write_out("".join(f"{line}\n" for line in _shown(found)))
    return ExitCode.HOLDS


def contain_incident(given: Mapping[str, object]) -> int:
    """Hold off; return 3 where it is not held off. Raises AdvisedError."""
    for_s = span_of(str(given["for_"]), "--for")
    with _desk(given) as desk:
        reason = one_line(str(given.get("reason") or "")) or f"Incident {given['incident']}"
        held = desk.contain(
            str(given["incident"]),
            for_s=for_s,
            reason=reason,
            with_operations=bool(given.get("with_operations")),
            with_networks=bool(given.get("with_networks")),
            is_sure=bool(given.get("is_sure")),
        )
    if held.ended_log_ins:
        say(f"Log-ins that were ended: {held.ended_log_ins}.")
    return _told(held, f"{_named(held)} held off until {clock(held.until_s)} UTC", undo=True)


def undo_incident(given: Mapping[str, object]) -> int:
    """Let in again; return 3 where the guard does not say so. Raises AdvisedError."""
    with _desk(given) as desk:
        held = desk.undo(str(given["incident"]))
    return _told(held, f"{_named(held)} let in again", undo=False)


def note_incident(given: Mapping[str, object]) -> int:
    """Add a note. Raises AdvisedError."""
    text = one_line(str(given["text"])).strip()
    if not text:
        raise AdvisedError("A note needs words.", "", "")
    with _desk(given) as desk:
        found = desk.note(str(given["incident"]), text[:500])
    say(f"Noted in {found.id}.")
    return ExitCode.HOLDS


def close_incident(given: Mapping[str, object]) -> int:
    """Close. Raises AdvisedError."""
    with _desk(given) as desk:
        found = desk.close(str(given["incident"]), one_line(str(given.get("reason") or ""))[:500])
        held = desk.held(found)
    say(f"{found.id} is closed. It opens again by itself where it comes back.")
    if held:
        words = load_incident_words()
        named = one_line(", ".join(words.who(one.key) for one in held[:5]))
        say(f"Still held off for it, until {clock(max(one.until_s for one in held))} UTC: {named}.")
        say(f"To let in again: apiward incidents undo {found.id}")
    return ExitCode.HOLDS


@contextmanager
def _desk(given: Mapping[str, object]) -> Iterator[IncidentDesk]:
    with opened(given) as store, usable():
        others = others_of(store.engine)
        yield IncidentDesk(record_of(store.engine), shut_desk(given), store.folder, by=who(), others=others)


def _told(held: Held, what: str, *, undo: bool) -> int:
    if held.why_not:
        say(f"This is not so yet: {what}. {held.why_not}")
    else:
        say(f"{what}. The guard was asked, and says so.")
    if undo:
        say(f"To undo it: apiward incidents undo {held.incident.id}")
    return ExitCode.NOT_ENOUGH if held.why_not else ExitCode.HOLDS


def _named(held: Held) -> str:
    words = load_incident_words()
    named = [words.who(key) for key in held.keys[:5]]
    text = one_line(", ".join(named)) + (f" and {len(held.keys) - 5} more" if len(held.keys) > 5 else "")
    return text[:1].upper() + text[1:] + (" are" if len(held.keys) > 1 else " is")


def _shown(one: Incident) -> Iterator[str]:
    yield f"{one.id}  {one.severity.word.capitalize()}, {one.state.value}: {one_line(title_of(one.rule, one.facts))}"
    for line in shown_lines(one):
        yield f"  {one_line(line)}"
    yield "  Timeline (UTC):"
    for moment in one.timeline:
        by = f" ({one_line(moment.by)})" if moment.by else ""
        yield f"    {clock(moment.at_s)}  {one_line(moment.said)}{by}"


def _write_json(entries: list[dict[str, object]]) -> None:
    write_out(json.dumps({"schema": SCHEMA, "incidents": entries}, indent=2) + "\n")


def _entry(one: Incident) -> dict[str, object]:
    return {
        "id": one.id,
        "rule": one.rule,
        "title": title_of(one.rule, one.facts),
        "who": one.who,
        "severity": one.severity.word,
        "state": one.state.value,
        "first_s": one.first_s,
        "last_s": one.last_s,
        "count": one.count,
        "where": list(one.where),
        "events": list(one.events),
        "facts": dict(one.facts),
        "touched": list(one.touched),
        "touched_count": one.touched_count,
        "unknown": list(one.unknown),
        "is_drill": one.is_drill,
        "timeline": [
            {"at_s": moment.at_s, "kind": moment.kind.value, "said": moment.said, "by": moment.by}
            for moment in one.timeline
        ],
    }
