"""Finds out of which form a log is by its first lines, and says why; and what a line that does not fit looks like."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from apiward.watch.logs.model import Entry, Flaw, Wishes
from apiward.watch.logs.registry import FORMS, LogForm
from apiward.watch.logs.templates.slots import FormError

MOST_LOOKED_AT: Final = 50
_LEAST_SHARE: Final = 0.5
_OTHER: Final = (
    ("an error log of nginx", re.compile(r"[0-9]{4}/[0-9]{2}/[0-9]{2} [0-9:]{8} \[[a-z]+\] ")),
    ("an error log of Apache", re.compile(r"\[[A-Z][a-z]{2} [A-Z][a-z]{2} [0-9]{2} [0-9:.]+ [0-9]{4}\] \[")),
    ("XML or a web page", re.compile(r"\s*<")),
    ("a list of JSON; write one object a line", re.compile(r"\s*\[\s*(?:\{|$)")),
    ("JSON", re.compile(r"\s*\{")),
    ("lines of syslog", re.compile(r"(?:<[0-9]{1,3}>)?[A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8} \S+ ")),
    (
        "lines of a shell or a program that starts with a time",
        re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]{5,15}"),
    ),
)


@dataclass(frozen=True, slots=True)
class Guess:
    """A form and why it is taken, in words; without a form, why none is."""

    form: LogForm | None
    why: str


def guess(lines: Sequence[str], wishes: Wishes) -> Guess:
    """Return the form that reads most of the lines; of those that read equally many, the one that stands first."""
    looked_at = [line for line in lines[:MOST_LOOKED_AT] if line.strip()]
    if not looked_at:
        return Guess(None, "there is no line to tell by")
    best: LogForm | None = None
    most, of = 0, 1
    for form in FORMS:
        read, tried = _read(form, looked_at, wishes)
        if read > most and read * of >= most * tried:
            best, most, of = form, read, max(tried, 1)
    if best is None or most < _LEAST_SHARE * of:
        return Guess(None, f"no known form; line 1 looks like {looks_like(looked_at[0])}")
    return Guess(best, f"{most} of the first {of} lines are of this form")


def looks_like(line: str) -> str:
    """Return what a line looks like, in words."""
    if not line.strip():
        return "an empty line"
    if not line.isprintable() and sum(not sign.isprintable() for sign in line[:200]) > 10:
        return "no text"
    for form in FORMS:
        if _read(form, [line], Wishes())[0]:
            return f'{form.title} (format = "{form.name}")'
    return next((said for said, pattern in _OTHER if pattern.match(line)), "a text of its own form")


def _read(form: LogForm, lines: Sequence[str], wishes: Wishes) -> tuple[int, int]:
    """Return how many lines a form reads, and how many of them tell of a request."""
    try:
        reader = form.reader(wishes)
    except FormError:  # it has no such field as the settings wish
        reader = form.reader(Wishes(zone_s=wishes.zone_s))
    found = [reader.read(line) for line in lines]
    read = sum(isinstance(one, Entry) for one in found)
    return read, read + sum(isinstance(one, Flaw) and not one.is_silent for one in found)
