"""Where a given description and the traffic part: what is called but not described, and what is not as described."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from apiward.core.api import Api, Operation, Place
from apiward.core.schema import Schema
from apiward.spec.learning.describing import Learned, LearnedOperation, bare

DAY_S: Final = 86_400.0
_MOST_DEPTH: Final = 8
_MOST_VARIANTS: Final = 30


class DriftKind(StrEnum):
    """What is apart: an operation that nobody described, one that nobody calls, a name too many, another type."""

    SHADOW = "shadow"
    UNUSED = "unused"
    UNDECLARED = "undeclared"
    TYPE = "type"


@dataclass(frozen=True, slots=True)
class Drift:
    """One difference. `place` is where in the operation; `saw` is a short fact."""

    kind: DriftKind
    operation: str
    place: str
    saw: str


def drift(given: Api, known: Learned, *, now_s: float, unused_days: int) -> tuple[Drift, ...]:
    """Return how traffic differs from the given description, most weighty kinds first."""
    described = {bare(one.key): one for one in given.operations}
    called = {bare(one.operation.key): one for one in known.operations}
    found = [
        Drift(DriftKind.SHADOW, one.operation.key, "", str(one.sureness))
        for key, one in called.items()
        if key not in described and not _is_head_of(key, described)
    ]
    found += _unused(described, called, now_s, unused_days)
    for key in described.keys() & called.keys():
        found += _apart(described[key], called[key])
    order = list(DriftKind)
    return tuple(sorted(found, key=lambda one: (order.index(one.kind), one.operation, one.place)))


def _is_head_of(key: str, described: Mapping[str, Operation]) -> bool:
    return key.startswith("HEAD ") and f"GET {key.removeprefix('HEAD ')}" in described


def _unused(
    described: Mapping[str, Operation], called: Mapping[str, LearnedOperation], now_s: float, days: int
) -> Iterator[Drift]:
    begun_s = min((one.first_s for one in called.values()), default=now_s)
    if now_s - begun_s < days * DAY_S:
        return  # traffic was not watched for long enough to say
    for key, operation in described.items():
        one = called.get(key)
        if one is None:
            yield Drift(DriftKind.UNUSED, operation.key, "", f"no call in {int((now_s - begun_s) / DAY_S)} days")
        elif now_s - one.last_s > days * DAY_S:
            yield Drift(
                DriftKind.UNUSED, operation.key, "", f"last called {int((now_s - one.last_s) / DAY_S)} days ago"
            )


def _apart(given: Operation, known: LearnedOperation) -> Iterator[Drift]:
    seen = known.operation
    queries = {one.name: one.schema for one in given.parameters_in(Place.QUERY)}
    has_free_query = any(schema.properties or "object" in schema.types for schema in queries.values())
    for parameter in seen.parameters_in(Place.QUERY):
        if parameter.name not in queries and not has_free_query and parameter.name.partition("[")[0] not in queries:
            yield Drift(DriftKind.UNDECLARED, given.key, f"query {parameter.name}", "not described")
    for body in seen.bodies:
        declared = [one.schema for one in given.bodies if one.media_type in {body.media_type, "*/*"}]
        if declared:
            yield from _below(declared, body.schema, given.key, "body", 0, is_text="form" in body.media_type)
    for answer in seen.answers:
        wanted = {answer.status, f"{answer.status[0]}XX", "default"}
        for body in answer.bodies:
            schemas = [
                one.schema
                for told in given.answers
                if told.status in wanted
                for one in told.bodies
                if one.media_type in {body.media_type, "*/*"}
            ]
            if schemas:
                yield from _below(schemas, body.schema, given.key, f"answer {answer.status}", 0)


def _below(
    given: list[Schema], seen: Schema, key: str, place: str, depth: int, *, is_text: bool = False
) -> Iterator[Drift]:
    declared = _variants(given)
    if depth > _MOST_DEPTH or any(_is_free(one) for one in declared):
        return
    types = {kind for one in declared for kind in one.types} | ({"object"} if _has_properties(declared) else set())
    if "number" in types:
        types.add("integer")
    strange = [kind for kind in seen.types if kind not in types]
    if strange and types and not is_text:
        told = " or ".join(sorted(types - {"integer"} if "number" in types else types))
        yield Drift(DriftKind.TYPE, key, place, f"{' and '.join(strange)}, described as {told}")
    names = {name for one in declared for name in one.properties}
    if names:
        for name, child in seen.properties.items():
            where = f"{place}.{name}"
            if name not in names:
                yield Drift(DriftKind.UNDECLARED, key, where, "not described")
            else:
                inner = [one.properties[name] for one in declared if name in one.properties]
                yield from _below(inner, child, key, where, depth + 1, is_text=is_text)
    items = [one.items for one in declared if one.items is not None]
    if seen.items is not None and items:
        yield from _below(items, seen.items, key, f"{place}[]", depth + 1, is_text=is_text)


def _variants(schemas: list[Schema]) -> list[Schema]:
    found: list[Schema] = []
    waiting = list(schemas)
    while waiting and len(found) < _MOST_VARIANTS:
        schema = waiting.pop(0)
        waiting += [*schema.variants, *schema.subtypes]
        if not schema.variants or schema.properties or schema.types:
            found.append(schema)
    return found


def _has_properties(schemas: list[Schema]) -> bool:
    return any(one.properties for one in schemas)


def _is_free(schema: Schema) -> bool:
    """Whether anything may stand there, or it is not known what."""
    return schema.is_recursive or not (schema.types or schema.properties or schema.enum or schema.items)
