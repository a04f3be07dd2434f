"""What an owner can set about objects: `[guard.objects]`, with its rules and shares."""

import re
from dataclasses import dataclass
from typing import Final

from apiward.access.ownership.rules import ObjectRule
from apiward.core.objects import ObjectMode
from apiward.core.settings import setting

_SIGN: Final = re.compile("#[0-9a-f]{6}")


@dataclass(frozen=True, slots=True)
class ShareRule:
    """Two who may reach each other's objects, or one object. `apiward objects share` writes it."""

    between: tuple[str, ...] = setting((), "The two callers, as events name them ('user:anna', or '#3fa2b1').")
    kind: str = setting("", "The kind of object; empty for all.")
    object: str = setting("", "The id of the one object that is shared; empty for all.")
    reason: str = setting("", "Why it is there.")
    made: str = setting("", "When it was made.")
    expires: str = setting("", "When it ends, such as 2027-01-31; empty for never.")

    def __post_init__(self) -> None:
        if len(self.between) != 2 or not all(self.between) or self.between[0] == self.between[1]:
            raise ValueError("between: a share needs two callers, such as ['user:anna', 'user:ben']")
        if any(name.startswith("#") and not _SIGN.fullmatch(name) for name in self.between):
            raise ValueError("between: a sign of a caller has six digits or letters, such as #3fa2b1")
        if self.object and not self.kind:
            raise ValueError("kind: one shared object needs its kind beside it")


@dataclass(frozen=True, slots=True)
class ObjectsSettings:
    """How much is remembered of objects, and from when on other people's are refused."""

    learn: bool = setting(default=True, help_text="Learn from requests and answers whose objects are whose.")
    mode: ObjectMode = setting(  # noqa: RUF009 - an enum member cannot change
        ObjectMode.SHADOW, "What becomes of foreign access to kinds that were only learned: observe or shadow."
    )
    clean_days: int = setting(7, "Days without a would-be refusal, after which a kind is ready.", least=1, most=365)
    warm_up_days: int = setting(3, "Days of learning before anything is said of a kind.", least=0, most=90)
    most_objects: int = setting(
        200_000, "Objects that are remembered; 1,000,000 take 64 MB on disk.", least=1_000, most=10_000_000
    )
    staff_roles: tuple[str, ...] = setting((), "Roles of staff, who may reach everybody's objects.")
    staff: tuple[str, ...] = setting((), "Single callers of staff, as events name them ('user:anna').")
    tenant_claims: tuple[str, ...] = setting(
        ("tenant", "tenant_id", "tid", "org", "org_id", "organization", "company_id", "team_id", "workspace_id"),
        "Claims of a token that name the company or team of the caller: its members are colleagues.",
    )
    rules: tuple[ObjectRule, ...] = setting((), "Kinds of objects that you declare.")
    shares: tuple[ShareRule, ...] = setting((), "Callers who may reach each other's objects.")

    def __post_init__(self) -> None:
        if self.mode is ObjectMode.ENFORCE:
            raise ValueError('mode: what was only learned is never refused at once; use "apiward objects enforce KIND"')
        check_kinds(self.rules, "rules")


def check_kinds(rules: tuple[ObjectRule, ...], where: str) -> None:
    """Raise ValueError where two rules are of one kind."""
    names = [rule.id for rule in rules]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ValueError(f"{where}: there are two rules of the kind {twice!r}; write one with all operations")
