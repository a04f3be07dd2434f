"""What every source of lines gives, and how far it was read."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Final, NamedTuple, Protocol

import orjson

_LONGEST: Final = 70_000


@dataclass(frozen=True, slots=True)
class Position:
    """How far a source was read: `line` lines up to `offset`, and `skip` more after it.

    `head` is a hash of the file's first line, by which a file is known again whatever it is called by now. `heading`
    is what the form of the log must know of earlier lines. `cursor` is the place in the journal.
    """

    head: str = ""
    inode: int = 0
    offset: int = 0
    line: int = 0
    skip: int = 0
    heading: str = ""
    form: str = ""
    cursor: str = ""

    def text(self) -> str:
        """Return it as a text that `position_of` reads."""
        return orjson.dumps(asdict(self)).decode()

    def after(self, lines: int) -> "Position":
        """Return the position that many lines further on."""
        return replace(self, skip=self.skip + lines)


BEGINNING: Final = Position()


def position_of(text: str) -> Position:
    """Return what `Position.text` wrote; the beginning where it cannot be read."""
    try:
        found = orjson.loads(text) if 0 < len(text) <= _LONGEST else None
        if not isinstance(found, dict):
            return Position()
        kinds = {name: type(value) for name, value in asdict(Position()).items()}
        return Position(**{name: value for name, value in found.items() if type(value) is kinds.get(name)})
    except ValueError:
        return Position()


class Chunk(NamedTuple):
    """Some lines of a source. `number` is that of the first one; `name` is that of the file, the same however often.

    `start` is the position before the chunk, `end` the one after it. `ids` name the lines where numbers cannot.
    """

    lines: Sequence[str]
    name: str
    number: int
    start: Position
    end: Position
    ids: Sequence[str] = ()


class Source(Protocol):
    """A source of lines. Raises AdvisedError where it cannot be read at all."""

    name: str
    size: int
    """Bytes in all, as far as they are known; 0 where nobody knows."""
    damage: str
    """Why a part could not be read, empty where all could."""

    @property
    def done_bytes(self) -> int:
        """Return how many of them were read."""
        ...

    def read(self) -> Chunk | None:
        """Return the next lines, or None where there are none now."""
        ...

    @property
    def is_over(self) -> bool:
        """Return whether there will never be more."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...
