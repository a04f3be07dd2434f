"""Bodies and answers of OpenAPI 3."""

import re
from collections.abc import Iterator
from typing import Final

from apiward.core.api import Answer, Body
from apiward.core.schema import Schema
from apiward.spec.document import Node
from apiward.spec.parameters import with_examples
from apiward.spec.references import resolved
from apiward.spec.schemas import SchemaReader

_STATUS: Final = re.compile(r"[1-5]([0-9]{2}|XX)|DEFAULT")


def request_bodies(operation: Node, schemas: SchemaReader) -> tuple[Body, ...]:
    """Return what an operation takes, one body for each media type."""
    said = operation.child("requestBody")
    node = resolved(said) if said is not None else None
    if node is None:
        return ()
    if not isinstance(node.value, dict) or not node.has("content"):
        node.note("This request body has no content; it was left out.")
        return ()
    return tuple(_contents(node, schemas, is_required=node.flag("required")))


def answers(operation: Node, schemas: SchemaReader) -> tuple[Answer, ...]:
    """Return the declared answers of an operation."""
    return tuple(
        Answer(status, node.text("description"), tuple(_contents(node, schemas)), header_names(node))
        for status, node in answer_nodes(operation)
    )


def answer_nodes(operation: Node) -> Iterator[tuple[str, Node]]:
    """Yield every answer with a readable status ("200", "4XX", "default"), references followed."""
    for said, item in operation.entries("responses"):
        if said.startswith("x-"):
            continue
        status = said.strip().upper()
        node = resolved(item)
        if not _STATUS.fullmatch(status):
            item.note(f"{said[:40]!r} is no status code; this answer was left out.")
        elif node is not None and not isinstance(node.value, dict):
            item.note("Expected an answer object here; it was left out.")
        elif node is not None:
            yield ("default" if status == "DEFAULT" else status), node


def header_names(answer: Node) -> tuple[str, ...]:
    """Return the names of the headers that an answer declares."""
    names = []
    for name, header in answer.entries("headers"):
        resolved(header)
        names.append(name)
    return tuple(names)


def media_name(said: str) -> str:
    """Return a media type in lower case without its parameters."""
    return said.partition(";")[0].strip().lower()


def _contents(holder: Node, schemas: SchemaReader, *, is_required: bool = False) -> Iterator[Body]:
    for said, item in holder.entries("content"):
        media = resolved(item)
        name = media_name(said) or "*/*"
        if not said.strip():
            item.note("This content has no media type; taken as any.")
        if media is None or said.startswith("x-"):
            continue
        if "/" not in name:
            item.note(f"{said[:40]!r} is no media type; this content was left out.")
            continue
        if not isinstance(media.value, dict):
            item.note("Expected a media type object here; any value may fit.")
        inner = media.child("schema")
        schema = schemas.read(inner) if inner is not None else Schema()
        yield Body(name, with_examples(schema, media), is_required=is_required)
