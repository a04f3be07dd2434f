"""The kinds of objects that the API keeps, and one object. The kinds differ in whatever a guard may rely on.

Ids of several kinds are small whole numbers, so note 17, order 17, contact 17 and user 17 are four objects.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from apiward.core.jsonvalue import Json
from apiward.demo.traffic.people import Tenant, User


class Reach(StrEnum):
    """Who may reach an object beside its owner and those who were named or given a link."""

    PRIVATE = "private"
    TENANT = "tenant"
    PUBLIC = "public"


class IdForm(StrEnum):
    """What ids look like. REUSED numbers are given again after an object is gone; LOCAL ones count within a parent."""

    NUMBER = "number"
    REUSED = "reused"
    LOCAL = "local"
    UUID = "uuid"
    SLUG = "slug"
    ENCODED = "encoded"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class ThingType:
    """One kind of object. `before` is how many there are for each person on the first day."""

    name: str
    reach: Reach
    form: IdForm
    before: float


TYPES: Final = {
    one.name: one
    for one in (
        ThingType("note", Reach.PRIVATE, IdForm.NUMBER, 8),
        ThingType("order", Reach.TENANT, IdForm.NUMBER, 5),
        ThingType("invoice", Reach.TENANT, IdForm.ENCODED, 3),
        ThingType("document", Reach.TENANT, IdForm.UUID, 6),
        ThingType("project", Reach.TENANT, IdForm.SLUG, 0.6),
        ThingType("task", Reach.TENANT, IdForm.LOCAL, 4),
        ThingType("contact", Reach.TENANT, IdForm.REUSED, 8),
        ThingType("booking", Reach.PRIVATE, IdForm.CODE, 3),
        ThingType("thread", Reach.PRIVATE, IdForm.NUMBER, 2),
        ThingType("person", Reach.TENANT, IdForm.NUMBER, 0),
        ThingType("guest-order", Reach.PRIVATE, IdForm.CODE, 0),
        ThingType("article", Reach.PUBLIC, IdForm.SLUG, 0),
        ThingType("product", Reach.PUBLIC, IdForm.NUMBER, 0),
    )
}
PERSONAL: Final = tuple(one.name for one in TYPES.values() if one.before)
"""The kinds to which not everybody has a right."""


@dataclass(slots=True, eq=False)
class Thing:
    """One object. `key` is its id as JSON writes it, `id` as it stands in a path.

    `owner` is None where a machine or a guest made it. `named` are the people with whom it was shared, `links` the
    tokens that open it for everybody. `is_used` says whether its owner, a
    colleague, or who was named was shown it since the first day.
    """

    type: ThingType
    id: str
    key: Json
    owner: User | None
    tenant: Tenant | None
    title: str
    fields: dict[str, Json] = field(default_factory=dict)
    parent: "Thing | None" = None
    is_private: bool = False
    named: list[User] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    intruders: list[User] = field(default_factory=list)
    """Who was named by somebody who had no right to: the answers of the weak twin name them, and no right follows."""
    children: list["Thing"] = field(default_factory=list)
    is_gone: bool = False
    is_used: bool = False
    last_number: int = 0

    @property
    def full_id(self) -> str:
        """The id with the parent's, where it is good only within it."""
        return f"{self.parent.id}/{self.id}" if self.parent is not None else self.id

    @property
    def owner_actor(self) -> str:
        """How the truth names the owner."""
        return self.owner.actor if self.owner is not None else ""
