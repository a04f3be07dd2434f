"""What a rule is once it has been read: ready to be held against events."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from apiward.core.finding import Severity
from apiward.watch.sigma.fields import Getter
from apiward.watch.sigma.values import Predicate

OPERATORS: Final[Mapping[str, Callable[[int, int], bool]]] = {
    "gt": lambda count, bound: count > bound,
    "gte": lambda count, bound: count >= bound,
    "lt": lambda count, bound: count < bound,
    "lte": lambda count, bound: count <= bound,
    "eq": lambda count, bound: count == bound,
    "neq": lambda count, bound: count != bound,
}


class Kind(StrEnum):
    """What a correlation counts."""

    EVENT_COUNT = "event_count"
    VALUE_COUNT = "value_count"
    TEMPORAL = "temporal"
    TEMPORAL_ORDERED = "temporal_ordered"


@dataclass(frozen=True, slots=True)
class Head:
    """What a rule says of itself. `id` is its own id, else its name or title; `line` is where it begins.

    `digest` stands for all that it says: a rule that was changed begins anew.
    """

    id: str
    title: str
    severity: Severity
    name: str = ""
    description: str = ""
    file: str = ""
    line: int = 1
    digest: str = ""

    @property
    def code(self) -> str:
        """What its detections are called."""
        return f"sigma.{self.id}"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule about single events. `is_shown` is False where only a correlation asks for it."""

    head: Head
    test: Predicate
    is_shown: bool = True


@dataclass(frozen=True, slots=True)
class Bound:
    """One comparison of a correlation's condition."""

    operator: str
    number: int

    def holds(self, count: int) -> bool:
        """Return whether `count` is within it."""
        return OPERATORS[self.operator](count, self.number)


@dataclass(frozen=True, slots=True)
class Member:
    """One rule of a correlation, with what its events are grouped by and, for value_count, what is counted."""

    rule: Rule
    group: tuple[Getter, ...]
    value: Getter | None = None


@dataclass(frozen=True, slots=True)
class Correlation:
    """A rule about several events within `span_ms`, of one group.

    `group_names` are the fields as the rule names them. All of `bounds` must hold; instead of them, `sets` may stand:
    the members (by number) of which all must be there, one set of several being enough.
    """

    head: Head
    kind: Kind
    members: tuple[Member, ...]
    group_names: tuple[str, ...]
    span_ms: int
    bounds: tuple[Bound, ...] = ()
    sets: tuple[tuple[int, ...], ...] = ()

    @property
    def is_rising(self) -> bool:
        """Whether more events can only make it hold: then nothing needs to be waited for."""
        return all(bound.operator in {"gt", "gte"} for bound in self.bounds)

    @property
    def need(self) -> int:
        """How many events or values must be remembered to tell: one more than the highest number."""
        return max((bound.number for bound in self.bounds), default=0) + 1


@dataclass(frozen=True, slots=True)
class Book:
    """All rules, in their order, and what people should know of them."""

    rules: tuple[Rule, ...] = ()
    correlations: tuple[Correlation, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def heads(self) -> tuple[Head, ...]:
        """The heads of all rules that tell something."""
        shown = (rule.head for rule in self.rules if rule.is_shown)
        return (*shown, *(one.head for one in self.correlations))
