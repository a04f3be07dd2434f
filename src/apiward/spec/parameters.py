"""Parameters of OpenAPI 3 and Swagger 2, and the rules that both share."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from apiward.core.api import Parameter, Place
from apiward.core.jsonvalue import Json
from apiward.core.schema import Schema
from apiward.spec.document import Node
from apiward.spec.references import resolved
from apiward.spec.schemas import SchemaReader

_PLACES: Final = {place.value: place for place in Place}
_TEMPLATE: Final = re.compile(r"\{([^{}]*)\}")
_COLLECTIONS: Final = {"csv": None, "ssv": "spaceDelimited", "pipes": "pipeDelimited", "multi": "form"}


def resolved_parameters(holder: Node) -> Iterator[Node]:
    """Yield the parameter objects of a path item or an operation, references followed."""
    for item in holder.elements("parameters"):
        target = resolved(item)
        if target is None:
            continue
        if isinstance(target.value, dict):
            yield target
        else:
            item.note("Expected a parameter object here.")


def openapi_parameter(node: Node, schemas: SchemaReader) -> Parameter | None:
    """Read one OpenAPI 3 parameter; None, and a problem, where it has no name or no known place."""
    named = _named(node)
    if named is None:
        return None
    name, place = named
    return Parameter(
        name=name,
        place=place,
        schema=with_examples(_openapi_schema(node, schemas), node),
        is_required=node.flag("required") or place is Place.PATH,
        description=node.text("description"),
        style=node.text("style") or None,
        explode=node.flag("explode") if node.has("explode") else None,
    )


def swagger_parameter(node: Node, schemas: SchemaReader) -> Parameter | None:
    """Read one Swagger 2 parameter that is neither a body nor a form field."""
    named = _named(node)
    if named is None:
        return None
    name, place = named
    style, explode = _collection(node, place)
    return Parameter(
        name=name,
        place=place,
        schema=schemas.read(node),
        is_required=node.flag("required") or place is Place.PATH,
        description=node.text("description"),
        style=style,
        explode=explode,
    )


def combined(upper: Iterable[Parameter], own: Iterable[Parameter]) -> tuple[Parameter, ...]:
    """Return path-level parameters overridden by operation-level ones of the same name and place."""
    both = {(p.name, p.place): p for p in upper}
    both.update({(p.name, p.place): p for p in own})
    return tuple(both.values())


def without_repeats(found: Iterable[tuple[Node, Parameter]]) -> tuple[Parameter, ...]:
    """Return parameters of one list; of two with the same name and place the first one counts."""
    kept: dict[tuple[str, Place], Parameter] = {}
    for node, parameter in found:
        key = (parameter.name, parameter.place)
        if key in kept:
            node.note(f"The parameter {parameter.name} ({parameter.place}) stands twice; the first one counts.")
        kept.setdefault(key, parameter)
    return tuple(kept.values())


def plain_template(path: str) -> str:
    """Return a path template with bare names: `{id:[0-9]+}`, `{+id}` and `{id*}` become `{id}`."""
    return _TEMPLATE.sub(lambda found: f"{{{found[1].partition(':')[0].strip('+*#/. ')}}}", path)


def with_template_names(parameters: tuple[Parameter, ...], path: str, node: Node) -> tuple[Parameter, ...]:
    """Return `parameters` with one for every name in the path template, and note what does not fit."""
    names = dict.fromkeys(_TEMPLATE.findall(path))
    known = {p.name for p in parameters if p.place is Place.PATH}
    for name in sorted(known - names.keys()):
        node.note(f"The path parameter {name} is described but does not stand in the path.")
    missing = [name for name in names if name not in known]
    for name in missing:
        node.note(f"The path holds {{{name}}} but no such parameter is described; taken as text.")
    text = Schema(types=("string",))
    return (*parameters, *(Parameter(name, Place.PATH, text, is_required=True) for name in missing))


def with_examples(schema: Schema, node: Node) -> Schema:
    """Return `schema` with the examples that stand beside it put first."""
    found = _examples(node)
    return replace(schema, examples=(*found, *schema.examples)) if found else schema


def _examples(node: Node) -> tuple[Json, ...]:
    found: list[Json] = []
    if isinstance(node.value, dict) and "example" in node.value:
        found.append(node.value["example"])
    several = node.child("examples")
    if several is not None and isinstance(several.value, list):
        return (*found, *several.value)
    for _, item in node.entries("examples"):
        example = resolved(item)
        if example is not None and isinstance(example.value, dict) and "value" in example.value:
            found.append(example.value["value"])
    return tuple(found)


def _named(node: Node) -> tuple[str, Place] | None:
    name, said = node.text("name"), node.text("in")
    place = _PLACES.get(said.lower())
    if not name:
        node.note("This parameter has no name; it was left out.")
        return None
    if place is None:
        node.note(f"The parameter {name} stands in {said or 'nothing'!r}, which is no known place; it was left out.")
        return None
    return name, place


def _openapi_schema(node: Node, schemas: SchemaReader) -> Schema:
    child = node.child("schema")
    if child is not None:
        return schemas.read(child)
    for _, media in node.entries("content"):
        inner = media.child("schema")
        return with_examples(schemas.read(inner) if inner is not None else Schema(), media)
    node.note("This parameter has neither a schema nor a content; any value may fit.")
    return Schema()


def _collection(node: Node, place: Place) -> tuple[str | None, bool | None]:
    if not node.says("type", "array"):
        return None, None
    said = node.text("collectionFormat") or "csv"
    if said not in _COLLECTIONS:
        node.note(f"The collectionFormat {said} has no match; taken as csv.")
    style = _COLLECTIONS.get(said)
    usual = "simple" if place in (Place.PATH, Place.HEADER) else "form"
    return style or usual, said == "multi"
