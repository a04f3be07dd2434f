"""Objects in place of a text, which a document database takes for a condition (CWE-943), in JSON and in addresses."""

import random
import re
from dataclasses import dataclass, replace
from typing import Final

from apiward.core.jsonvalue import Json
from apiward.scan.calling.arguments import BODY, Arguments, Slot
from apiward.scan.proofs.openings import Opening
from apiward.scan.proofs.survey import word


@dataclass(frozen=True, slots=True)
class Condition:
    """An operator with its value."""

    operator: str
    value: Json

    def put_into(self, opening: Opening) -> Arguments:
        """Return the arguments of the opening with the condition in place of its value."""
        return put(opening.arguments, opening.slot, self)


@dataclass(frozen=True, slots=True)
class Pair:
    """`same` finds what the value finds, `other` what no value has. Neither finds more: fit for what writes, too."""

    same: Condition
    other: Condition


def pairs(value: str, missing: str) -> tuple[Pair, ...]:
    """Return the narrow pairs for a value, the most usual operators first."""
    return (
        Pair(Condition("$eq", value), Condition("$eq", missing)),
        Pair(Condition("$regex", f"^{re.escape(value)}$"), Condition("$regex", f"^{re.escape(missing)}$")),
    )


def not_this(missing: str) -> Condition:
    """Return a condition that everything meets but what nobody has. For what only reads."""
    return Condition("$ne", missing)


ALL: Final = Condition("$gt", "")
NONE: Final = Condition("$lt", "")


def nonsense(rng: random.Random, value: Json) -> Condition:
    """Return a condition with an operator that no database knows."""
    return Condition(f"${word(rng)}", value)


def put(arguments: Arguments, slot: Slot, condition: Condition) -> Arguments:
    """Return the arguments with a condition in a slot: an object in a body, brackets behind a name in an address."""
    if slot.place == BODY:
        return arguments.put(slot, {condition.operator: condition.value})
    kept = {name: value for name, value in arguments.query.items() if name != slot.name}
    return replace(arguments, query={**kept, f"{slot.name}[{condition.operator}]": condition.value})
