"""What is known of each operation: the places of a request where ids may stand, and what its answers may show."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from apiward.access.ownership.marks import Marks
from apiward.access.ownership.model import MOST_KINDS, MOST_SLOTS, KindModel, SlotModel, Votes
from apiward.access.ownership.records import Record, fields_of
from apiward.access.ownership.texts import canonical, text_of
from apiward.core.api import SAFE_METHODS
from apiward.core.call import Call
from apiward.core.jsonvalue import Json, NotJson
from apiward.spec.meaning.naming import nouns, plain, singular, words

MOST_OPERATIONS: Final = 2_000
_MOST_FREE: Final = 12
_PARAMETER: Final = re.compile(r"\{[^{}/]*\}")
_ID_NAMES: Final = ("id", "uuid", "guid", "oid", "pk")
_ID_WORDS: Final = frozenset({"id", "ids", "uuid", "guid", "ref", "slug", "number", "key"})
_LATER_NAMES: Final = ("key", "slug", "ref", "reference", "code", "number", "handle", "name")
_LONGEST_ID: Final = 80


@dataclass(slots=True)
class OperationModel:
    """One operation. `collection` is its path where it ends with a word, and empty where it ends with an id."""

    key: str
    template: str
    is_read: bool
    method: str
    path_slots: tuple[SlotModel, ...]
    collection: str
    kind_mark: int
    free: dict[str, SlotModel] = field(default_factory=dict)
    desk: Votes = field(default_factory=Votes)
    """Of what it lists to staff, how much is known to belong to others."""


class Book:
    """All operations, slots and kinds that were met. Bounded."""

    def __init__(self, marks: Marks) -> None:
        self._marks = marks
        self.operations: dict[str, OperationModel] = {}
        self.kinds: dict[str, KindModel] = {}
        self.slots: dict[str, SlotModel] = {}
        self.kind_marks: dict[str, int] = {}
        self._namesakes: dict[str, frozenset[str]] = {}

    def operation(self, method: str, template: str, key: str, day: int) -> OperationModel | None:
        """Return what is known of an operation, None where there are too many."""
        known = self.operations.get(key)
        if known is not None:
            return known
        if len(self.operations) >= MOST_OPERATIONS:
            return None
        plain_template = _PARAMETER.sub("{}", template)
        slots: list[SlotModel] = []
        head = ""
        for part in plain_template.split("/")[1:]:
            if "{}" in part:
                slots.append(self._slot(f"{key} path.{len(slots)}", head, day))
            head = f"{head}/{part}"
        collection = "" if plain_template.rstrip("/").endswith("}") else plain_template.rstrip("/")
        made = OperationModel(
            key,
            plain_template,
            method in SAFE_METHODS,
            method,
            tuple(slots),
            collection,
            self._marks.of("kind", collection),
        )
        self.operations[key] = made
        return made

    def kind(self, name: str, day: int) -> KindModel:
        """Return what is known of a kind."""
        known = self.kinds.get(name)
        if known is None:
            known = KindModel(name, day)
            if len(self.kinds) < MOST_KINDS:
                self.kinds[name] = known
        return known

    def kind_mark(self, name: str) -> int:
        """Return the mark of a kind."""
        mark = self.kind_marks.get(name)
        if mark is None:
            mark = self.kind_marks[name] = self._marks.of("kind", name)
        return mark

    def free_slot(self, operation: OperationModel, place: str, day: int) -> SlotModel | None:
        """Return the slot at a place of query or body, None where an operation has too many."""
        known = operation.free.get(place)
        if known is None and len(operation.free) < _MOST_FREE:
            known = operation.free[place] = self._slot(f"{operation.key} {place}", "", day)
        return known

    def kind_by_name(self, slot: SlotModel) -> str:
        """Return the one kind after which a place is named (`body.order_id`), or an empty text."""
        parts = words(slot.key.rpartition(" ")[2].partition(".")[2])
        if len(parts) < 2 or parts[-1] not in _ID_WORDS:
            return ""
        wanted = singular(parts[-2])
        fitting = [
            name
            for name, kind in self.kinds.items()
            if kind.objects and "{}" not in name and nouns(name)[-1:] == (wanted,)
        ]
        return fitting[0] if len(fitting) == 1 else ""

    def likely_kinds(self, slot: SlotModel) -> frozenset[str]:
        """Return the same as `kinds_of_namesakes`, kept until a place gets a kind: it is asked in each request."""
        found = self._namesakes.get(slot.key)
        if found is None:
            if len(self._namesakes) >= MOST_SLOTS:
                self._namesakes.clear()
            found = self._namesakes[slot.key] = self.kinds_of_namesakes(slot)
        return found

    def set_kind(self, slot: SlotModel, kind: str, *, is_likely: bool = False) -> None:
        """Remember of which kind the ids at a place are."""
        if kind and (kind != slot.kind or is_likely != slot.is_likely):
            slot.kind, slot.is_likely = kind, is_likely
            self.forget_namesakes()

    def forget_namesakes(self) -> None:
        """Look anew at which kinds stand under which names: one has come."""
        self._namesakes.clear()

    def kinds_of_namesakes(self, slot: SlotModel) -> frozenset[str]:
        """Return the kinds whose ids stand under the same name at other operations."""
        name = slot.key.rpartition(" ")[2].partition(".")[2]
        if name.isdigit():
            return frozenset()
        return frozenset(
            one.kind
            for one in self.slots.values()
            if one.kind and not one.is_likely and one is not slot and one.key.endswith(f".{name}")
        )

    def _slot(self, key: str, kind: str, day: int) -> SlotModel:
        known = self.slots.get(key)
        if known is None:
            known = SlotModel(key, kind, day)
            if len(self.slots) < MOST_SLOTS:
                self.slots[key] = known
        return known


def query_ids(call: Call) -> Iterator[tuple[str, str]]:
    """Yield places and values of the query that may be ids."""
    for name, value in call.query_pairs[:_MOST_FREE]:
        if 0 < len(value) <= _LONGEST_ID and " " not in value and len(name) <= 40:
            yield f"query.{name}", canonical(value)


def body_ids(call: Call) -> Iterator[tuple[str, str]]:
    """Yield places and values of the body that may be ids."""
    value = call.value
    pairs: Iterator[tuple[str, Json]] = iter(call.form_pairs)
    if not isinstance(value, NotJson):
        pairs = fields_of(value) if isinstance(value, dict) else iter(())
    count = 0
    for name, one in pairs:
        text = text_of(one)
        if text and is_id_like(text) and len(name) <= 60:
            count += 1
            yield f"body.{name}", text
            if count >= _MOST_FREE:
                return


def is_id_like(text: str) -> bool:
    """Return whether a text may be an id: one short word or number."""
    return 0 < len(text) <= _LONGEST_ID and " " not in text


def id_of(kind: KindModel, record: Record) -> tuple[str, str]:
    """Return under which key a record of a kind has its id, and the id; empty texts where it has none."""
    if kind.id_keys:
        best = max(kind.id_keys, key=kind.id_keys.__getitem__)
        if best in record:
            return best, text_of(record[best])
    by_name = {plain(name): name for name in list(record)[:60]}
    noun = (nouns(kind.name.replace("{}", "{x}")) or ("",))[-1]
    for wanted in (*_ID_NAMES, f"{noun}id", noun, *_LATER_NAMES):
        name = by_name.get(wanted)
        if name and wanted:
            text = text_of(record[name])
            if text and is_id_like(text):
                return name, text
    return "", ""
