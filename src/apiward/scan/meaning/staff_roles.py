"""The API's own words for people with special rights, learned from the roles that its description lists."""

import re
from typing import Final

from apiward.core.api import Api, Operation
from apiward.scan.meaning import naming, roles

_NORMAL: Final = frozenset(
    "user users client customer member guest visitor buyer patient student subscriber basic normal standard default "
    "public anonymous none free individual consumer reader viewer".split()
)


def staff_roles(api: Api) -> frozenset[str]:
    """Return the roles that the description's `role` fields list besides those of normal people."""
    found = set()
    for operation in api.operations:
        for schema in (*operation.answer_schemas(), *(body.schema for body in operation.bodies)):
            for pointer, child in schema.fields():
                if pointer and {"role", "roles"} & set(naming.words(str(pointer[-1]))):
                    found |= {value.lower() for value in child.enum if isinstance(value, str)}
    return frozenset(role for role in found - _NORMAL if role.isidentifier())


def is_for_staff(operation: Operation, special: frozenset[str]) -> bool:
    """Whether the operation is kept for staff: by its path or words, or by one of the API's `special` roles."""
    return roles.is_meant_for_staff(operation) or says_role_only(operation, special)


def says_role_only(operation: Operation, special: frozenset[str]) -> bool:
    """Whether the words of the description keep the operation for staff or for one of the `special` roles."""
    if roles.says_staff_only(operation):
        return True
    text = roles.prose(operation)
    return any(re.search(rf"\(({role})s? only\)|\bonly (for )?(the )?({role})s\b", text) for role in special)
