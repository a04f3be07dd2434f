"""Properties that answers show and requests never set: what the API keeps to itself.

They are marked in answers for people. The guard takes them out of requests only where a mistake can cost nothing: what
only the API can know (ids, times of its own), what gives its bearer something (a role, a balance), or after so many
requests that nobody sets it.
"""

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from apiward.core.api import Answer, Body, Operation
from apiward.core.schema import Schema
from apiward.spec.learning import earning
from apiward.spec.learning.nodes import Node
from apiward.spec.learning.operations import Part, Seen
from apiward.spec.learning.shapes import Shape
from apiward.spec.learning.tallies import ENOUGH_CALLERS, Tally
from apiward.spec.meaning.naming import is_privileged_name, words

_WRITES: Final = frozenset({"POST", "PUT", "PATCH"})
_OWN: Final = frozenset("created updated modified changed inserted registered uuid guid".split())
_OVERLAP: Final = 0.5
_MOST_DEPTH: Final = 3


def with_read_only(told: Operation, guarded: Operation, seen: Seen, node: Node) -> tuple[Operation, Operation]:
    """Return both with the properties marked that requests never set."""
    if told.method not in _WRITES:
        return told, guarded
    names = _read_only(seen, node)
    if not names:
        return told, guarded
    marked = replace(told, answers=tuple(_marked(answer, names) for answer in told.answers))
    barred = {way: {name for name in found if _is_safe(name, seen)} for way, found in names.items()}
    return marked, replace(guarded, bodies=tuple(_barred(body, barred) for body in guarded.bodies))


def _read_only(seen: Seen, node: Node) -> dict[str, set[str]]:
    """Return, by the place in the body (empty for the top, else the property it stands under), what is never set."""
    found: dict[str, set[str]] = {}
    for part in seen.bodies.values():
        for way, sent in _objects(part.shape):
            if sent.types.get("object", Tally()).count < earning.TYPE_VALUES or sent.callers < ENOUGH_CALLERS:
                continue
            set_here = {name for name, below in sent.properties.items() if below.types}
            for answered in _resources(seen, node):
                known = {name for name, one in answered.properties.items() if one.callers >= ENOUGH_CALLERS}
                if len(set_here & known) >= _OVERLAP * max(len(set_here), 1) and set_here:
                    found.setdefault(way, set()).update(known - set_here)
    return found


def _objects(shape: Shape) -> Iterator[tuple[str, Shape]]:
    """Yield a body's object, and the one in an envelope."""
    if shape.properties:
        yield "", shape
        if len(shape.properties) == 1:
            name, below = next(iter(shape.properties.items()))
            if below.properties:
                yield name, below


def _resources(seen: Seen, node: Node) -> Iterator[Shape]:
    answers: list[Part] = list(seen.answers.values())
    for near in (node, *node.values.values()):
        reading = near.operations.get("GET")
        answers += reading.answers.values() if reading is not None else ()
    for part in answers:
        yield from _shapes(part.shape, 0)


def _shapes(shape: Shape, depth: int) -> Iterator[Shape]:
    if shape.properties:
        yield shape
    if depth < _MOST_DEPTH:
        for below in (*shape.properties.values(), *([shape.items] if shape.items else [])):
            yield from _shapes(below, depth + 1)


def _is_safe(name: str, seen: Seen) -> bool:
    parts = words(name)
    if is_privileged_name(name) or parts == ("id",) or not _OWN.isdisjoint(parts):
        return True
    return earning.is_exact([part.tally for part in seen.bodies.values()])


def _marked(answer: Answer, names: dict[str, set[str]]) -> Answer:
    wanted = set[str]().union(*names.values())
    bodies = tuple(replace(body, schema=_with_marks(body.schema, wanted, 0)) for body in answer.bodies)
    return replace(answer, bodies=bodies)


def _with_marks(schema: Schema, wanted: set[str], depth: int) -> Schema:
    if depth > _MOST_DEPTH or not (schema.properties or schema.items):
        return schema
    below = {
        name: replace(child, is_read_only=True) if name in wanted else _with_marks(child, wanted, depth + 1)
        for name, child in schema.properties.items()
    }
    items = _with_marks(schema.items, wanted, depth + 1) if schema.items else None
    return replace(schema, properties=MappingProxyType(below), items=items)


def _barred(body: Body, names: dict[str, set[str]]) -> Body:
    schema = body.schema
    for way, wanted in names.items():
        barred = {name: Schema(is_read_only=True) for name in sorted(wanted)}
        if not barred:
            continue
        if not way and schema.properties:
            schema = replace(schema, properties=MappingProxyType({**schema.properties, **barred}))
        elif way in schema.properties:
            inner = schema.properties[way]
            inner = replace(inner, properties=MappingProxyType({**inner.properties, **barred}))
            schema = replace(schema, properties=MappingProxyType({**schema.properties, way: inner}))
    return replace(body, schema=schema)
