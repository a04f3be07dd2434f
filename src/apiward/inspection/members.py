"""Names of members and parameters that are attacks by themselves: query operators, prototypes, types to build."""

import re
from typing import Final

from apiward.core.jsonvalue import Json
from apiward.inspection.attacks.nosql import OPERATORS
from apiward.inspection.model import AttackClass, Hit

_BRACKETED: Final = re.compile(r"\[(\$[a-z]+)\]", re.IGNORECASE)
_TYPE_NAMES: Final = frozenset({"@type", "@class", "$type", "!type", "__type"})
_TYPE: Final = re.compile(
    r"^(?:com\.sun|org\.apache|org\.springframework|javax?\.|sun\.|org\.hibernate|com\.mchange|ch\.qos|net\.sf)[\w.$]+"
    r"|^System\.[\w.]+|^[\w.]+, ?[A-Z][\w.]*(?:,|$)"
)


def inspect_member(name: str, value: Json) -> Hit | None:
    """Return the attack that a member's name, together with its value, is; the value's own text is not judged."""
    first = name[:1]
    if first == "$" and name.lower() in OPERATORS and not (name == "$type" and isinstance(value, str)):
        return Hit(
            AttackClass.NOSQL, "nosql.member", 0.8, (), "a member is named like a query operator of a document database"
        )
    if "[$" in name and any(found.lower() in OPERATORS for found in _BRACKETED.findall(name)):
        return Hit(
            AttackClass.NOSQL,
            "nosql.parameter",
            0.85,
            (),
            "a parameter carries a query operator of a document database",
        )
    if "proto" in name and _is_prototype(name, value):
        return Hit(AttackClass.PROTOTYPE, "prototype.member", 0.9, (), "a member leads to what all objects share")
    if name == "constructor" and isinstance(value, dict) and "prototype" in value:
        return Hit(AttackClass.PROTOTYPE, "prototype.member", 0.9, (), "a member leads to what all objects share")
    if name in _TYPE_NAMES and isinstance(value, str) and _TYPE.match(value):
        return Hit(AttackClass.OBJECT, "object.member", 0.85, (), "a member names a type for the reader to build")
    return None


def _is_prototype(name: str, value: Json) -> bool:
    steps = re.split(r"[.\[\]]+", name)
    return "__proto__" in steps or ("constructor" in steps and "prototype" in steps and value is not None)
