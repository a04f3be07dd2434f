"""What was seen of one operation: who called it, with which parameters and bodies, and what it answered."""

from collections.abc import Iterable
from typing import Final

from apiward.core.jsonvalue import Json, NotJson
from apiward.core.observation import Observation
from apiward.spec.learning.scalars import Classify, Digest, Witness
from apiward.spec.learning.shapes import Shape
from apiward.spec.learning.tallies import Crowd, Tally, give_way, mapping, row, whole_number

MOST_ROOM: Final = 300
"""Places that one body or answer may have in all."""
MOST_ALONE: Final = 100 * MOST_ROOM
"""Places that an operation may have which shares its room with no other."""
MOST_NAMES: Final = 60
MOST_MEDIA: Final = 4
MOST_STATUSES: Final = 40
_NOISE: Final = frozenset({"_", "fbclid", "gclid", "msclkid", "dclid", "igshid", "mc_cid", "mc_eid"})
"""Query parameters that the web adds by itself; no API means them."""


class Part:
    """A query parameter, a header or a body: how often and by whom it came, what it held, whether it was repeated."""

    __slots__ = ("repeated", "room", "shape", "tally")

    def __init__(self) -> None:
        self.tally = Tally()
        self.shape = Shape()
        self.repeated = Tally()
        self.room = MOST_ROOM

    def add(self, name: str, value: Json, witness: Witness) -> None:
        """Take in one value. Each part has room of its own, so that nobody can take it from the others."""
        witness.room = before = min(self.room, witness.left)
        self.shape.add(name, value, witness)
        self.room -= before - witness.room
        witness.left -= before - witness.room

    def join(self, other: "Part") -> None:
        """Take in what another worker saw."""
        self.tally.join(other.tally)
        self.shape.join(other.shape)
        self.repeated.join(other.repeated)
        if self.shape.size() > MOST_ROOM:
            self.shape.thin()
        self.room = MOST_ROOM - self.shape.size()

    def state(self) -> Json:
        """Return it as JSON."""
        return [self.tally.state(), self.shape.state(), self.repeated.state()]

    @classmethod
    def from_state(cls, state: Json) -> "Part":
        """Return what `state` gave. Raises ValueError."""
        tally, shape, repeated = row(state, 3)
        made = cls()
        made.tally, made.shape = Tally.from_state(tally), Shape.from_state(shape)
        made.repeated = Tally.from_state(repeated)
        made.room = MOST_ROOM - made.shape.size()
        return made


