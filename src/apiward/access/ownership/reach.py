"""What a request reaches for, found once and used in all its phases."""

from dataclasses import dataclass, field
from typing import Final

from apiward.access.ownership.book import OperationModel
from apiward.access.ownership.declared import Declared
from apiward.access.ownership.memory import Thing
from apiward.access.ownership.model import SlotModel
from apiward.access.ownership.people import Person
from apiward.core.jsonvalue import NOT_JSON, Json, NotJson
from apiward.core.objects import ObjectVerdict, Whose

NOTE: Final = "objects"


@dataclass(slots=True)
class Grip:
    """One id of a request: where it stands, of which kind it is, and whose the object is."""

    slot: SlotModel
    place: str
    name: str
    thing: Thing | None = None
    whose: Whose = Whose.UNKNOWN
    is_let_in: bool = False
    """Whether a link or a share opens it: what it says of people is then no sign of what its fields mean."""


@dataclass(slots=True)
class Reach:
    """One request: who calls, the rules that speak of it, the ids in it, and what was said already."""

    person: Person
    declared: tuple[Declared, ...]
    arguments: tuple[str, ...]
    operation: OperationModel | None = None
    grips: list[Grip] = field(default_factory=list)
    is_told: bool = False
    held: ObjectVerdict | None = None
    """What will be said of a read where the API answers well."""
    value: Json | NotJson = NOT_JSON
    digest: int = 0
    """Tells one answer from another."""
    is_steered: bool = False
    """Whether the answer is a list of a stranger's things, whom the request has named."""
    is_read_again: bool = False
    """Whether the same answer to the same caller was looked at before."""
