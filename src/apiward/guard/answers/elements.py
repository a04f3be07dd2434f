"""Judges an answer piece by piece, for one that is too long to be held."""

from collections.abc import Callable

from apiward.core.jsonvalue import NOT_JSON, Json, NotJson
from apiward.guard.answers.plans import Plan
from apiward.guard.answers.reading import read, read_exactly, write
from apiward.guard.answers.shapes import Shape
from apiward.guard.answers.trimming import Limits, Trimmed


class Elements:
    """Judges the elements and members of one answer; `found` says what was taken away so far."""

    def __init__(self, plan: Plan, limits: Limits) -> None:
        self._plan = plan
        self._limits = limits
        self._seen = 0
        self.found = Trimmed()

    def opens(self, name: str) -> bool:
        """Whether the member is declared, or may leave undeclared."""
        self._seen = 0
        shape = self._plan.shape
        if not self._limits.drops_undeclared or not shape.is_closed or name in (shape.members or {}):
            return True
        self.found.note("minimise.undeclared", (name,))
        return False

    def element(self, name: str, raw: bytes) -> bytes | None:
        """Return one element as it may leave."""
        self._seen += 1
        if self._seen > self._limits.max_items and self._limits.cuts_lists:
            self.found.note("minimise.long-list", (name,))
            return None
        shape = self._plan.shape
        if not name:
            return self._trimmed(raw, shape, lambda value: [value], _first)
        return self._trimmed(raw, shape, lambda value: {name: [value]}, lambda value: _first(_named(value, name)))

    def member(self, name: str, raw: bytes) -> bytes | None:
        """Return the value of one member as it may leave."""
        return self._trimmed(raw, self._plan.shape, lambda value: {name: value}, lambda value: _named(value, name))

    def _trimmed(
        self, raw: bytes, shape: Shape, wrap: Callable[[Json], Json], unwrap: Callable[[Json], Json | NotJson]
    ) -> bytes | None:
        value = read(raw)
        if isinstance(value, NotJson):
            self.found.note("minimise.left-out", ())
            return None
        plan = self._plan
        hit = plan.finds(raw)
        wrapped = wrap(value)
        if hit is None and plan.glance.is_quiet(wrapped, shape):
            return raw
        exact = read_exactly(raw)
        wrapped = wrapped if isinstance(exact, NotJson) else wrap(exact)
        found = Trimmed()
        shown = unwrap(plan.trimmer.trimmed(wrapped, shape, found, looks_at_texts=hit is not None))
        self.found.add(found)
        if isinstance(shown, NotJson):
            return None
        return write(shown) if found.is_changed else raw


def _first(value: Json | NotJson) -> Json | NotJson:
    return value[0] if isinstance(value, list) and value else NOT_JSON


def _named(value: Json, name: str) -> Json | NotJson:
    return value.get(name, NOT_JSON) if isinstance(value, dict) else NOT_JSON
