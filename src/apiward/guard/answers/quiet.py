"""The quick look: whether an answer keeps to its shape and holds no name that needs a second look."""

from itertools import compress
from typing import Final

from apiward.core.jsonvalue import Json
from apiward.guard.answers.caring import Care, Policy
from apiward.guard.answers.shapes import OPEN, Shape

MAX_DEPTH: Final = 100
"""Levels that are looked at; what stands deeper goes on as it is."""
MAX_KNOWN_NAMES: Final = 4_096
_NESTED: Final = frozenset({dict, list})
_IS_NESTED: Final = _NESTED.__contains__


class Glance:
    """Looks at values for one policy. Remembers what undeclared names promise, within a bound."""

    __slots__ = ("_alone", "_listed", "_max_items", "_policy")

    def __init__(self, policy: Policy, *, max_items: float) -> None:
        self._policy = policy
        self._max_items = max_items
        self._alone: dict[str, Care] = {}
        self._listed: dict[str, Care] = {}

    def is_quiet(self, node: Json, shape: Shape, depth: int = 0, *, is_in_list: bool = False) -> bool:
        """Return whether `node` can go as it is, as far as names and shape tell."""
        if isinstance(node, list):
            return self._is_quiet_list(node, shape, depth)
        if not isinstance(node, dict) or depth > MAX_DEPTH:
            return True
        members = shape.members
        if members is None:
            return self._is_quiet_unknown(node, depth, is_in_list=is_in_list)
        if node.keys() <= members.keys() or not shape.is_closed:
            if shape.watched and not self._is_unwatched(node, shape):
                return False
            if not shape.is_closed:
                return self._is_quiet_below(node, members, depth, is_in_list=is_in_list)
            # Often there are only values, and short lists of texts.
            for value in compress(node.values(), map(_IS_NESTED, map(type, node.values()))):
                if (
                    value.__class__ is not list
                    or len(value) > self._max_items
                    or not _NESTED.isdisjoint(map(type, value))
                ):
                    return self._is_quiet_closed(node, members, depth, is_in_list=is_in_list)
            return True
        return False

    def promised(self, name: str, *, is_in_list: bool) -> Care:
        """Return what an undeclared name promises."""
        known = self._listed if is_in_list else self._alone
        care = known.get(name)
        if care is None:
            care = self._policy.promised(name, is_declared=False, is_in_list=is_in_list)
            if len(known) < MAX_KNOWN_NAMES:
                known[name] = care
        return care

    def _is_quiet_list(self, node: list[Json], shape: Shape, depth: int) -> bool:
        if depth > MAX_DEPTH:
            return True
        if len(node) > self._max_items:
            return False
        if _NESTED.isdisjoint(map(type, node)):
            return True
        items = shape.items or OPEN
        for item in node:
            kind = item.__class__
            if (kind is dict or kind is list) and not self.is_quiet(item, items, depth + 1, is_in_list=True):
                return False
        return True

    @staticmethod
    def _is_unwatched(node: dict[str, Json], shape: Shape) -> bool:
        for name in shape.watched:
            value = node.get(name)
            if value is not None and value is not True and value is not False:
                return False
        return True

    def _is_quiet_closed(
        self, node: dict[str, Json], members: dict[str, Shape], depth: int, *, is_in_list: bool
    ) -> bool:
        """Look below a node of which all names are declared."""
        for name, value in node.items():
            kind: type = value.__class__
            if kind in _NESTED and not self.is_quiet(
                value, members.get(name) or OPEN, depth + 1, is_in_list=is_in_list
            ):
                return False
        return True

    def _is_quiet_below(
        self, node: dict[str, Json], members: dict[str, Shape], depth: int, *, is_in_list: bool
    ) -> bool:
        for name, value in node.items():
            kind: type = value.__class__
            if kind in _NESTED:
                if not self.is_quiet(value, members.get(name) or OPEN, depth + 1, is_in_list=is_in_list):
                    return False
            elif name not in members and self.promised(name, is_in_list=is_in_list) is not Care.KEEP:
                return False
        return True

    def _is_quiet_unknown(self, node: dict[str, Json], depth: int, *, is_in_list: bool) -> bool:
        known = self._listed if is_in_list else self._alone
        for name, value in node.items():
            kind = value.__class__
            care = known.get(name) or self.promised(name, is_in_list=is_in_list)
            if care is not Care.KEEP and value is not None and kind is not bool:
                return False
            if (kind is dict or kind is list) and not self.is_quiet(value, OPEN, depth + 1, is_in_list=is_in_list):
                return False
        return True
