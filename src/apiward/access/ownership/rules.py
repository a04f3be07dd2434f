"""What an owner declares about objects: where their ids stand, whose they are, and what happens to foreign access."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from apiward.core.settings import setting

_PLACE: Final = re.compile(r"(path|query|body|header)\.\S+")
_OWN: Final = re.compile(r"((?:path|query|body|header)\.\S+) (==|in) token\.(\S+)")


class ObjectMode(StrEnum):
    """What becomes of access to other people's objects: only learn, say what would be refused, or refuse."""

    OBSERVE = "observe"
    SHADOW = "shadow"
    ENFORCE = "enforce"


@dataclass(frozen=True, slots=True)
class ObjectRule:
    """One kind of object. What is declared here beats what was learned."""

    id: str = setting("", 'The kind of object, such as "note".')
    operations: tuple[str, ...] = setting((), "Where its objects are reached, as in 'GET /notes/{id}' or '/notes/**'.")
    place: str = setting("", "Where the id stands: path.id, query.id, body.note.id. Empty: the last path parameter.")
    own: str = setting("", 'When an object is the caller\'s own, such as "path.id == token.sub" or "… in token.notes".')
    owner_field: str = setting("", "The field of the answer that names the owner, such as customer_id or owner.email.")
    claim: str = setting("", "The claim of the caller that it must equal; empty: the id, or any claim that names them.")
    tenant_field: str = setting("", "The field of the answer that names the tenant.")
    tenant_claim: str = setting("", "The claim of the caller that names their tenant.")
    roles: tuple[str, ...] = setting((), "Roles of staff, who may reach all of these objects.")
    principals: tuple[str, ...] = setting((), "Single callers of staff, as events name them ('user:anna').")
    public: bool = setting(default=False, help_text="Whether everybody may read these objects.")
    mode: ObjectMode = setting(ObjectMode.SHADOW, "What becomes of foreign access: observe, shadow or enforce.")  # noqa: RUF009 - a field, as all are
    finding: str = setting("", "The finding that it answers.")
    owner: str = setting("", "Who answers for it.")
    reason: str = setting("", "Why it is there.")
    expires: str = setting("", "When it ends, such as 2027-01-31; empty for never.")

    def __post_init__(self) -> None:
        if not self.id:
            raise ValueError("id: a kind of object needs a name")
        if not self.operations:
            raise ValueError(f"operations: say where objects of the kind {self.id!r} are reached")
        if self.place and not _PLACE.fullmatch(self.place):
            raise ValueError(f"place: {self.place!r} is no place; write path.id, query.id or body.note.id")
        if self.own and not _OWN.fullmatch(self.own):
            raise ValueError(f'own: {self.own!r} cannot be read; write "path.id == token.sub"')
        if bool(self.tenant_field) != bool(self.tenant_claim):
            raise ValueError("tenant_field: tenant_field and tenant_claim belong together")
