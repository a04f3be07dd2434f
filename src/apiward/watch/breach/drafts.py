"""Fills drafts of letters from the record: every number is one that was counted, and what is not known stays open."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from apiward.catalogue.letters import Letter, Letters

OPEN: Final = "[to be filled in: {what}]"
"""Stands where something is not known yet, so that nobody sends it unseen."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter as it stands. `open` says what is missing, in the order of the letter."""

    subject: str
    body: str
    open: tuple[str, ...]

    @property
    def text(self) -> str:
        """The letter, with what is missing below it."""
        missing = "".join(f"  - {one}\n" for one in self.open)
        below = f"\n--\nNot known yet (take these lines out before you send it):\n{missing}" if missing else ""
        return f"Subject: {self.subject}\n\n{self.body}\n{below}"


def drafted(letter: Letter, letters: Letters, known: Mapping[str, str]) -> Draft:
    """Return the draft of `letter` with what is known. What is empty is not known."""
    missing: dict[str, None] = {}

    def filled(text: str) -> str:
        values = _Values(letters.places, known, missing)
        return text.format_map(values)

    subject = filled(letter.subject)
    body = "\n\n".join(filled(text) for text in letter.paragraphs)
    return Draft(subject, body, tuple(missing))


class _Values(dict[str, str]):
    """Gives the value of a place, or the mark that it is open, and remembers which were."""

    def __init__(self, places: Mapping[str, str], known: Mapping[str, str], missing: dict[str, None]) -> None:
        super().__init__()
        self._places = places
        self._known = known
        self._missing = missing

    def __missing__(self, name: str) -> str:
        value = self._known.get(name, "").strip()
        if value:
            return value.rstrip(".")
        what = self._places[name]
        self._missing[what] = None
        return OPEN.format(what=what)
