"""The simple keywords of one schema: types, bounds, examples. Everything odd is a problem."""

import math
from typing import Any, Final

from apiward.core.jsonvalue import Json
from apiward.core.schema import Schema
from apiward.spec.document import Node, kind_of

JSON_TYPES: Final = frozenset({"string", "number", "integer", "boolean", "array", "object"})


def plain_schema(node: Node, name: str | None) -> Schema:
    """Return the schema of `node` without anything that holds further schemas."""
    types, is_nullable = _types(node)
    enum = _enum(node)
    return Schema(
        types=types,
        name=name,
        format=node.text("format") or ("binary" if node.says("type", "file") else None),
        description=node.text("description"),
        enum=tuple(value for value in enum if value is not None),
        examples=_examples(node),
        pattern=node.text("pattern") or None,
        is_nullable=is_nullable or None in enum or node.flag("nullable") or node.flag("x-nullable"),
        is_read_only=node.flag("readOnly"),
        is_write_only=node.flag("writeOnly"),
        is_open=not (node.is_off("additionalProperties") or node.is_off("unevaluatedProperties")),
        **_bounds(node, is_whole="integer" in types),
    )


def required_names(node: Node) -> frozenset[str]:
    """Return the names that must be there; `required: true` belongs to the parent and is skipped."""
    if node.is_on("required") or node.is_off("required"):
        return frozenset()
    return frozenset(node.texts("required"))


def _types(node: Node) -> tuple[tuple[str, ...], bool]:
    child = node.child("type")
    if child is None:
        return _implied(node), False
    names = child.value if isinstance(child.value, list) else [child.value]
    known: list[str] = []
    for said in names:
        name = "string" if said == "file" else said
        if isinstance(name, str) and name in JSON_TYPES:
            known.append(name)
        elif name not in ("null", None):
            child.note(f"{_shown(name)} is no JSON type.")
    return tuple(dict.fromkeys(known)), "null" in names


def _implied(node: Node) -> tuple[str, ...]:
    if node.has("properties"):
        return ("object",)
    return ("array",) if node.has("items") or node.has("prefixItems") else ()


def _enum(node: Node) -> list[Json]:
    if node.has("const") and isinstance(node.value, dict):
        return [node.value["const"]]
    return [item.value for item in node.elements("enum")]


def _examples(node: Node) -> tuple[Json, ...]:
    if not isinstance(node.value, dict):
        return ()
    found: list[Json] = [node.value["example"]] if "example" in node.value else []
    several = node.value.get("examples")
    if isinstance(several, list):
        found.extend(several)
    elif isinstance(several, dict):
        found.extend(several.values())
    if "default" in node.value:
        found.append(node.value["default"])
    return tuple(found)


def _bounds(node: Node, *, is_whole: bool) -> dict[str, Any]:
    return {
        "minimum": _limit(node, "minimum", "exclusiveMinimum", 1, is_whole=is_whole),
        "maximum": _limit(node, "maximum", "exclusiveMaximum", -1, is_whole=is_whole),
        "min_length": _count(node, "minLength"),
        "max_length": _count(node, "maxLength"),
        "min_items": _count(node, "minItems"),
        "max_items": _count(node, "maxItems"),
    }


def _limit(node: Node, plain: str, exclusive: str, inward: int, *, is_whole: bool) -> float | None:
    bound = _number(node, plain)
    beyond = node.child(exclusive)
    if beyond is None or beyond.value is False:
        return bound
    if beyond.value is not True:
        # JSON Schema 2020-12: the exclusive bound is a number of its own
        bound = _number(node, exclusive)
    if bound is None or math.isinf(bound):
        return bound
    return bound + inward if is_whole else math.nextafter(bound, inward * math.inf)


def _number(node: Node, key: str) -> float | None:
    child = node.child(key)
    if child is None:
        return None
    if isinstance(child.value, bool) or not isinstance(child.value, int | float) or child.value != child.value:
        child.note(f"Expected a number here, found {kind_of(child.value)}.")
        return None
    return child.value


def _count(node: Node, key: str) -> int | None:
    number = _number(node, key)
    if number is None:
        return None
    if number < 0 or math.isinf(number) or number != int(number):
        node.note("Expected a whole number that is not negative.", key)
        return None
    return int(number)


def _shown(value: Json) -> str:
    return repr(value[:40]) if isinstance(value, str) else kind_of(value).capitalize()
