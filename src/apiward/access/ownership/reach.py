"""What a request reaches for, found once and used in all its phases."""

from dataclasses import dataclass, field
from typing import Final

from apiward.access.ownership.declared import Declared
from apiward.access.ownership.people import Person
from apiward.core.jsonvalue import NOT_JSON, Json, NotJson

NOTE: Final = "objects"


@dataclass(slots=True)
class Reach:
    """One request: the rules that speak of it, its path arguments, who calls, and what was said already."""

    person: Person
    declared: tuple[Declared, ...]
    arguments: tuple[str, ...]
    is_told: bool = False
    value: Json | NotJson = NOT_JSON
    things: list[tuple[str, int]] = field(default_factory=list)
    """The kinds and marks of the objects that the request names."""
