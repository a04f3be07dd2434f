"""JSON text to a plain tree: repeated names noted, depth cut, half characters replaced."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from apiward.core.jsonvalue import Json, Pointer
from apiward.spec.document import Journal

_HALF_CHARACTER: Final = re.compile(r"\\u[dD][89a-fA-F]")
_MAX_DIGITS: Final = 300


@dataclass(slots=True)
class _Repeats:
    """Objects in which a name stands twice; kept whole so that their identity stays theirs."""

    found: list[tuple[dict[str, Json], str]] = field(default_factory=list)

    def members(self, pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        """Make one object of its pairs; the last of a name counts, as in most JSON readers."""
        made = dict(pairs)
        if len(made) != len(pairs):
            self._remember(made, pairs)
        return made

    def _remember(self, made: dict[str, Json], pairs: list[tuple[str, Json]]) -> None:
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                self.found.append((made, name))
            seen.add(name)


def parse_json_text(text: str, journal: Journal) -> Json:
    """Return the tree of `text`. Raises ValueError where it is no JSON, RecursionError where too deep."""
    repeats = _Repeats()
    tree: Json = json.loads(text, object_pairs_hook=repeats.members, parse_int=_whole)
    if repeats.found or _HALF_CHARACTER.search(text) or _is_deep(tree, journal.limits.max_depth):
        return _Tidier(journal, repeats).tidied(tree)
    return tree


def _whole(digits: str) -> int | float:
    # int() of very long texts is slow, and refused by Python beyond 4,300 digits
    return int(digits) if len(digits) <= _MAX_DIGITS else float(digits)


def _is_deep(tree: Json, limit: int) -> bool:
    level: list[Json] = [tree]
    for _ in range(limit):
        level = [child for parent in level for child in _values(parent) if isinstance(child, dict | list)]
        if not level:
            return False
    return True


def _values(value: Json) -> list[Json]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


class _Tidier:
    """The slow pass over a tree in which something is odd: it knows where everything stands."""

    def __init__(self, journal: Journal, repeats: _Repeats) -> None:
        self._journal = journal
        self._repeated: dict[int, list[str]] = {}
        for members, name in repeats.found:
            self._repeated.setdefault(id(members), []).append(name)

    def tidied(self, tree: Json) -> Json:
        """Return `tree` changed in place, with a problem for everything odd."""
        stack: list[tuple[Json, Pointer]] = [(tree, ())]
        while stack:
            parent, pointer = stack.pop()
            for name in self._repeated.get(id(parent), ()):
                self._journal.note((*pointer, _clean(name)), "This name stands twice; the last one counts.")
            if len(pointer) >= self._journal.limits.max_depth and isinstance(parent, dict | list) and parent:
                self._journal.note(pointer, "This is nested too deeply; what is below was left out.")
                parent.clear()
            for step, child in self._cleaned(parent):
                if isinstance(child, dict | list):
                    stack.append((child, (*pointer, step)))
        return _cleaned_leaf(tree)

    def _cleaned(self, parent: Json) -> Iterator[tuple[str | int, Json]]:
        if isinstance(parent, dict):
            members = [(_clean(key), _cleaned_leaf(child)) for key, child in parent.items()]
            parent.clear()
            parent.update(members)
            return iter(members)
        if isinstance(parent, list):
            parent[:] = [_cleaned_leaf(child) for child in parent]
            return iter(enumerate(parent))
        return iter(())


def _cleaned_leaf(value: Json) -> Json:
    return _clean(value) if isinstance(value, str) else value


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
