"""When a bound is earned. A bound that was not earned is never held against a request.

Three grades, by what a mistake would cost and how much room the bound leaves:

- **What a value is** (its type): 20 values of 4 callers, none of another type. In requests null is let pass as well,
  and any number where whole ones were seen, until the third grade is reached.
- **Bounds with room** (the longest text, the largest number, the longest list): 1,000 values of 10 callers. The bound
  lies 8, 100 or 10 times beyond what four callers have reached.
- **Bounds without room** (one of a list, must be there, nothing else may be there, never null, a format): 10,000
  values of 10 callers without one exception.

From 1,000 values on, exceptions of at most three callers that make up at most one value in a thousand do not count:
they are what somebody does who wants to teach us.
"""

from collections.abc import Iterable
from typing import Final

from apiward.spec.learning.tallies import ENOUGH_CALLERS, Tally

TYPE_VALUES: Final = 20
ROOM_VALUES: Final = 1_000
EXACT_VALUES: Final = 10_000
BOUND_CALLERS: Final = 10
FORM_VALUES: Final = 100
"""Values after which a form that no other text has by chance (UUID, date, time) counts as part of the type."""
SHOWN_VALUES: Final = 10
"""Values after which answers are described more closely: nothing is ever held against an answer's values."""
_RARE: Final = 1_000


def is_told(tally: Tally, *, few: bool) -> bool:
    """Whether it may be told as part of the API: enough callers have shown it, or there are only a few in all."""
    return tally.is_shown_by_enough or few


def has_type(told: Iterable[Tally], others: Iterable[Tally]) -> bool:
    """Whether values are surely of the told types; `others` are the types that too few callers have shown."""
    return _holds(told, others, TYPE_VALUES, ENOUGH_CALLERS)


def has_form(told: Iterable[Tally], others: Iterable[Tally]) -> bool:
    """Whether texts surely have a form that no other text has by chance."""
    return _holds(told, others, FORM_VALUES, ENOUGH_CALLERS)


def has_room(told: Iterable[Tally]) -> bool:
    """Whether a bound that leaves room is earned."""
    return _holds(told, (), ROOM_VALUES, BOUND_CALLERS)


def is_exact(told: Iterable[Tally], others: Iterable[Tally] = ()) -> bool:
    """Whether a bound that leaves no room is earned; `others` are the exceptions."""
    return _holds(told, others, EXACT_VALUES, BOUND_CALLERS)


def _holds(told: Iterable[Tally], others: Iterable[Tally], values: int, callers: int) -> bool:
    known = list(told)
    count = sum(tally.count for tally in known)
    if count < values or len(set[int]().union(*(tally.callers for tally in known))) < callers:
        return False
    rest = [tally for tally in others if tally.count]
    if not rest:
        return True
    who = set[int]().union(*(tally.callers for tally in rest))
    is_rare = sum(tally.count for tally in rest) * _RARE <= count
    return count >= ROOM_VALUES and is_rare and len(who) < ENOUGH_CALLERS
