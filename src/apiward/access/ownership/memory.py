"""What is remembered of objects and people: rows of 64 bits behind `core.ports.Facts`, and what their bits mean."""

from typing import Final, NamedTuple

from apiward.access.ownership.marks import Marks, joined, short
from apiward.core.ports import Facts

DAY_S: Final = 86_400
_DAY: Final = (1 << 16) - 1
_WORD: Final = (1 << 40) - 1
_HAS_LEFT: Final = 1 << 40
"""Stands beside the team of a caller who has left another one."""

NAMED, MADE, SHOWN, REACHED = 1, 2, 4, 8
"""How the owner of an object is known: named by the API, made it, was shown it first, reached it first."""
TEAMED: Final = NAMED | REACHED
"""The API has named a team as the owner."""
ALONE: Final = NAMED | SHOWN
"""It says of itself that colleagues do not see it."""
PARTLY: Final = SHOWN | REACHED
"""Was shown it as one of several who are listed in it: another one may be the owner."""

SEEN, CREATED, GIVEN, LISTED, BARRED, TOUCHED = 1, 2, 4, 8, 16, 32
"""Why somebody may reach an object: it was shown unasked, made, given by a holder of right, or its answer names them.
BARRED: reached as a stranger, so that what the object says of them does not count. TOUCHED is no right."""
RIGHTS: Final = SEEN | CREATED | GIVEN | LISTED
_NO_CLAIM: Final = BARRED
_BY: Final = 8
_REASONS: Final = (1 << _BY) - 1
"""The row of a right: its reasons, and above them the mark of who has offered it."""

_PERSON, _TEAM, _PAIR, _OWNED, _LINK, _ONCE, _SIZE, _THIEF, _BELIEVED, _FORMER = 11, 12, 13, 14, 15, 16, 17, 18, 19, 20
_OLD, _LISTER, _OFFERED = 21, 22, 23


class Thing(NamedTuple):
    """What is remembered of one object. `key` is its mark, `base` that of the object which has this id now."""

    key: int
    base: int
    owner: int
    how: int
    turn: int

    @property
    def is_known(self) -> bool:
        """Whether anything is known of whose it is."""
        return self.owner != 0


