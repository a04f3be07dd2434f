"""What OpenAPI 3 and Swagger 2 have in common: paths, methods, and the frame of an operation."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from apiward.spec.document import Document, Node, kind_of
from apiward.spec.parameters import plain_template
from apiward.spec.references import resolved

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@dataclass(frozen=True, slots=True)
class Slot:
    """One method of one path, not yet read: the path item around it, and the operation itself."""

    path: str
    method: str
    item: Node
    operation: Node


def operation_slots(document: Document) -> Iterator[Slot]:
    """Yield every operation of the document, bounded in number and time."""
    limits = document.journal.limits
    for count, slot in enumerate(_all_slots(document)):
        if count >= limits.max_operations:
            slot.operation.note(f"There are more than {limits.max_operations} operations; the rest was not read.")
            return
        if document.journal.is_late():
            found = f"Reading took more than {limits.max_seconds:g} seconds; from here on nothing was read."
            slot.operation.note(found)
            return
        yield slot


def _all_slots(document: Document) -> Iterator[Slot]:
    root = document.top()
    paths = root.child("paths")
    if paths is None:
        if not root.has("webhooks") or root.has("paths"):
            root.note("There is no 'paths' object, so there are no operations.")
        return
    for path, said in paths.members():
        if path.startswith("x-"):
            continue
        item = resolved(said)
        if item is None:
            continue
        if not isinstance(item.value, dict):
            said.note(f"Expected the methods of a path here, found {kind_of(item.value)}.")
            continue
        yield from _slots_of(_clean_path(path, said), item)


def _clean_path(path: str, node: Node) -> str:
    if not path.startswith("/"):
        node.note("A path starts with '/'; it was read as if it did.")
        path = f"/{path}"
    if "?" in path or "#" in path:
        node.note("A path holds no '?' or '#'; requests to it may not reach what is meant.")
    return plain_template(path)


def _slots_of(path: str, item: Node) -> Iterator[Slot]:
    for key, operation in item.members():
        method = key.lower()
        if method not in METHODS:
            continue
        if isinstance(operation.value, dict):
            # what stands elsewhere is still an operation, even where nothing more is known of it
            known = resolved(operation) or Node({}, operation.pointer, operation.document)
            yield Slot(path, method.upper(), item, known)
        else:
            operation.note(f"Expected an operation here, found {kind_of(operation.value)}.")
