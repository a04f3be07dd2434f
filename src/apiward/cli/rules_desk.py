"""What `apiward rules` does."""

import json
import time
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from apiward.app.rules.files import load_book
from apiward.app.rules.trying import Tried, given_events, stored_events, tried
from apiward.cli.exits import ExitCode
from apiward.cli.moments import moment_of, shown
from apiward.cli.speaking import say, write_out
from apiward.cli.store_places import opened, texts
from apiward.config.errors import AdvisedError
from apiward.config.names import FILE_NAME
from apiward.config.watching import load_watch
from apiward.core.detection import Detection
from apiward.prove.neutral import one_line, shortened
from apiward.watch.sigma.fields import NOT_KEPT, OWN, USUAL
from apiward.watch.sigma.model import Book, Head

SCHEMA: Final = "apiward.rules-test/1"
_MOST_SHOWN: Final = 5
_LONGEST: Final = 60


def test_rules(given: Mapping[str, object]) -> int:
    """Check rules, and hold them against events where some are named. Raises AdvisedError."""
    book = _book(given)
    now_s = time.time()
    since, until = given.get("since"), given.get("until")
    since_s = moment_of(str(since), "--since", now_s) if since else None
    until_s = moment_of(str(until), "--until", now_s) if until else None
    result: Tried | None = None
    with ExitStack() as stack:
        if given.get("events"):
            result = tried(book, given_events(Path(str(given["events"]))))
        elif given.get("is_stored"):
            result = tried(book, stored_events(stack.enter_context(opened(given)), since_s, until_s))
    if given.get("form") == "json":
        write_out(json.dumps(_document(book, result), indent=2) + "\n")
    else:
        _say(book, result)
    return ExitCode.HOLDS


def list_rules(given: Mapping[str, object]) -> int:
    """List rules. Raises AdvisedError."""
    book = _book(given)
    for head in book.heads:
        place = f"{head.file}, line {head.line}"
        write_out(f"{head.severity.word:<8}  {one_line(head.title)}  ({one_line(head.id)}; {one_line(place)})\n")
    quiet = sum(1 for rule in book.rules if not rule.is_shown)
    if quiet:
        say(f"Rules that only others ask for: {quiet}.")
    return ExitCode.HOLDS


def list_fields() -> int:
    """List the fields of events."""
    usual: dict[str, list[str]] = {}
    for name, own in USUAL.items():
        usual.setdefault(own, []).append(name)
    for name, (_, words) in OWN.items():
        also = f" (also {', '.join(usual[name])})" if name in usual else ""
        write_out(f"{name:<14}{words}{also}\n")
    for name, why in NOT_KEPT.items():
        write_out(f"{name:<14}not there: {why}\n")
    return ExitCode.HOLDS


def _book(given: Mapping[str, object]) -> Book:
    names, base = texts(given, "rules"), Path()
    if not names:
        file = Path(str(given.get("config") or FILE_NAME))
        if file.exists() or given.get("config"):
            names, base = load_watch(file).rules, file.parent
    if not names:
        advice = 'Name them, as in apiward rules test rules/*.yml, or in [watch]: rules = ["rules/*.yml"]'
        raise AdvisedError("No rules are named.", "", advice)
    return load_book(names, base)


def _say(book: Book, result: Tried | None) -> None:
    single, several = len(book.rules), len(book.correlations)
    write_out(f"The rules can be used: {single} about single events, {several} about several.\n")
    for note in book.notes:
        say(one_line(note))
    if result is None:
        say("To see what they would have told: --store, or --events FILE")
        return
    for head, told in result.told:
        _say_rule(head, told)
    write_out(f"Events that were looked at: {result.events:,}.\n")
    if result.more:
        say(f"{result.more:,} more detections are not shown.")


def _say_rule(head: Head, told: tuple[Detection, ...]) -> None:
    title = one_line(head.title)
    if not told:
        write_out(f"{head.severity.word:<8}  {title}: nothing\n")
        return
    write_out(f"{head.severity.word:<8}  {title}: {len(told)} time{'' if len(told) == 1 else 's'}\n")
    for one in sorted(told, key=lambda one: (-one.count, one.first_s))[:_MOST_SHOWN]:
        where = f", {one_line(one.where)}" if one.where else ""
        who = shortened(one_line(one.who), _LONGEST)
        events = f"{one.count:,} event{'' if one.count == 1 else 's'}"
        write_out(f"          {shown(one.first_s)}  {who}: {events}{where}\n")
    if len(told) > _MOST_SHOWN:
        write_out(f"          and {len(told) - _MOST_SHOWN} more\n")


def _document(book: Book, result: Tried | None) -> dict[str, object]:
    told = (
        dict(zip((head.id for head, _ in result.told), (found for _, found in result.told), strict=True))
        if result
        else {}
    )
    return {
        "schema": SCHEMA,
        "events": result.events if result else None,
        "notes": list(book.notes),
        "rules": [
            {
                "id": head.id,
                "title": head.title,
                "severity": head.severity.word,
                "file": head.file,
                "line": head.line,
                "told": _told(told.get(head.id, ())) if result else None,
            }
            for head in book.heads
        ],
    }


def _told(found: Iterable[Detection]) -> list[dict[str, object]]:
    return [
        {
            "who": one.who,
            "where": one.where,
            "count": one.count,
            "first_s": one.first_s,
            "last_s": one.last_s,
            "events": list(one.events),
            "facts": dict(one.facts),
        }
        for one in found
    ]
