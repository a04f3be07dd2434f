"""Records in answers: the objects that a JSON answer shows, whatever they are wrapped in, and their fields."""

from collections.abc import Iterator
from typing import Final, TypeAlias

from apiward.core.jsonvalue import Json

Record: TypeAlias = dict[str, Json]
MOST_RECORDS: Final = 200
_DEPTH: Final = 4
_MOST_FIELDS: Final = 60
_MOST_MEMBERS: Final = 20
LIST: Final = "[]"
"""Ends the name of a field that holds several values."""


def rows(value: Json) -> list[Record]:
    """Return the records of a list, in the answer itself or in the first list of records within it."""
    if isinstance(value, list):
        return [one for one in value[:MOST_RECORDS] if isinstance(one, dict)]
    level: list[Json] = [value]
    for _ in range(_DEPTH):
        below = [child for node in level if isinstance(node, dict) for child in node.values()]
        for child in below:
            found = [one for one in child[:MOST_RECORDS] if isinstance(one, dict)] if isinstance(child, list) else []
            if found:
                return found
        level = below
    return []


def single(value: Json) -> Record | None:
    """Return the one record of an answer, taken out of its wrapping; None where there is none."""
    node = value
    for _ in range(_DEPTH):
        if not isinstance(node, dict):
            return None
        children = [child for child in node.values() if isinstance(child, dict)]
        is_wrapping = len(children) == 1 and (len(node) == 1 or (len(node) <= 3 and not _has_id(node)))
        if not is_wrapping:
            return node
        node = children[0]
    return node if isinstance(node, dict) else None


def fields_of(record: Record) -> Iterator[tuple[str, Json]]:
    """Yield the scalar fields of a record by name: inner ones as `owner.id`, members of lists as `with[]`."""
    left = _MOST_FIELDS
    for name, value in record.items():
        if isinstance(value, dict):
            for inner, child in value.items():
                if not isinstance(child, dict | list):
                    left -= 1
                    yield f"{name}.{inner}", child
        elif isinstance(value, list):
            yield from _members(name, value)
            left -= 1
        else:
            left -= 1
            yield name, value
        if left <= 0:
            return


def at(record: Record, path: str) -> list[Json]:
    """Return the values of one field by its name as `fields_of` gives it."""
    name, _, inner = path.removesuffix(LIST).partition(".")
    value = record.get(name)
    if path.endswith(LIST):
        members = value[:_MOST_MEMBERS] if isinstance(value, list) else []
        if inner:
            return [member.get(inner) for member in members if isinstance(member, dict)]
        return [member for member in members if not isinstance(member, dict | list)]
    if inner:
        value = value.get(inner) if isinstance(value, dict) else None
    return [] if value is None or isinstance(value, dict | list) else [value]


def _members(name: str, value: list[Json]) -> Iterator[tuple[str, Json]]:
    for member in value[:_MOST_MEMBERS]:
        if isinstance(member, dict):
            for inner, child in member.items():
                if not isinstance(child, dict | list):
                    yield f"{name}.{inner}{LIST}", child
        elif not isinstance(member, list):
            yield f"{name}{LIST}", member


def _has_id(node: Record) -> bool:
    return any(name.lower() in ("id", "uuid", "_id") for name in node)
