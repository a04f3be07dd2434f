"""Subtypes that a `discriminator` leads to where no `oneOf` lists them (OpenAPI 3 and Swagger 2).

They are named by its `mapping`, or are the definitions that take what they inherit by `allOf`.
"""

from collections.abc import Iterator
from typing import Final

from apiward.core.schema import Schema
from apiward.spec.document import Document, Node
from apiward.spec.references import follow, is_reference

MAX_SUBTYPES: Final = 100
_HOLDERS: Final = ("#/components/schemas", "#/definitions")


class Subtypes:
    """Finds subtypes, and remembers which lists of them are still to be filled."""

    def __init__(self, document: Document) -> None:
        self._document = document
        # with the node, so that the identity of its value stays its own
        self._lists: dict[int, tuple[Node, list[Schema]]] = {}
        self._waiting: list[tuple[list[Schema], list[Node]]] = []
        self._children: dict[int, list[Node]] | None = None

    def below(self, node: Node) -> list[Schema]:
        """Return the list that will hold the subtypes of the schema at `node`; the same one each time."""
        known = self._lists.get(id(node.value))
        if known is not None:
            return known[1]
        made: list[Schema] = []
        self._lists[id(node.value)] = (node, made)
        found = [] if node.has("oneOf") or node.has("anyOf") else self._found(node)
        if found:
            self._waiting.append((made, found))
        return made

    def awaited(self) -> Iterator[tuple[list[Schema], list[Node]]]:
        """Yield the lists that are not filled yet with what belongs in them, also those that come up meanwhile."""
        while self._waiting:
            yield self._waiting.pop()

    def _found(self, base: Node) -> list[Node]:
        """Return the subtypes, theirs too, each once and without `base` itself."""
        found: dict[int, Node] = {}
        waiting = [*self._mapped(base), *self._children_of(base)]
        while waiting and len(found) < MAX_SUBTYPES:
            node = waiting.pop(0)
            if id(node.value) not in found and node.value is not base.value:
                found[id(node.value)] = node
                waiting += self._children_of(node)
        return list(found.values())

    def _mapped(self, base: Node) -> Iterator[Node]:
        said = base.child("discriminator")
        mapping = said.child("mapping") if said is not None and isinstance(said.value, dict) else None
        if mapping is None or not isinstance(mapping.value, dict):
            return
        for target in list(mapping.value.values())[:MAX_SUBTYPES]:
            node = self._named(target) if isinstance(target, str) else None
            if node is not None:
                yield node

    def _named(self, target: str) -> Node | None:
        """Return the definition that a mapping names: by a reference, or by its bare name."""
        for reference in [target] if "#" in target else [f"{holder}/{target}" for holder in _HOLDERS]:
            node, _ = follow(Node({"$ref": reference}, (), self._document))
            if node is not None and isinstance(node.value, dict):
                return node
        return None

    def _children_of(self, base: Node) -> list[Node]:
        if self._children is None:
            self._children = {}
            for child in self._definitions():
                for part in child.elements("allOf"):
                    target, _ = follow(part) if is_reference(part.value) else (None, "")
                    if target is not None:
                        self._children.setdefault(id(target.value), []).append(child)
        return self._children.get(id(base.value), [])

    def _definitions(self) -> Iterator[Node]:
        for holder in _HOLDERS:
            node, _ = follow(Node({"$ref": holder}, (), self._document))
            if node is not None and isinstance(node.value, dict):
                yield from (child for _, child in node.members() if isinstance(child.value, dict))
