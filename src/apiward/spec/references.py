"""Following local `$ref`s. What stands outside the document is never fetched."""

from typing import Final

from apiward.core.jsonvalue import Json
from apiward.spec.document import Document, Node
from apiward.spec.pointers import fragment_steps

MAX_HOPS: Final = 50


def is_reference(value: Json) -> bool:
    """Whether this value only says where the real one stands."""
    return isinstance(value, dict) and "$ref" in value


def resolved(node: Node) -> Node | None:
    """Return the node that `node` finally stands for; None, and a problem, where there is none."""
    target, why = follow(node)
    if target is None:
        node.note(why, "$ref")
    return target


def follow(node: Node) -> tuple[Node | None, str]:
    """Follow the references of `node`: its target, or None and the reason. Notes nothing."""
    hops = 0
    while isinstance(node.value, dict) and "$ref" in node.value:
        hops += 1
        if hops > MAX_HOPS:
            return None, "This reference leads in a circle or through too many others."
        target, why = _target(node.document, node.value["$ref"], hops)
        if target is None:
            return None, why
        node = target
    return node, ""


def _target(document: Document, reference: Json, hops: int) -> tuple[Node | None, str]:
    if not isinstance(reference, str):
        return None, "A reference must be text such as '#/components/schemas/User'."
    steps = fragment_steps(reference)
    if steps is None:
        return None, f"{_short(reference)} stands outside this document; apiward does not fetch it."
    node: Node | None = document.top()
    for step in steps:
        node = _step(node, step, hops) if node is not None else None
    return (node, "") if node is not None else (None, f"{_short(reference)} does not exist in this document.")


def _step(node: Node, step: str, hops: int) -> Node | None:
    value = node.value
    if isinstance(value, list):
        is_index = step.isascii() and step.isdigit() and len(step) < 9 and int(step) < len(value)
        return Node(value[int(step)], (*node.pointer, int(step)), node.document) if is_index else None
    if not isinstance(value, dict):
        return None
    if step in value:
        return Node(value[step], (*node.pointer, step), node.document)
    if "$ref" in value and hops < MAX_HOPS:
        further, _ = _target(node.document, value["$ref"], hops + 10)
        return _step(further, step, hops + 10) if further is not None else None
    return None


def _short(reference: str) -> str:
    return reference if len(reference) <= 80 else f"{reference[:77]}..."
