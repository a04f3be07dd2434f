"""One log being read: its lines become events. Of a form that nobody named, the first lines tell."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol, cast

from apiward.app.watching.sources.model import BEGINNING, Chunk, Position, Source
from apiward.config.errors import AdvisedError
from apiward.core.event import Event
from apiward.watch.logs.guessing import MOST_LOOKED_AT, guess, looks_like
from apiward.watch.logs.making import EventMaker, Meaning
from apiward.watch.logs.model import Entry, Flaw, LogReader, Wishes
from apiward.watch.logs.registry import LogForm, form_named
from apiward.watch.logs.templates.slots import FormError

MOST_FLAWS: Final = 3
"""Lines that could not be read of which it is told why."""
TOGETHER: Final = 200
"""Lines of which events are made at once. A processor has what it has just made near at hand, and not a megabyte."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A line that could not be read: its number from 1, what was expected, what stands there, what it looks like."""

    number: int
    expected: str
    found: str
    looks: str


class Reading(Protocol):
    """Events of one source, a few at a time: `events` from `at` on are still to be taken."""

    name: str
    is_own: bool
    events: Sequence[Event]
    at: int
    size: int
    unread: int

    def fill(self) -> bool:
        """Read further where all was taken; return whether there is something to take."""
        ...

    @property
    def position(self) -> str:
        """Return from where to go on."""
        ...

    @property
    def done_bytes(self) -> int:
        """Return how many bytes were read."""
        ...

    @property
    def is_over(self) -> bool:
        """Return whether there will never be more."""
        ...

    def close(self) -> None:
        """Let go of the source."""
        ...


class LogReading:
    """A source of lines and what reads them. Raises AdvisedError where the form is not the one that was named."""

    def __init__(
        self, source: Source, form: LogForm | None, wishes: Wishes, meaning: Meaning, position: Position = BEGINNING
    ) -> None:
        self.name = source.name
        self.is_own = False
        self.size = source.size
        self.form = form
        self.why = ""
        self.unread = 0
        self.lines = 0
        self.flaws: list[Unread] = []
        self.events: Sequence[Event] = ()
        self.at = 0
        self._source = source
        self._wishes = wishes
        self._maker = EventMaker(meaning)
        self._reader: LogReader | None = None
        self._heading = position.heading
        self._chunk = Chunk((), "", 0, position, position)
        self._done = self._before = 0
        """Lines of the chunk that were read, and how many of them before the events that are to be taken now."""
        self._numbers: Sequence[int] = ()
        if form is None and position.form:
            self.form = form_named(position.form)

    def fill(self) -> bool:
        """Read further where all was taken; return whether there is something to take."""
        while self.at >= len(self.events):
            if self._done >= len(self._chunk.lines):
                chunk = self._source.read()
                if chunk is None:
                    return False
                self._chunk, self._done = chunk, 0
            self._take()
        return True

    @property
    def position(self) -> str:
        """Return from where to go on: after the last event that was taken."""
        if self.at < len(self.events):
            found = self._chunk.start.after(self._numbers[self.at - 1] + 1 if self.at else self._before)
        else:
            is_whole = self._done >= len(self._chunk.lines)
            found = self._chunk.end if is_whole else self._chunk.start.after(self._done)
        heading = self._reader.heading if self._reader is not None else self._heading
        return replace(found, heading=heading, form=self.form.name if self.form is not None else "").text()

    @property
    def done_bytes(self) -> int:
        """Return how many bytes were read."""
        return self._source.done_bytes

    @property
    def damage(self) -> str:
        """Return why a part could not be read, empty where all could."""
        return self._source.damage

    @property
    def is_over(self) -> bool:
        """Return whether there will never be more."""
        return self._source.is_over and self.at >= len(self.events) and self._done >= len(self._chunk.lines)

    def close(self) -> None:
        """Let go of the source."""
        self._source.close()

    def _take(self) -> None:
        """Make events of the next lines of the chunk: so few that all of them are still near when they are seen."""
        chunk, start = self._chunk, self._done
        reader = self._reader or self._begin(chunk.lines)
        lines = chunk.lines[start : start + TOGETHER]
        entries = list(map(reader.read, lines))
        numbers: Sequence[int] = range(start, start + len(lines))
        if {*map(type, entries)} != {Entry}:
            numbers = self._sorted_out(entries, lines, start)
            entries = [entry for entry in entries if isinstance(entry, Entry)]
        name, first = chunk.name, chunk.number
        ids = [chunk.ids[at] for at in numbers] if chunk.ids else [f"{name}{first + at:x}" for at in numbers]
        self.events, self._numbers, self.at = [*map(self._maker.event, cast("list[Entry]", entries), ids)], numbers, 0
        self._before, self._done = start, start + len(lines)
        self.lines += len(lines)

    def _sorted_out(self, entries: Sequence[Entry | Flaw], lines: Sequence[str], start: int) -> list[int]:
        """Return where there are entries, and note the lines that could not be read."""
        numbers = []
        for at, (entry, line) in enumerate(zip(entries, lines, strict=True), start):
            if isinstance(entry, Entry):
                numbers.append(at)
            elif not entry.is_silent:
                self._note(entry, line, self._chunk.number + at + 1)
        return numbers

    def _begin(self, lines: Sequence[str]) -> LogReader:
        if self.form is None:
            found = guess(lines, self._wishes)
            if found.form is None:
                advice = "Say which form it is, with --format or with format in [[watch.sources]]."
                raise AdvisedError(f"{self.name} cannot be read as a log.", f"{_sentence(found.why)}", advice)
            self.form, self.why = found.form, found.why
        try:
            reader = self._reader = self.form.reader(self._wishes)
        except FormError as error:
            raise AdvisedError(f"{self.name} cannot be read as {self.form.title}.", _sentence(str(error))) from None
        if self._heading:
            reader.read(self._heading)
        self._check(lines)
        return reader

    def _check(self, lines: Sequence[str]) -> None:
        """Stop where most of the first lines are of another form: to read on would only hide that."""
        form = self.form
        if form is None:
            return
        reader = form.reader(self._wishes)
        if self._heading:
            reader.read(self._heading)
        looked_at = [(number, line, reader.read(line)) for number, line in enumerate(lines[:MOST_LOOKED_AT], 1)]
        bad = [(number, line, one) for number, line, one in looked_at if isinstance(one, Flaw) and not one.is_silent]
        good = sum(isinstance(one, Entry) for _, _, one in looked_at)
        if len(bad) <= good:
            return
        number, line, flaw = bad[0]
        why = f"Line {number}: expected {flaw.expected}, found {flaw.found!a}. It looks like {looks_like(line)}."
        raise AdvisedError(
            f"{self.name} is not of the form {form.title}.", why, "Leave the form out to have it found out."
        )

    def _note(self, flaw: Flaw, line: str, number: int) -> None:
        self.unread += 1
        if len(self.flaws) < MOST_FLAWS:
            self.flaws.append(Unread(number, flaw.expected, flaw.found, looks_like(line)))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
