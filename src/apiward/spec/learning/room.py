"""How much may be known in all: paths, operations and places of values. What the fewest callers have shown gives way.

So an API that answers anything at any address cannot fill up the memory, and nobody can keep out what many show.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from apiward.spec.learning.nodes import Node
from apiward.spec.learning.operations import Seen
from apiward.spec.learning.tallies import ENOUGH_CALLERS

MOST_NODES: Final = 4_000
"""Parts of paths."""
MOST_PLACES: Final = 30_000
"""Places of values, in all operations. One takes about 200 bytes when it is written down, so that all take a few MB."""
MOST_METHODS: Final = 12
OPERATION: Final = 10
"""Places that an operation counts for by itself: its callers, statuses and times."""
_SPARE: Final = 10
"""Where there is no room, so many-th a part of it is made."""


Step = tuple[dict[str, Node], str, Node]
"""A part of a path: where it stands, under which key, and what it is."""


@dataclass(frozen=True, slots=True)
class _Known:
    """One operation, the way to it, and how well it is known."""

    way: tuple[Step, ...]
    operations: dict[str, Seen]
    method: str
    callers: int
    requests: int
    places: int

    def let_go(self) -> int:
        """Take it out, with the parts that lead to nothing then; return how many these were."""
        del self.operations[self.method]
        gone = 0
        for nodes, key, node in reversed(self.way):
            if not node.is_empty:
                break
            del nodes[key]
            gone += 1
        return gone


def left(root: Node) -> tuple[int, int]:
    """Return how many parts of paths, and how many places, may still be added."""
    return MOST_NODES - root.size(), MOST_PLACES - sum(known.places for known in _all(root))


def make(root: Node) -> None:
    """Let go of operations that too few callers have shown, the least known first, until a tenth is free."""
    _let_go(root, MOST_NODES - MOST_NODES // _SPARE, MOST_PLACES - MOST_PLACES // _SPARE, is_for_all=False)


def fit(root: Node) -> None:
    """Let go of the operations that are least known, until all that is known has room."""
    _let_go(root, MOST_NODES, MOST_PLACES, is_for_all=True)


def _let_go(root: Node, nodes: int, places: int, *, is_for_all: bool) -> None:
    _prune(root)
    found = sorted(_all(root), key=lambda known: (known.callers, known.requests))
    taken, parts = sum(known.places for known in found), root.size()
    for known in found:
        if (taken <= places and parts <= nodes) or not (is_for_all or known.callers < ENOUGH_CALLERS):
            break
        taken -= known.places
        parts -= known.let_go()


def _all(node: Node, way: tuple[Step, ...] = ()) -> Iterator[_Known]:
    for method, seen in node.operations.items():
        yield _Known(way, node.operations, method, len(seen.crowd), seen.count, OPERATION + seen.size())
    for nodes in (node.fixed, node.values):
        for key, below in nodes.items():
            yield from _all(below, (*way, (nodes, key, below)))


def _prune(node: Node) -> None:
    """Take out the parts that lead to no operation."""
    for nodes in (node.fixed, node.values):
        for key, below in list(nodes.items()):
            _prune(below)
            if below.is_empty:
                del nodes[key]
