"""What an inspection says, and what a detector looks at."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias


class AttackClass(StrEnum):
    """The classes of attack that are told apart."""

    SQL = "sql"
    MARKUP = "markup"
    SHELL = "shell"
    PATH = "path"
    TEMPLATE = "template"
    NOSQL = "nosql"
    LDAP = "ldap"
    XPATH = "xpath"
    XML = "xml"
    TARGET = "target"
    HEADER = "header"
    LOOKUP = "lookup"
    PROTOTYPE = "prototype"
    OBJECT = "object"
    CODE = "code"
    INCLUDE = "include"
    ENCODING = "encoding"


class Profile(StrEnum):
    """What kind of text a place holds; it decides how sure a detector has to be."""

    VALUE = "value"
    """A short or unknown field."""
    PROSE = "prose"
    """Long natural text: a message, a note, a review, a description."""
    SECRET = "secret"  # noqa: S105 - the name of a profile
    """A password or key: any mark in any order."""
    HEADER = "header"
    PATH = "path"
    RAW = "raw"
    """A whole body of unknown form."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One attack seen. `score` is 0 to 1; `layer` names the decodings that led there, outermost first.

    `rule` is a stable id; `why` is one short sentence that never holds the value itself.
    """

    attack: AttackClass
    rule: str
    score: float
    layer: tuple[str, ...]
    why: str


Classes: TypeAlias = frozenset[AttackClass]
NO_CLASSES: Final[Classes] = frozenset()
"""Nothing is passed over, which is the rule. What is passed over was allowed for one place by the owner."""


@dataclass(frozen=True, slots=True)
class View:
    """A text as one layer of decoding shows it; `low` is the same in lower case."""

    text: str
    low: str
    profile: Profile = Profile.VALUE
    layer: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one detector saw, before it is weighed against the profile."""

    rule: str
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class Detector:
    """One family: `look` is asked only where the lower-cased text holds one of the literal `signs`."""

    attack: AttackClass
    signs: tuple[str, ...]
    look: Callable[[View], Sighting | None]


NEEDED: Final[dict[Profile, float]] = {
    Profile.VALUE: 0.5,
    Profile.PATH: 0.5,
    Profile.HEADER: 0.7,
    Profile.PROSE: 0.7,
    Profile.RAW: 0.7,
    Profile.SECRET: 0.8,
}
"""The least score that counts as an attack in a place."""
SURE: Final = max(NEEDED.values())
"""The score that counts anywhere."""
