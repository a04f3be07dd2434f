"""Swagger 2.0: from the tree to operations."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from apiward.core.api import Answer, Api, Body, Operation, Parameter, SecurityScheme
from apiward.core.schema import Schema
from apiward.spec.bodies import answer_nodes, header_names, media_name
from apiward.spec.document import Document, Node
from apiward.spec.operations import Slot, operation_slots
from apiward.spec.parameters import (
    combined,
    resolved_parameters,
    swagger_parameter,
    with_examples,
    with_template_names,
    without_repeats,
)
from apiward.spec.schemas import SchemaReader
from apiward.spec.security import NOT_SAID, requirement, security_schemes
from apiward.spec.servers import base_path, swagger_addresses

_JSON: Final = ("application/json",)
_MULTIPART: Final = "multipart/form-data"
_FORM: Final = "application/x-www-form-urlencoded"


def read_swagger2(document: Document, dialect: str) -> Api:
    """Return the Api of a Swagger 2 tree; what could not be read is in `document.journal`."""
    root = document.top()
    info = root.child("info")
    reader = _Reader(document)
    operations = tuple(reader.operation(slot) for slot in operation_slots(document))
    return Api(
        title=info.text("title") if info is not None else "",
        version=info.text("version") if info is not None else "",
        operations=operations,
        schemes=reader.schemes,
        servers=reader.servers,
        source=document.source,
        dialect=dialect,
        problems=document.journal.all(),
    )


class _Reader:
    """Reads operations with what the whole document says of all of them."""

    def __init__(self, document: Document) -> None:
        self._root = document.top()
        self.schemes: Mapping[str, SecurityScheme] = security_schemes(self._root, "securityDefinitions")
        self.servers = swagger_addresses(self._root)
        self._security = requirement(self._root, self.schemes, NOT_SAID)
        self._schemas = SchemaReader(document)

    def operation(self, slot: Slot) -> Operation:
        node = slot.operation
        asked = requirement(node, self.schemes, self._security)
        return Operation(
            method=slot.method,
            path=slot.path,
            base_path=base_path(self.servers),
            operation_id=node.text("operationId") or None,
            summary=node.text("summary"),
            description=node.text("description"),
            tags=node.texts("tags"),
            parameters=self._parameters(slot),
            bodies=self._bodies(slot),
            answers=tuple(self._answers(node)),
            security=asked.alternatives,
            is_deprecated=node.flag("deprecated"),
            scopes=asked.scopes,
        )

    def _parameters(self, slot: Slot) -> tuple[Parameter, ...]:
        upper, own = (without_repeats(self._read(holder)) for holder in (slot.item, slot.operation))
        return with_template_names(combined(upper, own), slot.path, slot.operation)

    def _read(self, holder: Node) -> Iterator[tuple[Node, Parameter]]:
        for node in resolved_parameters(holder):
            if node.text("in") in ("body", "formData"):
                continue
            parameter = swagger_parameter(node, self._schemas)
            if parameter is not None:
                yield node, parameter

    def _bodies(self, slot: Slot) -> tuple[Body, ...]:
        nodes = {
            (node.text("in"), node.text("name")): node
            for holder in (slot.item, slot.operation)
            for node in resolved_parameters(holder)
        }
        whole = [node for (place, _), node in nodes.items() if place == "body"]
        fields = {name: node for (place, name), node in nodes.items() if place == "formData" and name}
        taken = self._media_types(slot.operation, "consumes")
        bodies = [body for node in whole[-1:] for body in self._whole_body(node, taken)]
        if len(whole) > 1:
            slot.operation.note("There is more than one body parameter; the last one counts.")
        return (*bodies, *(self._form(fields, taken) if fields else ()))

    def _whole_body(self, node: Node, taken: tuple[str, ...]) -> Iterator[Body]:
        inner = node.child("schema")
        if inner is None:
            node.note("This body parameter has no schema; any value may fit.")
        schema = self._schemas.read(inner) if inner is not None else Schema()
        for media_type in taken or _JSON:
            yield Body(media_type, with_examples(schema, node), is_required=node.flag("required"))

    def _form(self, fields: Mapping[str, Node], taken: tuple[str, ...]) -> Iterator[Body]:
        has_file = any(node.says("type", "file") for node in fields.values())
        required = frozenset(name for name, node in fields.items() if node.flag("required"))
        schema = Schema(
            types=("object",),
            properties=MappingProxyType({name: self._schemas.read(node) for name, node in fields.items()}),
            required=required,
        )
        forms = [media_type for media_type in taken if media_type in (_MULTIPART, _FORM)]
        for media_type in [_MULTIPART] if has_file else forms or [_FORM]:
            yield Body(media_type, schema, is_required=bool(required))

    def _answers(self, operation: Node) -> Iterator[Answer]:
        given = self._media_types(operation, "produces") or _JSON
        for status, node in answer_nodes(operation):
            yield Answer(status, node.text("description"), tuple(self._answer_bodies(node, given)), header_names(node))

    def _answer_bodies(self, node: Node, given: tuple[str, ...]) -> Iterator[Body]:
        inner = node.child("schema")
        if inner is None:
            return
        schema = self._schemas.read(inner)
        shown = {media_name(said): example.value for said, example in node.entries("examples")}
        for media_type in given:
            beside = {"example": shown[media_type]} if media_type in shown else {}
            yield Body(media_type, with_examples(schema, Node(beside, node.pointer, node.document)))

    def _media_types(self, operation: Node, key: str) -> tuple[str, ...]:
        said = operation.texts(key) if operation.has(key) else self._root.texts(key)
        return tuple(dict.fromkeys(name for text in said if "/" in (name := media_name(text))))
