"""What a look says of one part of the set-up."""

from dataclasses import dataclass
from enum import IntEnum

from apiward.catalogue.texts import load_texts

FILE = "doctor.toml"


class State(IntEnum):
    """How a part is, the worst highest. LATER: it would be better, and nothing depends on it."""

    GOOD = 0
    LATER = 1
    MISSING = 2
    BROKEN = 3

    @property
    def word(self) -> str:
        """The word that people and programs see."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen of one part, in a sentence, and the next command where there is something to do."""

    part: str
    state: State
    said: str
    command: str = ""

    @property
    def name(self) -> str:
        """What people call the part."""
        return load_texts(FILE).said(f"name.{self.part}")


def sight(part: str, how: str, state: State, **places: object) -> Sight:
    """Return a sight in the words of the catalogue: those of `part` and `how`."""
    texts, name = load_texts(FILE), f"{part}-{how}"
    command = texts.said(f"command.{name}", **places) if texts.has(f"command.{name}") else ""
    return Sight(part, state, texts.said(f"said.{name}", **places), command)
