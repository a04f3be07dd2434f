"""JSON as Python values, and a reader that a hostile answer cannot hurt."""

import json
from collections.abc import Iterator
from enum import Enum
from typing import Final, TypeAlias

Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None
Pointer: TypeAlias = tuple[str | int, ...]

MAX_WALK_NODES: Final = 20_000
MAX_WALK_DEPTH: Final = 40


class NotJson(Enum):
    """Said instead of a value where a text is no JSON; unlike None, it cannot be one."""

    NOT_JSON = "not-json"


NOT_JSON: Final = NotJson.NOT_JSON


def parse_json(text: bytes | str) -> Json | NotJson:
    """Return the JSON value of `text`, or NOT_JSON. Never raises (RFC 8259, errors included)."""
    try:
        value: Json = json.loads(text)
    except (ValueError, RecursionError):
        return NOT_JSON
    return value


def walk(value: Json, *, depth: int = MAX_WALK_DEPTH) -> Iterator[tuple[Pointer, Json]]:
    """Yield every node of `value` with its pointer, parents first; bounded in nodes and depth."""
    yield (), value
    waiting = [_children((), value)]
    seen = 1
    while waiting and seen < MAX_WALK_NODES:
        pair = next(waiting[-1], None)
        if pair is None:
            waiting.pop()
            continue
        seen += 1
        yield pair
        if len(pair[0]) < depth:
            waiting.append(_children(*pair))


def leaves(value: Json) -> Iterator[tuple[Pointer, bool | int | float | str | None]]:
    """Yield every scalar of `value` with its pointer, bounded as `walk` is."""
    for pointer, node in walk(value):
        if not isinstance(node, dict | list):
            yield pointer, node


def at(value: Json, pointer: Pointer) -> Json | NotJson:
    """Return the node of `value` at `pointer`, or NOT_JSON where there is none."""
    node: Json = value
    for step in pointer:
        child = _child(node, step)
        if isinstance(child, NotJson):
            return NOT_JSON
        node = child
    return node


def replaced(value: Json, pointer: Pointer, new: Json) -> Json:
    """Return a copy of `value` with `new` at `pointer`; missing objects on the way are made."""
    if not pointer:
        return new
    step, rest = pointer[0], pointer[1:]
    if isinstance(step, int):
        items = list(value) if isinstance(value, list) else []
        while len(items) <= step:
            items.append(None)
        items[step] = replaced(items[step], rest, new)
        return items
    members = dict(value) if isinstance(value, dict) else {}
    members[step] = replaced(members.get(step), rest, new)
    return members


def dotted(pointer: Pointer) -> str:
    """Return `pointer` as people write it: `items[0].price`."""
    text = ""
    for step in pointer:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.removeprefix(".")


def _child(node: Json, step: str | int) -> Json | NotJson:
    if isinstance(node, dict) and isinstance(step, str):
        return node.get(step, NOT_JSON)
    if isinstance(node, list) and isinstance(step, int) and 0 <= step < len(node):
        return node[step]
    return NOT_JSON


def _children(pointer: Pointer, node: Json) -> Iterator[tuple[Pointer, Json]]:
    if isinstance(node, dict):
        return (((*pointer, key), child) for key, child in node.items())
    if isinstance(node, list):
        return (((*pointer, index), child) for index, child in enumerate(node))
    return iter(())
