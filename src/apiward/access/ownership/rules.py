"""What an owner declares about objects: where their ids stand, whose they are, and what happens to foreign access."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from apiward.core.objects import ObjectMode
from apiward.core.settings import setting

__all__ = ["ObjectMode", "ObjectRule"]

_PLACE: Final = re.compile(r"(path|query|body|header)\.\S+")
_OWN: Final = re.compile(r"((?:path|query|body|header)\.\S+) (==|in) token\.(\S+)")


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

    made: str = setting("", "When a command wrote it.")
    before: str = setting("", "The mode that it had before; `apiward objects undo` brings it back.")

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
        try:
            _ = self.expires_s
        except ValueError:
            raise ValueError(f"expires: {self.expires!r} is no date; write 2027-01-31") from None

    @property
    def expires_s(self) -> float | None:
        """When it ends, in seconds since the epoch, or None. Without a zone, UTC is meant."""
        if not self.expires:
            return None
        moment = datetime.fromisoformat(self.expires)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
