"""One description while it is read: its tree, its problems and its budget, and a cursor over it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from apiward.core.api import Problem
from apiward.core.jsonvalue import Json, Pointer
from apiward.spec.limits import Limits
from apiward.spec.pointers import pointer_text

_KINDS = ((bool, "true or false"), (int | float, "a number"), (str, "text"), (list, "a list"), (dict, "an object"))


def kind_of(value: Json) -> str:
    """Return the plain word for what kind of value this is."""
    return next((word for kind, word in _KINDS if isinstance(value, kind)), "nothing")


@dataclass(slots=True)
class Journal:
    """What was noticed while reading, without repeats and bounded; and the time that is left."""

    limits: Limits
    clock: Callable[[], float]
    started_s: float
    problems: dict[Problem, None] = field(default_factory=dict)
    left_out: int = 0

    def note(self, pointer: Pointer, message: str) -> None:
        """Keep one problem; beyond the bound only count it."""
        problem = Problem(pointer_text(pointer), message)
        if problem in self.problems:
            return
        if len(self.problems) >= self.limits.max_problems:
            self.left_out += 1
            return
        self.problems[problem] = None

    def is_late(self) -> bool:
        """Whether the time for this reading is over."""
        return self.clock() - self.started_s > self.limits.max_seconds

    def all(self) -> tuple[Problem, ...]:
        """Return every problem kept, with a last word on those left out."""
        if not self.left_out:
            return tuple(self.problems)
        return (*self.problems, Problem("", f"{self.left_out} more problems were found and are not listed."))


@dataclass(slots=True)
class Document:
    """The tree of one description with what its readers share."""

    root: dict[str, Json]
    source: str
    journal: Journal

    def top(self) -> "Node":
        """Return the cursor at the root."""
        return Node(self.root, (), self)


@dataclass(frozen=True, slots=True)
class Node:
    """One value of the tree and where it stands. Wrong types become problems, never errors."""

    value: Json
    pointer: Pointer
    document: Document

    def note(self, message: str, *steps: str | int) -> None:
        """Keep a problem at this place, or at `steps` below it."""
        self.document.journal.note((*self.pointer, *steps), message)

    def has(self, key: str) -> bool:
        """Whether this is an object with that member, null or not."""
        return isinstance(self.value, dict) and key in self.value

    def says(self, key: str, wanted: str) -> bool:
        """Whether the member is that text."""
        return isinstance(self.value, dict) and self.value.get(key) == wanted

    def is_on(self, key: str) -> bool:
        """Whether the member is exactly true."""
        return isinstance(self.value, dict) and self.value.get(key) is True

    def is_off(self, key: str) -> bool:
        """Whether the member is exactly false."""
        return isinstance(self.value, dict) and self.value.get(key) is False

    def child(self, key: str) -> "Node | None":
        """Return the member, or None where it is missing or null."""
        if not isinstance(self.value, dict):
            return None
        value = self.value.get(key)
        return None if value is None else Node(value, (*self.pointer, key), self.document)

    def members(self) -> Iterator[tuple[str, "Node"]]:
        """Yield every member of this object; anything but an object is a problem."""
        if not isinstance(self.value, dict):
            self.note(f"Expected an object here, found {kind_of(self.value)}.")
            return
        for key, value in self.value.items():
            yield key, Node(value, (*self.pointer, key), self.document)

    def entries(self, key: str) -> Iterator[tuple[str, "Node"]]:
        """Yield the members of the object at `key`, none where it is missing."""
        child = self.child(key)
        if child is not None:
            yield from child.members()

    def elements(self, key: str) -> Iterator["Node"]:
        """Yield the items of the list at `key`; anything but a list is a problem."""
        child = self.child(key)
        if child is None:
            return
        if not isinstance(child.value, list):
            child.note(f"Expected a list here, found {kind_of(child.value)}.")
            return
        for index, value in enumerate(child.value):
            yield Node(value, (*child.pointer, index), self.document)

    def text(self, key: str) -> str:
        """Return the text at `key`; numbers are written out, an object or a list is a problem."""
        child = self.child(key)
        if child is None:
            return ""
        if isinstance(child.value, dict | list):
            child.note(f"Expected text here, found {kind_of(child.value)}.")
            return ""
        return child.value if isinstance(child.value, str) else str(child.value)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return the texts of the list at `key`; what is no text is a problem."""
        found: list[str] = []
        for item in self.elements(key):
            if isinstance(item.value, str):
                found.append(item.value)
            else:
                item.note(f"Expected text here, found {kind_of(item.value)}.")
        return tuple(found)

    def flag(self, key: str) -> bool:
        """Return the boolean at `key`; "true" as text counts, everything else is a problem."""
        child = self.child(key)
        if child is None:
            return False
        if isinstance(child.value, bool):
            return child.value
        child.note(f"Expected true or false here, found {kind_of(child.value)}.")
        return child.value == "true"
