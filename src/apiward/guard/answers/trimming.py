"""The careful look: a copy of an answer without what must not leave, and what was taken away where."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from apiward.classify.fields import pair_name
from apiward.classify.kinds import Kind
from apiward.classify.names import kinds_of_name
from apiward.classify.signs import masked
from apiward.classify.values import MAX_TEXT, spans
from apiward.core.jsonvalue import NOT_JSON, Json, NotJson, Pointer, dotted
from apiward.guard.answers.caring import ALWAYS, ISSUED, Care, Policy, is_person
from apiward.guard.answers.quiet import MAX_DEPTH, Glance
from apiward.guard.answers.shapes import OPEN, Shape

HIDDEN: Final = "…"
"""Stands for a secret that the description says is always answered."""
MAX_PLACES: Final = 8
"""Places that are named in the log, of each rule."""
MIN_SUSPECT: Final = 7
"""Characters from which a text under an innocent name is looked at."""

_IN_NUMBERS: Final = frozenset({Kind.SECRET, Kind.PASSWORD, Kind.CARD_NUMBER})
"""Secrets that may be written as a number; a number under `tokens` is a count."""
Finder: TypeAlias = Callable[[bytes], object]
"""Returns something other than None where a piece of JSON may hold data of a kind to mask."""


@dataclass(slots=True)
class Trimmed:
    """What was found: by rule how often and where first. `is_changed` says whether the value differs."""

    counts: dict[str, int] = field(default_factory=dict)
    places: dict[str, dict[str, None]] = field(default_factory=dict)
    is_changed: bool = False

    def note(self, rule: str, pointer: Pointer, *, changes: bool = True) -> None:
        """Count one find; list positions are left out of the place, so that a list says it once."""
        self.counts[rule] = self.counts.get(rule, 0) + 1
        named = self.places.setdefault(rule, {})
        if len(named) < MAX_PLACES:
            named[dotted(tuple(step for step in pointer if isinstance(step, str)))[:120]] = None
        self.is_changed = self.is_changed or changes

    def add(self, other: "Trimmed") -> None:
        """Take over what was found in another piece of the same answer."""
        for rule, count in other.counts.items():
            self.counts[rule] = self.counts.get(rule, 0) + count
            named = self.places.setdefault(rule, {})
            if len(named) < MAX_PLACES:
                named.update(other.places[rule])
        self.is_changed = self.is_changed or other.is_changed


@dataclass(frozen=True, slots=True)
class Limits:
    """What is done besides secrets, with undeclared properties and with lists that are too long."""

    drops_undeclared: bool = True
    max_items: int = 1_000
    cuts_lists: bool = False


class Trimmer:
    """Trims values for one policy. `finds` says of a text whether it may hold data of a kind to mask."""

    __slots__ = ("_finds", "_glance", "_limits", "_policy")

    def __init__(self, policy: Policy, glance: Glance, limits: Limits, finds: Finder) -> None:
        self._finds = finds
        self._policy = policy
        self._glance = glance
        self._limits = limits

    def trimmed(self, value: Json, shape: Shape, found: Trimmed, *, looks_at_texts: bool) -> Json:
        """Return `value` as it may leave; what was done is written into `found`."""
        work = _Pass(self._policy, self._glance, self._limits, found, self._finds if looks_at_texts else None)
        return work.node(value, shape, (), "", Care.KEEP)


class _Pass:
    """One pass over one value."""

    __slots__ = ("_finds", "_found", "_glance", "_limits", "_policy")

    def __init__(self, policy: Policy, glance: Glance, limits: Limits, found: Trimmed, finds: Finder | None) -> None:
        self._policy = policy
        self._glance = glance
        self._limits = limits
        self._found = found
        self._finds = finds

    def node(self, value: Json, shape: Shape, pointer: Pointer, name: str, care: Care) -> Json:
        if len(pointer) > MAX_DEPTH:
            return value
        if isinstance(value, dict):
            return self._object(value, shape, pointer)
        if isinstance(value, list):
            return self._list(value, shape, pointer, name, care)
        return value

    def _list(self, value: list[Json], shape: Shape, pointer: Pointer, name: str, care: Care) -> list[Json]:
        if len(value) > self._limits.max_items:
            self._found.note("minimise.long-list", pointer, changes=self._limits.cuts_lists)
            if self._limits.cuts_lists:
                value = value[: self._limits.max_items]
        items = shape.items or OPEN
        below = (*pointer, 0)
        shown = (self._member(name, item, items, below, care) for item in value)
        return [item for item in shown if not isinstance(item, NotJson)]

    def _object(self, value: dict[str, Json], shape: Shape, pointer: Pointer) -> dict[str, Json]:
        kept: dict[str, Json] = {}
        is_in_list = 0 in pointer
        paired = pair_name(value) if "value" in value or "Value" in value else ""
        members = shape.members or {}
        for name, child in value.items():
            label = paired if paired and name in {"value", "Value"} else name
            below = members.get(name)
            if below is not None:
                care = shape.watched.get(name) or Care.KEEP
            elif shape.is_closed and self._drops(name, pointer):
                continue
            else:
                care = self._glance.promised(label, is_in_list=is_in_list)
                if care is Care.OF_PERSON:
                    care = Care.REMOVE if is_person(value) else Care.KEEP
            shown = self._shown(label, child, below or OPEN, (*pointer, name), care, shape)
            if not isinstance(shown, NotJson):
                kept[name] = shown
            elif name in shape.required:
                kept[name] = HIDDEN
        return kept

    def _drops(self, name: str, pointer: Pointer) -> bool:
        self._found.note("minimise.undeclared", (*pointer, name), changes=self._limits.drops_undeclared)
        return self._limits.drops_undeclared

    def _shown(
        self, name: str, value: Json, below: Shape, pointer: Pointer, care: Care, shape: Shape
    ) -> Json | NotJson:
        if pointer[-1] in shape.hidden and value is not None and not isinstance(value, bool):
            self._found.note("minimise.secret", pointer)
            return NOT_JSON
        return self._member(name, value, below, pointer, care)

    def _member(self, name: str, value: Json, shape: Shape, pointer: Pointer, care: Care) -> Json | NotJson:
        if isinstance(value, dict | list):
            return self.node(value, shape, pointer, name, care)
        if (care is Care.KEEP and self._finds is None) or value is None or isinstance(value, bool):
            return value
        if care is Care.REMOVE and not isinstance(value, str) and not kinds_of_name(name) & _IN_NUMBERS:
            return value
        text = value if isinstance(value, str) else str(value)
        if not text or (care is Care.KEEP and not self._is_suspect(text)):
            return value
        return self._text(name, value, text, pointer, care)

    def _is_suspect(self, text: str) -> bool:
        if self._finds is None or len(text) < MIN_SUSPECT:
            return False
        return self._finds(text.encode("utf-8", "replace")) is not None

    def _text(self, name: str, value: Json, text: str, pointer: Pointer, promised: Care) -> Json | NotJson:
        care, kind = self._policy.shown(name, text[:MAX_TEXT], pointer, promised)
        if kind is None:
            return value
        self._found.note(_rule(kind), pointer)
        if care is Care.REMOVE:
            return NOT_JSON
        return self._masked(kind, text) if isinstance(value, str) else masked(kind, text)

    def _masked(self, kind: Kind, text: str) -> str:
        """Return `text` with the pieces masked that are of kinds to mask, or all of it where no piece stands out."""
        wanted = self._policy.masked | ALWAYS | {Kind.API_KEY}
        pieces: list[str] = []
        done = 0
        for span in spans(text):
            if span.kind in wanted:
                pieces += [text[done : span.start], masked(span.kind, text[span.start : span.end])]
                done = span.end
        return "".join([*pieces, text[done:]]) if pieces else masked(kind, text)


def _rule(kind: Kind) -> str:
    if kind in ALWAYS or kind in ISSUED:
        return "minimise.secret"
    return "minimise.card" if kind is Kind.CARD_NUMBER else "minimise.personal"
