"""What was seen of texts and numbers in one place: looks, lengths, kinds of data; no values, but those of lists."""

from collections.abc import Callable
from typing import Final, TypeAlias

from apiward.core.jsonvalue import Json
from apiward.spec.learning.earning import EXACT_VALUES
from apiward.spec.learning.peaks import Peaks
from apiward.spec.learning.tallies import Tally, mapping, row, whole_number
from apiward.spec.learning.texts import MAX_TEXT, Look, look_of

Digest: TypeAlias = Callable[[str], int]
"""Gives a number for a text, by a key that stays here: less than 2**48."""
Classify: TypeAlias = Callable[[str, str], frozenset[str]]
"""Gives the kinds of sensitive data that a text in a field of that name is."""

MOST_VALUES: Final = 16
"""Different values of a place that may be one of a list; with more it is none."""
LONGEST_VALUE: Final = 40
LISTED_FROM: Final = EXACT_VALUES * 9 // 10
"""Texts of a place before a value of it is written down in the clear."""
MOST_LOOKED_AT: Final = 40
"""Texts of one place that are classified."""
_LISTED: Final = frozenset({Look.WORD, Look.NAME})


class Witness:
    """Who shows something, how much may still be taken in, and whether it is news. `left` is the room of all parts."""

    __slots__ = ("caller", "classify", "digest", "left", "news", "room")

    def __init__(self, caller: int, digest: Digest, classify: Classify, room: int, left: int = 0) -> None:
        self.caller = caller
        self.digest = digest
        self.classify = classify
        self.room = room
        self.left = left
        self.news = False


class Texts:
    """The texts of one place. `values` are digests of its values with who showed them, None where there are many.

    `listed` holds values in the clear: of a list that is nearly earned, those that enough callers have shown.
    """

    __slots__ = ("kinds", "lengths", "listed", "looked_at", "looks", "values")

    def __init__(self) -> None:
        self.looks: dict[str, Tally] = {}
        self.lengths = Peaks()
        self.looked_at = 0
        self.kinds: dict[str, int] = {}
        self.values: dict[int, Tally] | None = {}
        self.listed: dict[int, str] = {}

    def add(self, name: str, text: str, witness: Witness) -> None:
        """Take in one text of a field called `name`."""
        look = look_of(text)
        tally = self.looks.get(look)
        if tally is None:
            tally = self.looks[look] = Tally()
        if tally.add(witness.caller):
            witness.news = True
        self.lengths.add(witness.caller, len(text))
        if self.looked_at < MOST_LOOKED_AT and text:
            self.looked_at += 1
            for kind in witness.classify(name, text[:MAX_TEXT]):
                self.kinds[kind] = self.kinds.get(kind, 0) + 1
        if self.values is not None:
            self._list(text, look, witness)

    def _list(self, text: str, look: Look, witness: Witness) -> None:
        if self.values is None or look not in _LISTED or len(text) > LONGEST_VALUE or self.kinds:
            self._forget_values()
            return
        digest = witness.digest(text)
        tally = self.values.get(digest)
        if tally is None:
            if len(self.values) >= MOST_VALUES:
                self._forget_values()
                return
            tally = self.values[digest] = Tally()
        tally.add(witness.caller)
        if digest not in self.listed and tally.is_shown_by_enough and self._count() >= LISTED_FROM:
            self.listed[digest] = text

    def _count(self) -> int:
        return sum(tally.count for tally in self.looks.values())

    def _forget_values(self) -> None:
        self.values = None
        self.listed.clear()

    def join(self, other: "Texts") -> None:
        """Take in what another worker saw."""
        for look, tally in other.looks.items():
            self.looks.setdefault(look, Tally()).join(tally)
        for kind, count in other.kinds.items():
            self.kinds[kind] = self.kinds.get(kind, 0) + count
        self.lengths.join(other.lengths)
        self.looked_at += other.looked_at
        mine, theirs = self.values, other.values
        if mine is None or theirs is None or len(mine.keys() | theirs.keys()) > MOST_VALUES or self.kinds:
            self._forget_values()
            return
        for digest, tally in theirs.items():
            mine.setdefault(digest, Tally()).join(tally)
        self.listed |= other.listed

    def state(self) -> Json:
        """Return it as JSON."""
        values: Json = None if self.values is None else {str(key): one.state() for key, one in self.values.items()}
        return [
            {str(look): tally.state() for look, tally in self.looks.items()},
            self.lengths.state(),
            self.looked_at,
            dict[str, Json](self.kinds),
            values,
            {str(key): text for key, text in self.listed.items()},
        ]

    @classmethod
    def from_state(cls, state: Json) -> "Texts":
        """Return what `state` gave. Raises ValueError."""
        looks, lengths, looked_at, kinds, values, listed = row(state, 6)
        made = cls()
        known = frozenset(Look)
        made.looks = {key: Tally.from_state(one) for key, one in mapping(looks).items() if key in known}
        made.lengths, made.looked_at = Peaks.from_state(lengths), whole_number(looked_at)
        made.kinds = {key[:40]: whole_number(one) for key, one in mapping(kinds).items()}
        made.values = None
        if values is not None:
            made.values = {int(key): Tally.from_state(one) for key, one in mapping(values).items()}
            texts = {int(key): one for key, one in mapping(listed).items()}
            made.listed = {key: one for key, one in texts.items() if isinstance(one, str) and key in made.values}
        return made


class Numbers:
    """The range of the numbers of one place: how far enough callers have gone above zero, and below."""

    __slots__ = ("above", "below")

    def __init__(self) -> None:
        self.above = Peaks()
        self.below = Peaks()

    def add(self, caller: int, number: float) -> None:
        """Take in one number."""
        if number > 0:
            self.above.add(caller, number)
        elif number < 0:
            self.below.add(caller, -number)

    def join(self, other: "Numbers") -> None:
        """Take in what another worker saw."""
        self.above.join(other.above)
        self.below.join(other.below)

    def state(self) -> Json:
        """Return it as JSON."""
        return [self.above.state(), self.below.state()]

    @classmethod
    def from_state(cls, state: Json) -> "Numbers":
        """Return what `state` gave. Raises ValueError."""
        made = cls()
        above, below = row(state, 2)
        made.above, made.below = Peaks.from_state(above), Peaks.from_state(below)
        return made
