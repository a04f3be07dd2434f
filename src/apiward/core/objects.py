"""Whose object a request reaches for, and what becomes of reaching for other people's."""

from dataclasses import dataclass
from enum import StrEnum


class ObjectMode(StrEnum):
    """What becomes of access to other people's objects: only learn, say what would be refused, or refuse."""

    OBSERVE = "observe"
    SHADOW = "shadow"
    ENFORCE = "enforce"


class Whose(StrEnum):
    """Whose an object is, seen from who calls. UNKNOWN is never refused."""

    OWN = "own"
    MATE = "mate"
    UNKNOWN = "unknown"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class ObjectVerdict:
    """Of one object that a request reaches for.

    `kind` is the kind of object, `place` where its id or its owner stood, `owner` a mark that stands for
    whose it is (never a name), `mode` what becomes of foreign access to objects of this kind.
    """

    kind: str
    whose: Whose
    mode: ObjectMode
    place: str = ""
    owner: str = ""
    count: int = 0
    """More than 0 where the matter is that so many different objects were asked for."""


@dataclass(frozen=True, slots=True)
class KnownObject:
    """An object of which somebody knows for sure whose it is, as the scanner knows it of what its accounts have made.

    `collection` is the path under which it stands (`/notes`, `/orders/{}/lines`), `id` what follows there; where it is
    below another object, the id of that comes first (`7/1`). `owners` are the names of its owner: log-in, id, address.
    """

    collection: str
    id: str
    owners: tuple[str, ...]
