"""OpenAPI 3.0 and 3.1: from the tree to operations."""

from collections.abc import Iterator, Mapping

from apiward.core.api import Api, Operation, Parameter, SecurityScheme
from apiward.spec.bodies import answers, request_bodies
from apiward.spec.document import Document, Node
from apiward.spec.operations import Slot, operation_slots
from apiward.spec.parameters import (
    combined,
    openapi_parameter,
    resolved_parameters,
    with_template_names,
    without_repeats,
)
from apiward.spec.schemas import SchemaReader
from apiward.spec.security import NOT_SAID, requirement, security_schemes
from apiward.spec.servers import base_path, server_addresses


def read_openapi3(document: Document, dialect: str) -> Api:
    """Return the Api of an OpenAPI 3 tree; what could not be read is in `document.journal`."""
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
        root = document.top()
        self.schemes: Mapping[str, SecurityScheme] = security_schemes(root.child("components"), "securitySchemes")
        self.servers = server_addresses(root)
        self._security = requirement(root, self.schemes, NOT_SAID)
        self._schemas = SchemaReader(document)

    def operation(self, slot: Slot) -> Operation:
        node = slot.operation
        asked = requirement(node, self.schemes, self._security)
        servers = server_addresses(node) or server_addresses(slot.item) or self.servers
        return Operation(
            method=slot.method,
            path=slot.path,
            base_path=base_path(servers),
            operation_id=node.text("operationId") or None,
            summary=node.text("summary") or slot.item.text("summary"),
            description=node.text("description") or slot.item.text("description"),
            tags=node.texts("tags"),
            parameters=self._parameters(slot),
            bodies=request_bodies(node, self._schemas),
            answers=answers(node, self._schemas),
            security=asked.alternatives,
            is_deprecated=node.flag("deprecated"),
            scopes=asked.scopes,
        )

    def _parameters(self, slot: Slot) -> tuple[Parameter, ...]:
        upper, own = (without_repeats(self._read(holder)) for holder in (slot.item, slot.operation))
        return with_template_names(combined(upper, own), slot.path, slot.operation)

    def _read(self, holder: Node) -> Iterator[tuple[Node, Parameter]]:
        for node in resolved_parameters(holder):
            parameter = openapi_parameter(node, self._schemas)
            if parameter is not None:
                yield node, parameter
