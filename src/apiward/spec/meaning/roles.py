"""For whom operations are: normal callers, staff, or the roles that the API's own description lists."""

import re
from itertools import pairwise
from typing import Final

from apiward.core.api import Api, Operation
from apiward.spec.meaning import naming
from apiward.spec.meaning.spoken import prose, spoken

FEW: Final = 8
"""So many operations of staff are no whole API."""
_ADMIN: Final = re.compile(
    r"(^|-)(admin|admins|administrator|administrators|administration|superuser|staffonly|backoffice|back-office|"
    r"moderator|moderation|sysadmin|superadmin|super-admin|owner-only|admin[a-z]*panel)(-|$)"
)
_STAFF_SEGMENTS: Final = frozenset("manage management internal root operator manager sysop backend ops".split())
_STAFF_AREAS: Final = frozenset("staff managers moderators operators employees supervisor".split())
_NOT_DENIED: Final = r"(?<!no )(?<!non-)(?<!without )(?<!not )"
_ADMINS: Final = r"(admins?|administrators?|staff|managers?|moderators?|superusers?)"
_NORMAL_ROLES: Final = frozenset(
    "user users client customer member guest visitor buyer patient student subscriber basic normal standard default "
    "public anonymous none free individual consumer reader viewer".split()
)
_ADMIN_WORDS: Final = re.compile(
    rf"\bonly (for )?(the )?(an? )?({_ADMINS}|owners? of the business)\b|\b{_ADMINS}( users?)?[- ]only\b|"
    rf"\b(requires?|needs?|must (be|have)|restricted to|limited to|reserved for|available to|accessible (to|by)|"
    rf"allowed (to|for)) (the )?(an? )?{_ADMINS}\b|"
    rf"\bas an? (admin|administrator|staff|manager|superuser)\b|"
    rf"{_NOT_DENIED}\b(admin|administrator|staff|manager|superuser) (access|role|rights|permissions?|privileges?|"
    rf"endpoint|operation|function)\b|{_NOT_DENIED}\bfor (admins|administrators|staff|managers|moderators)\b|\[admin\]"
)
_STAFF_TAGS: Final = frozenset(
    ("admin", "admins", "administration", "administrator", "staff", "back office", "backoffice")
)


def is_meant_for_staff(operation: Operation) -> bool:
    """Whether the description says, in path, tags or words, that normal callers have no business here."""
    return is_staff_path(operation.path) or says_staff_only(operation)


def is_staff_path(path: str) -> bool:
    """Whether a path, described or not, reads as one for those who run the business."""
    return bool(_ADMIN.search(spoken(path))) or _is_in_staff_area(path)


def paths_tell(api: Api) -> bool:
    """Whether paths tell staff's operations from others: not where most of the API stands below such a path.

    What a product calls the admin API is often all that its users have.
    """
    staff = sum(is_staff_path(operation.path) for operation in api.operations)
    return staff <= max(FEW, len(api.operations) // 2)


def says_staff_only(operation: Operation) -> bool:
    """Whether the description says so in words, not only by the path."""
    has_tag = any(tag.strip().lower() in _STAFF_TAGS for tag in operation.tags)
    return has_tag or bool(_ADMIN_WORDS.search(prose(operation)))


def staff_roles(api: Api) -> frozenset[str]:
    """Return the roles that the description's `role` fields list besides those of normal people."""
    found = set()
    for operation in api.operations:
        for schema in (*operation.answer_schemas(), *(body.schema for body in operation.bodies)):
            for pointer, child in schema.fields():
                if pointer and {"role", "roles"} & set(naming.words(str(pointer[-1]))):
                    found |= {value.lower() for value in child.enum if isinstance(value, str)}
    return frozenset(role for role in found - _NORMAL_ROLES if role.isidentifier())


def is_for_staff(operation: Operation, special: frozenset[str], *, by_path: bool = True) -> bool:
    """Whether the operation is kept for staff: by its words, a `special` role, or `by_path` (see `paths_tell`)."""
    return (by_path and is_staff_path(operation.path)) or says_role_only(operation, special)


def says_role_only(operation: Operation, special: frozenset[str]) -> bool:
    """Whether the words of the description keep the operation for staff or for one of the `special` roles."""
    if says_staff_only(operation):
        return True
    text = prose(operation)
    return any(re.search(rf"\(({role})s? only\)|\bonly (for )?(the )?({role})s\b", text) for role in special)


def _is_in_staff_area(path: str) -> bool:
    """Whether the path leads through a part that is for those who run the business (`/staff/orders`, not `/staff`)."""
    parts = [part.lower() for part in naming.segments(path)]
    leads_on = any(one in _STAFF_AREAS and not naming.is_template(after) for one, after in pairwise(parts))
    return leads_on or bool(_STAFF_SEGMENTS & set(parts))
