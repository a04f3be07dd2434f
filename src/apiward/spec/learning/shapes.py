"""The shape of the JSON values of one place: types, properties, elements, each with who has shown it."""

from typing import Final

from apiward.core.jsonvalue import Json
from apiward.spec.learning.peaks import Peaks
from apiward.spec.learning.scalars import Numbers, Texts, Witness
from apiward.spec.learning.tallies import Tally, give_way, mapping, row
from apiward.spec.learning.texts import IDENTIFYING, look_of

MOST_PROPERTIES: Final = 120
MOST_DEPTH: Final = 10
MOST_ITEMS: Final = 24
"""Elements of one list that are looked at; of a longer one, the first and some of the rest."""
MOST_KEY: Final = 128


class Shape:
    """What was seen in one place. `others` is the shape of what stands under keys that are data, as in a map."""

    __slots__ = ("counts", "items", "numbers", "others", "properties", "texts", "types")

    def __init__(self) -> None:
        self.types: dict[str, Tally] = {}
        self.properties: dict[str, Shape] = {}
        self.others: Shape | None = None
        self.items: Shape | None = None
        self.counts = Peaks()
        self.texts: Texts | None = None
        self.numbers: Numbers | None = None

    @property
    def count(self) -> int:
        """How many values were seen."""
        return sum(tally.count for tally in self.types.values())

    @property
    def callers(self) -> int:
        """How many callers have shown a value here, as far as they are told apart."""
        return len(set[int]().union(*(tally.callers for tally in self.types.values())))

    def tally(self) -> Tally:
        """Return how often any value was seen, and by whom."""
        return Tally(self.count, set[int]().union(*(tally.callers for tally in self.types.values())))

    def add(self, name: str, value: Json, witness: Witness, depth: int = 0) -> None:
        """Take in one value of a field called `name`."""
        kind = type_of(value)
        tally = self.types.get(kind)
        if tally is None:
            tally = self.types[kind] = Tally()
        if tally.add(witness.caller):
            witness.news = True
        if isinstance(value, str):
            texts = self.texts = self.texts or Texts()
            texts.add(name, value, witness)
        elif isinstance(value, int | float):
            if kind != "boolean":
                numbers = self.numbers = self.numbers or Numbers()
                numbers.add(witness.caller, value)
        elif depth < MOST_DEPTH:
            self._add_below(name, value, witness, depth + 1)

    def _add_below(self, name: str, value: Json, witness: Witness, depth: int) -> None:
        if isinstance(value, dict):
            self._add_members(value, witness, depth)
        elif isinstance(value, list):
            self._add_items(name, value, witness, depth)

    def _add_members(self, value: dict[str, Json], witness: Witness, depth: int) -> None:
        properties = self.properties
        for name, child in value.items():
            below = properties.get(name)
            if below is None:
                below = self._below(name, witness)
                if below is None:
                    continue
            below.add(name, child, witness, depth)

    def _below(self, name: str, witness: Witness) -> "Shape | None":
        """Return where a value under a name that is new goes, or None where there is no room."""
        is_full = len(self.properties) >= MOST_PROPERTIES
        is_data = len(name) > MOST_KEY or look_of(name) in IDENTIFYING
        if (is_full or witness.room <= 0) and not is_data:
            gone = give_way(self.properties, Shape.tally)
            witness.room += gone.size() if gone is not None else 0
            is_data = is_full and gone is None
        if is_data and self.others is not None:
            return self.others
        if witness.room <= 0:
            return None
        witness.room -= 1
        if is_data:
            self.others = Shape()
            return self.others
        below = self.properties[name] = Shape()
        return below

    def _add_items(self, name: str, value: list[Json], witness: Witness, depth: int) -> None:
        self.counts.add(witness.caller, len(value))
        if not value:
            return
        if self.items is None:
            if witness.room <= 0:
                return
            witness.room -= 1
            self.items = Shape()
        step = max(len(value) // MOST_ITEMS, 1)
        for child in value[::step][:MOST_ITEMS]:
            self.items.add(name, child, witness, depth)

    def join(self, other: "Shape") -> None:
        """Take in what another worker saw."""
        for kind, tally in other.types.items():
            self.types.setdefault(kind, Tally()).join(tally)
        for name, below in other.properties.items():
            if name in self.properties or len(self.properties) < MOST_PROPERTIES:
                self.properties.setdefault(name, Shape()).join(below)
            else:
                self.others = _joined(self.others, below)
        self.others = _joined(self.others, other.others)
        self.items = _joined(self.items, other.items)
        self.counts.join(other.counts)
        if other.texts is not None:
            self.texts = self.texts or Texts()
            self.texts.join(other.texts)
        if other.numbers is not None:
            self.numbers = self.numbers or Numbers()
            self.numbers.join(other.numbers)

    def state(self) -> Json:
        """Return it as JSON."""
        return [
            {kind: tally.state() for kind, tally in self.types.items()},
            {name: below.state() for name, below in self.properties.items()},
            None if self.others is None else self.others.state(),
            None if self.items is None else self.items.state(),
            self.counts.state(),
            None if self.texts is None else self.texts.state(),
            None if self.numbers is None else self.numbers.state(),
        ]

    @classmethod
    def from_state(cls, state: Json) -> "Shape":
        """Return what `state` gave. Raises ValueError."""
        types, properties, others, items, counts, texts, numbers = row(state, 7)
        made = cls()
        made.types = {kind: Tally.from_state(one) for kind, one in mapping(types).items() if kind in TYPES}
        made.properties = {name: cls.from_state(one) for name, one in mapping(properties).items()}
        made.others = None if others is None else cls.from_state(others)
        made.items = None if items is None else cls.from_state(items)
        made.counts = Peaks.from_state(counts)
        made.texts = None if texts is None else Texts.from_state(texts)
        made.numbers = None if numbers is None else Numbers.from_state(numbers)
        return made

    def size(self) -> int:
        """Return how many places there are below, this one counted."""
        parts = [*self.properties.values(), self.others, self.items]
        return 1 + sum(part.size() for part in parts if part is not None)

    def thin(self) -> None:
        """Let go of the properties that too few callers have shown."""
        self.properties = {name: one for name, one in self.properties.items() if one.tally().is_shown_by_enough}
        for below in (*self.properties.values(), self.others, self.items):
            if below is not None:
                below.thin()

    def paths(self, prefix: str = "") -> frozenset[str]:
        """Return the names of all properties below, with the way to them."""
        found: set[str] = set()
        for name, below in self.properties.items():
            found |= {f"{prefix}.{name}"} | below.paths(f"{prefix}.{name}")
        if self.items is not None:
            found |= self.items.paths(f"{prefix}[]")
        return frozenset(found)


TYPES: Final = frozenset({"null", "boolean", "integer", "number", "string", "array", "object"})


def type_of(value: Json) -> str:
    """Return the JSON type of a value; a number that is written with a point is no integer."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "number"
    return "string" if isinstance(value, str) else "object" if isinstance(value, dict) else "array"


def _joined(mine: Shape | None, theirs: Shape | None) -> Shape | None:
    if theirs is None:
        return mine
    mine = mine or Shape()
    mine.join(theirs)
    return mine