class Seen:
    """All that was seen of one operation.

    `count` are the requests that it took, `quiet` those since the last news; `crowd` who sent them. `answers` go by
    "200 application/json". `shown` says how callers showed themselves where the request was taken, `unshown` how many
    showed nothing, and `turned_away` how many were refused that had shown nothing.
    """

    __slots__ = (
        *("answers", "bodies", "bodiless", "count", "crowd", "first_s", "headers", "last_s", "query", "quiet"),
        *("shown", "statuses", "turned_away", "unshown"),
    )

    def __init__(self) -> None:
        self.count = self.quiet = self.bodiless = self.unshown = self.turned_away = 0
        self.crowd = Crowd()
        self.first_s = self.last_s = 0.0
        self.query: dict[str, Part] = {}
        self.headers: dict[str, Tally] = {}
        self.bodies: dict[str, Part] = {}
        self.answers: dict[str, Part] = {}
        self.statuses: dict[str, int] = {}
        self.shown: dict[str, Tally] = {}

    def add(self, seen: Observation, caller: int, digest: Digest, classify: Classify, left: int = MOST_ALONE) -> int:
        """Take in one request that went well, with its answer; return how many of the places `left` that took."""
        witness = Witness(caller, digest, classify, 0, left)
        before = len(self.crowd)
        self.count += 1
        self.crowd.add(caller)
        self.first_s = min(self.first_s or seen.at_s, seen.at_s)
        self.last_s = max(self.last_s, seen.at_s)
        self._add_query(seen.query, witness)
        for name in seen.headers:
            _tally(self.headers, name, MOST_NAMES, witness)
        self._add_body(seen, witness)
        self.tell(seen.status)
        key = f"{seen.status} {seen.answer_type}".rstrip()
        answer = _part(self.answers, key, MOST_STATUSES, witness)
        if answer is not None and not isinstance(seen.answer, NotJson):
            answer.add("", seen.answer, witness)
        for way in seen.shown:
            _tally(self.shown, way, MOST_MEDIA, witness)
        self.unshown += not seen.shown
        self.quiet = 0 if witness.news or before < 4 <= len(self.crowd) else self.quiet + 1
        return left - witness.left

    def size(self) -> int:
        """Return how many places of values are known."""
        parts = (*self.query.values(), *self.bodies.values(), *self.answers.values())
        return sum(part.shape.size() for part in parts)

    def tell(self, status: int) -> None:
        """Note that such a status is answered."""
        key = str(status)
        if key in self.statuses or len(self.statuses) < MOST_STATUSES:
            self.statuses[key] = self.statuses.get(key, 0) + 1

    def turn_away(self, seen: Observation) -> None:
        """Take in a request that was not taken: of it, only the status counts, and whether it showed who calls."""
        self.tell(seen.status)
        self.turned_away += seen.status == 401 and not seen.shown

    def _add_query(self, pairs: Iterable[tuple[str, str]], witness: Witness) -> None:
        came: set[str] = set()
        repeated: set[str] = set()
        for name, text in pairs:
            plain = name.removesuffix("[]")
            if plain in _NOISE or plain.startswith("utm_"):
                continue
            if plain in came or plain != name:
                repeated.add(plain)
            part = _part(self.query, plain, MOST_NAMES, witness, is_first=plain not in came)
            came.add(plain)
            if part is not None:
                part.add(plain, text, witness)
        for plain in repeated & self.query.keys():
            self.query[plain].repeated.add(witness.caller)

    def _add_body(self, seen: Observation, witness: Witness) -> None:
        if not seen.body_type:
            self.bodiless += 1
            return
        part = _part(self.bodies, seen.body_type, MOST_MEDIA, witness)
        if part is None:
            return
        if not isinstance(seen.body, NotJson):
            part.add("", seen.body, witness)
        elif seen.form:
            part.add("", _object(seen.form), witness)

    def join(self, other: "Seen") -> None:
        """Take in what another worker saw."""
        for name in ("count", "quiet", "bodiless", "unshown", "turned_away"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.crowd.join(other.crowd)
        self.first_s = min(self.first_s or other.first_s, other.first_s or self.first_s)
        self.last_s = max(self.last_s, other.last_s)
        for parts, theirs, most in ((self.query, other.query, MOST_NAMES), (self.bodies, other.bodies, MOST_MEDIA),
                                    (self.answers, other.answers, MOST_STATUSES)):  # fmt: skip
            for key, part in theirs.items():
                if key in parts or len(parts) < most or give_way(parts, lambda one: one.tally) is not None:
                    parts.setdefault(key, Part()).join(part)
        for tallies, others, most in ((self.headers, other.headers, MOST_NAMES), (self.shown, other.shown, MOST_MEDIA)):
            for key, tally in others.items():
                if key in tallies or len(tallies) < most or give_way(tallies, lambda one: one) is not None:
                    tallies.setdefault(key, Tally()).join(tally)
        for key, count in other.statuses.items():
            if key in self.statuses or len(self.statuses) < MOST_STATUSES:
                self.statuses[key] = self.statuses.get(key, 0) + count

    def state(self) -> Json:
        """Return it as JSON."""
        return [
            [self.count, self.quiet, self.bodiless, self.unshown, self.turned_away],
            self.crowd.state(),
            [int(self.first_s), int(self.last_s)],
            {name: part.state() for name, part in self.query.items()},
            {name: tally.state() for name, tally in self.headers.items()},
            {name: part.state() for name, part in self.bodies.items()},
            {name: part.state() for name, part in self.answers.items()},
            dict[str, Json](self.statuses),
            {name: tally.state() for name, tally in self.shown.items()},
        ]

    @classmethod
    def from_state(cls, state: Json) -> "Seen":
        """Return what `state` gave. Raises ValueError."""
        counts, crowd, times, query, headers, bodies, answers, statuses, shown = row(state, 9)
        made = cls()
        made.count, made.quiet, made.bodiless, made.unshown, made.turned_away = map(whole_number, row(counts, 5))
        made.crowd = Crowd.from_state(crowd)
        made.first_s, made.last_s = map(float, map(whole_number, row(times, 2)))
        made.query = {name: Part.from_state(one) for name, one in mapping(query).items()}
        made.headers = {name: Tally.from_state(one) for name, one in mapping(headers).items()}
        made.bodies = {name: Part.from_state(one) for name, one in mapping(bodies).items()}
        made.answers = {name: Part.from_state(one) for name, one in mapping(answers).items()}
        made.statuses = {name: whole_number(one) for name, one in mapping(statuses).items()}
        made.shown = {name: Tally.from_state(one) for name, one in mapping(shown).items()}
        return made


def _part(parts: dict[str, Part], key: str, most: int, witness: Witness, *, is_first: bool = True) -> Part | None:
    part = parts.get(key)
    if part is None:
        if len(key) > 200:
            return None
        if len(parts) >= most or witness.left <= 0:
            gone = give_way(parts, lambda one: one.tally)
            if gone is None:
                return None
            witness.left += gone.shape.size()
        part = parts[key] = Part()
        witness.left -= 1
    if is_first and part.tally.add(witness.caller):
        witness.news = True
    return part


def _tally(tallies: dict[str, Tally], key: str, most: int, witness: Witness) -> None:
    tally = tallies.get(key)
    if tally is None:
        if len(key) > 200 or (len(tallies) >= most and not give_way(tallies, lambda one: one)):
            return
        tally = tallies[key] = Tally()
    if tally.add(witness.caller):
        witness.news = True


def _object(pairs: Iterable[tuple[str, str]]) -> Json:
    """Return a form as an object; what comes more than once is a list."""
    found: dict[str, Json] = {}
    for name, text in pairs:
        plain = name.removesuffix("[]")
        known = found.get(plain)
        if isinstance(known, list):
            known.append(text)
        elif plain in found:
            found[plain] = [known, text]
        else:
            found[plain] = [text] if plain != name else text
    return found
