"""One part of paths, with all that stands below it: what the tree of paths is made of."""

from typing import Final

from apiward.core.jsonvalue import Json
from apiward.spec.learning.operations import Seen
from apiward.spec.learning.shapes import Shape
from apiward.spec.learning.tallies import mapping, row, whole_number

MOST_DEPTH: Final = 24


class Node:
    """One part of paths. `fixed` are the parts below that stay as they are, `values` those that vary, by their ending.

    `named` is the property of answers that its value is known from; `argument` is the shape of its values, where it
    varies.
    """

    __slots__ = ("argument", "count", "fixed", "named", "operations", "values")

    def __init__(self) -> None:
        self.fixed: dict[str, Node] = {}
        self.values: dict[str, Node] = {}
        self.operations: dict[str, Seen] = {}
        self.argument = Shape()
        self.count = 0
        self.named = ""

    def join(self, other: "Node") -> None:
        """Take in another node with all below it."""
        self.count += other.count
        self.named = self.named or other.named
        self.argument.join(other.argument)
        for method, seen in other.operations.items():
            self.operations.setdefault(method, Seen()).join(seen)
        for mine, theirs in ((self.fixed, other.fixed), (self.values, other.values)):
            for key, node in theirs.items():
                mine.setdefault(key, Node()).join(node)

    def state(self) -> Json:
        """Return it as JSON."""
        return [
            self.count,
            self.named,
            self.argument.state(),
            {method: seen.state() for method, seen in self.operations.items()},
            {part: node.state() for part, node in self.fixed.items()},
            {ending: node.state() for ending, node in self.values.items()},
        ]

    @classmethod
    def from_state(cls, state: Json, depth: int = 0) -> "Node":
        """Return what `state` gave. Raises ValueError."""
        if depth > MOST_DEPTH:
            raise ValueError("paths are shorter than that")
        count, named, argument, operations, fixed, values = row(state, 6)
        made = cls()
        made.count, made.named = whole_number(count), str(named)[:200]
        made.argument = Shape.from_state(argument)
        made.operations = {method: Seen.from_state(one) for method, one in mapping(operations).items()}
        made.fixed = {part: cls.from_state(one, depth + 1) for part, one in mapping(fixed).items()}
        made.values = {ending: cls.from_state(one, depth + 1) for ending, one in mapping(values).items()}
        return made

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known of it, nor below."""
        return not (self.operations or self.fixed or self.values)

    def size(self) -> int:
        """Return how many nodes there are, this one counted."""
        return 1 + sum(node.size() for node in (*self.fixed.values(), *self.values.values()))
