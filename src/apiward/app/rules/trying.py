"""What owners' rules would have told of events that are there."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO

import orjson

from apiward.app.recording.opening import Store, told
from apiward.app.rules.files import RuleError
from apiward.core.detection import Detection
from apiward.core.event import Event
from apiward.stores.events.reading import MOST, EventReader
from apiward.stores.events.rows import COLUMNS, event_of
from apiward.watch.sigma.model import Book, Head
from apiward.watch.sigma.rules import SigmaRules

MAX_LINE: Final = 1_000_000
MAX_TOLD: Final = 10_000
"""Attacks that are told of at most; more are counted."""
_JSON: Final = frozenset({"rulings", "marks"})


@dataclass(frozen=True, slots=True)
class Tried:
    """How many events were looked at, and what each rule would have told: the last word of each attack."""

    events: int
    told: tuple[tuple[Head, tuple[Detection, ...]], ...]
    more: int = 0


def tried(book: Book, events: Iterable[Event]) -> Tried:
    """Return what the rules would have told. Events come in the order of time."""
    rules = SigmaRules(book)
    found: dict[str, dict[tuple[str, float], Detection]] = {head.code: {} for head in book.heads}
    count = size = more = 0
    last_s = 0.0

    def take(seen: Iterable[Detection]) -> None:
        nonlocal size, more
        for one in seen:
            kept = found[one.rule]
            if (one.who, one.first_s) not in kept:
                if size >= MAX_TOLD:
                    more += 1
                    continue
                size += 1
            kept[one.who, one.first_s] = one

    for event in events:
        take(rules.see(event))
        count += 1
        last_s = max(last_s, event.at_s)
    take(rules.passed(last_s + 400 * 86_400))
    return Tried(count, tuple((head, tuple(found[head.code].values())) for head in book.heads), more)


def stored_events(store: Store, since_s: float | None, until_s: float | None) -> Iterator[Event]:
    """Yield what is stored, in the order of storing. Raises AdvisedError."""
    with told("be read"):
        reader, after = EventReader(store.engine), 0
        while page := reader.events(since=since_s, until=until_s, after=after, limit=MOST):
            yield from (one.event for one in page)
            after = page[-1].seq


def given_events(path: Path) -> Iterator[Event]:
    """Yield the events of a file that `apiward events export` has written. Raises RuleError with the line."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            yield from _lines(file, path)
    except OSError as error:
        raise RuleError(f"{path} cannot be read.", f"{error.strerror}.", "Check the name after --events.") from None


def _lines(file: TextIO, path: Path) -> Iterator[Event]:
    number = 0
    while line := file.readline(MAX_LINE + 1):
        number += 1
        if not line.strip():
            continue
        try:
            yield _event(line)
        except (KeyError, TypeError, ValueError, AttributeError):
            why = "A line must be an event as JSON, with id, at_s, method, path, status and the rest."
            advice = "Make such a file with: apiward events export -o events.jsonl"
            raise RuleError(f"{path}, line {number}: this is no event.", why, advice) from None


def _event(line: str) -> Event:
    row = orjson.loads(line)
    row.setdefault("marks", {})  # events from before marks were kept
    return event_of([orjson.dumps(row[name]).decode() if name in _JSON else row[name] for name in COLUMNS])