class Memory:
    """Rows about objects, rights and people.

    The row of an object holds the mark of its owner (40 bits), how that is known (4 bits), how often the id was
    given to another object (4 bits), and the day.
    """

    def __init__(self, facts: Facts, marks: Marks) -> None:
        self._facts = facts
        self._get = facts.get
        self._marks = marks

    def thing_key(self, kind: str, name: str) -> int:
        """Return the mark of an object."""
        return self._marks.of(kind, name)

    def thing(self, key: int) -> Thing:
        """Return what is remembered of an object."""
        row = self._get(key)
        turn = row >> 16 & 15
        return Thing(key, joined(key, turn) if turn else key, row >> 24 & _WORD, row >> 20 & 15, turn)

    def keep_owner(self, thing: Thing, owner: int, how: int, now_s: float, *, is_new: bool = False) -> None:
        """Remember whose an object is; `is_new` where another object has the id from now on."""
        turn = (thing.turn + 1) % 16 if is_new else thing.turn
        self._facts.put(thing.key, owner << 24 | how << 20 | turn << 16 | day_of(now_s))

    def take_over(self, thing: Thing, early: int) -> Thing:
        """Take over who reached an object first, where that was remembered under another mark; return the object."""
        row = self._get(early)
        if not row >> 24:
            return thing
        self._facts.put(thing.key, row & ~(15 << 16) | thing.turn << 16)
        return self.thing(thing.key)

    def forget(self, thing: Thing, now_s: float) -> None:
        """Remember that an object is gone: who had a right to it has none to the next one with its id."""
        self.keep_owner(thing, 0, 0, now_s, is_new=True)

    def right(self, base: int, who: int) -> int:
        """Return why somebody may reach an object."""
        return self._get(joined(base, who)) >> 16 & _REASONS

    def entry(self, base: int, who: int) -> tuple[int, int]:
        """Return why somebody may reach an object, and who has offered it to them, 0 where nobody has."""
        row = self._get(joined(base, who)) >> 16
        return row & _REASONS, row >> _BY

    def give(self, base: int, who: int, why: int, now_s: float) -> bool:
        """Remember why somebody may reach an object; whether that is new."""
        key = joined(base, who)
        if self._get(key) >> 16 & why == why:
            return False
        return not self._facts.merge(key, why << 16, day_of(now_s)) >> 16 & RIGHTS

    def clear(self, base: int, who: int, why: int, now_s: float) -> None:
        """Remember a right in the place of all that was known of it, as when somebody is let in on purpose."""
        self._facts.put(joined(base, who), why << 16 | day_of(now_s))

    def offer(self, base: int, who: int, by: int, now_s: float) -> None:
        """Remember that somebody wanted to let another one in, of whom it is not known whether they may."""
        key = joined(base, who)
        self._facts.put(key, (by << _BY | self._get(key) >> 16 & _REASONS) << 16 | day_of(now_s))

    def meet(self, names: frozenset[int], main: int, team: int, now_s: float) -> None:
        """Remember a caller: under which names, and of which team."""
        day = day_of(now_s)
        for name in names:
            self._facts.put(joined(name, _PERSON), main << 16 | day)
        before = self.team_of(main)
        if team and before != team:
            if before:
                self._facts.put(joined(main, _FORMER), before << 16 | day)
            self._facts.put(joined(main, _TEAM), (team | _HAS_LEFT if before else team) << 16 | day)
            self.add(team, _SIZE, day)

    def person(self, name: int) -> int:
        """Return the main name of the caller who has that name, 0 where nobody has it."""
        return self._get(joined(name, _PERSON)) >> 16

    def team_of(self, main: int) -> int:
        """Return the team of a caller, 0 where none is known."""
        return self._get(joined(main, _TEAM)) >> 16 & _WORD

    def teams_of(self, main: int) -> tuple[int, bool]:
        """Return the team of a caller, and whether there was another one before."""
        row = self._get(joined(main, _TEAM)) >> 16
        return row & _WORD, row > _WORD

    def former_team(self, main: int) -> int:
        """Return the team that a caller has left, 0 where none is known."""
        if not self._get(joined(main, _TEAM)) >> 16 & _HAS_LEFT:
            return 0
        return self._get(joined(main, _FORMER)) >> 16

    def size_of(self, team: int) -> int:
        """Return how many callers of a team were met."""
        return self._get(joined(team, _SIZE)) >> 16

    def pair(self, kind: int, first: int, second: int) -> int:
        """Return how many objects of a kind two callers were both shown."""
        return self._get(joined(_ordered(first, second, kind), _PAIR)) >> 16

    def count_pair(self, kind: int, first: int, second: int, now_s: float) -> None:
        """Count one object that two callers were both shown."""
        self.add(_ordered(first, second, kind), _PAIR, day_of(now_s))

    def owned(self, kind: int, owner: int) -> int:
        """Return how many objects of a kind somebody was found to own."""
        return self._get(joined(joined(kind, owner), _OWNED)) >> 16

    def count_owned(self, kind: int, owner: int, now_s: float) -> None:
        """Count one more."""
        self.add(joined(kind, owner), _OWNED, day_of(now_s))

    def keep_link(self, token: str, base: int, now_s: float) -> None:
        """Remember a secret text that opens an object to whoever shows it."""
        self._facts.put(joined(self._marks.of("link", token), _LINK), (base & _WORD) << 16 | day_of(now_s))

    def offer_link(self, token: str, base: int, by: int, now_s: float) -> None:
        """Remember who was given a secret for an object, of whom it is not known whether they have a right to it."""
        self._facts.put(joined(joined(self._marks.of("link", token), base), _OFFERED), by << 16 | day_of(now_s))

    def offered_link(self, token: str, base: int) -> int:
        """Return who was given a secret for an object, 0 where nobody was."""
        return self._get(joined(joined(self._marks.of("link", token), base), _OFFERED)) >> 16

    def opens(self, token: str, base: int) -> bool:
        """Return whether a text opens an object."""
        return self._get(joined(self._marks.of("link", token), _LINK)) >> 16 == base & _WORD

    def believed(self, kind: int, who: int) -> int:
        """Return for how many objects a caller was believed to hold a secret."""
        return self._get(joined(joined(kind, who), _BELIEVED)) >> 16

    def count_believed(self, kind: int, who: int, now_s: float) -> None:
        """Count one more."""
        self.add(joined(kind, who), _BELIEVED, day_of(now_s))

    def client(self, address: str) -> int:
        """Return what stands for the callers behind an address, who have not shown who they are."""
        return short(self._marks.of("client", address))

    def old_links(self, kind: int) -> tuple[int, int]:
        """Return how many callers were believed to hold a secret from before the guard, and the day of the last."""
        row = self._get(joined(kind, _OLD))
        return row >> 16, row & _DAY

    def count_old_link(self, kind: int, now_s: float) -> None:
        """Count one more."""
        self.add(kind, _OLD, day_of(now_s))

    def was_made(self, thing: Thing) -> bool:
        """Return whether the guard has seen how an object was made."""
        return bool(self.right(thing.base, thing.owner) & CREATED)

    def lists(self, kind: int, who: int) -> bool:
        """Return whether a caller was shown a list of a kind."""
        return bool(self._get(joined(joined(kind, who), _LISTER)))

    def keep_lister(self, kind: int, who: int, now_s: float) -> None:
        """Remember that a caller was shown a list of a kind."""
        self._facts.put(joined(joined(kind, who), _LISTER), 1 << 16 | day_of(now_s))

    def touch(self, base: int, who: int, now_s: float) -> bool:
        """Remember that somebody has reached an object; whether they had on an earlier day."""
        key = joined(base, who)
        row = self._get(key)
        if row >> 16 & TOUCHED:
            return row & _DAY != day_of(now_s)
        self._facts.merge(key, TOUCHED << 16, day_of(now_s))
        return False

    def opens_another(self, token: str, base: int) -> bool:
        """Return whether a text is known to open another object."""
        row = self._get(joined(self._marks.of("link", token), _LINK))
        return bool(row) and row >> 16 != base & _WORD

    def is_first_today(self, place: int, who: int, bit: int, now_s: float) -> bool:
        """Return whether that is the first time today for a caller at a place; `bit` tells what."""
        key, day = joined(joined(place, who), _ONCE), day_of(now_s)
        row = self._get(key)
        if row & _DAY == day and row >> 16 & bit:
            return False
        bits = row >> 16 if row & _DAY == day else 0
        self._facts.put(key, (bits | bit) << 16 | day)
        return True

    def is_thief(self, kind: int, who: int) -> bool:
        """Return whether a caller has reached for what is foreign: what they reach first is not theirs by that."""
        return bool(self._get(joined(joined(kind, who), _THIEF)))

    def keep_thief(self, kind: int, who: int, now_s: float) -> None:
        """Remember that a caller has reached for what is foreign."""
        self._facts.put(joined(joined(kind, who), _THIEF), 1 << 16 | day_of(now_s))

    def add(self, key: int, sort: int, day: int) -> None:
        """Count one more of a sort."""
        key = joined(key, sort)
        self._facts.put(key, ((self._get(key) >> 16) + 1 & _WORD) << 16 | day)


def day_of(now_s: float) -> int:
    """Return the day of a moment, as it is kept."""
    return int(now_s // DAY_S) & _DAY


def _ordered(first: int, second: int, kind: int) -> int:
    low, high = (first, second) if first < second else (second, first)
    return joined(joined(low, high), kind)
