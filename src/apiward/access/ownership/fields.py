"""The field of an answer that names the owner, found in the record itself, whatever it is wrapped in."""

import re
from collections.abc import Iterator
from typing import Final

from apiward.access.ownership.places import values_at
from apiward.access.ownership.texts import text_of
from apiward.core.jsonvalue import Json

MOST_NODES: Final = 2_000
_STEPS: Final = re.compile(r"[^\[\].]+")
_SEVERAL: Final = 50


def steps_of(field: str) -> tuple[str, ...]:
    """Return the steps of a field as it is written: `owner.email`, `data[].owner`."""
    return tuple(_STEPS.findall(field.lower()))


def owners_in(value: Json, steps: tuple[str, ...]) -> list[str]:
    """Return who is named at `steps` in the records of an answer, each once. Bounded.

    A record is what has the field; what lies within a record is not looked into any more.
    """
    found: dict[str, None] = {}
    for record in _records(value, steps[0]):
        names = [text_of(one) for one in values_at(record, steps)]
        found.update((name, None) for name in names if name)
        if len(found) > _SEVERAL:
            break
    return list(found)


def _records(value: Json, first: str) -> Iterator[Json]:
    waiting: list[Json] = [value]
    seen = 0
    while waiting and seen < MOST_NODES:
        node = waiting.pop()
        seen += 1
        if isinstance(node, dict):
            if first in node or any(name.lower() == first for name in node):
                yield node
            else:
                waiting += [child for child in node.values() if child.__class__ in (dict, list)]
        elif isinstance(node, list):
            waiting += [child for child in reversed(node) if child.__class__ in (dict, list)]
