"""What was learned of the API itself: its kinds of objects, where their ids stand, which fields name people."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from apiward.core.jsonvalue import Json

ENOUGH_PEOPLE: Final = 4
"""So many different callers must show the same before it is believed: three who agree to deceive are not enough."""
_ENOUGH_ACCESSES: Final = 60
"""Rightful requests after which it can be told whether colleagues reach for each other's objects."""
_BY_MATES: Final = 0.03
"""Beside all rightful requests, so many by colleagues are no accident."""
_OFTEN: Final = 0.5
_ENOUGH_LISTED: Final = 40
_WHOLE: Final = 0.95
_ENOUGH_SERVED: Final = 12
_SERVED: Final = 0.02
_MOST_FLAGS: Final = 12
_FEW_FLAGGED: Final = 5
_BY_CHANCE: Final = 0.001
"""So seldom only owners would read as many records, if colleagues read them as often as those that say the contrary."""
_KEPT_PEOPLE: Final = 8
_MOST_COUNT: Final = 1 << 20
MOST_KINDS: Final = 500
MOST_SLOTS: Final = 2_000
MOST_FIELDS: Final = 60
"""Fields of one kind that are looked at."""


@dataclass(slots=True)
class Votes:
    """How often something was so, in how many cases, and by how many callers (some of them, by their marks)."""

    cases: int = 0
    hits: int = 0
    people: set[int] = field(default_factory=set)
    most: int = _MOST_COUNT
    """Beyond so many cases the older ones count half."""

    def count(self, *, is_hit: bool, who: int) -> None:
        """Count one case."""
        self.cases += 1
        if is_hit:
            self.hits += 1
            if len(self.people) < _KEPT_PEOPLE:
                self.people.add(who)
        if self.cases > self.most:
            self.cases //= 2
            self.hits //= 2

    @property
    def share(self) -> float:
        """Of all cases, so many were so."""
        return self.hits / self.cases if self.cases else 0.0

    def is_sure(self, cases: int, share: float) -> bool:
        """Whether enough callers have shown it often enough."""
        return self.cases >= cases and self.share >= share and len(self.people) >= ENOUGH_PEOPLE


@dataclass(slots=True)
class FieldModel:
    """One field of a kind: whether it names the caller in what the caller made, and in what was shown unasked."""

    made: Votes = field(default_factory=Votes)
    shown: Votes = field(default_factory=Votes)
    team: Votes = field(default_factory=Votes)
    somebody: Votes = field(default_factory=lambda: Votes(most=100))
    is_list: bool = False

    @property
    def names_owner(self) -> bool:
        """Whether it names whose the object is."""
        if self.is_list:
            return False
        if self.made.cases >= 6:
            return self.made.is_sure(6, 0.97)
        return self.shown.is_sure(12, 0.97) and self.somebody.share >= 0.97

    @property
    def names_person(self) -> bool:
        """Whether it names people who may reach the object, among them at times the caller."""
        if self.is_list:
            return self.somebody.is_sure(8, 0.9) and len(self.shown.people | self.made.people) >= ENOUGH_PEOPLE
        return self.somebody.is_sure(12, 0.95) and len(self.shown.people | self.made.people) >= ENOUGH_PEOPLE

    @property
    def names_team(self) -> bool:
        """Whether it names the team of the caller."""
        return not self.is_list and self.team.is_sure(12, 0.93)


@dataclass(slots=True)
class KindModel:
    """One kind of object, named by the path of its collection (`/notes`)."""

    name: str
    first_day: int = 0
    objects: int = 0
    callers: int = 0
    studied: int = 0
    mates: Votes = field(default_factory=Votes)
    """Of what was shown to one caller unasked, how much had been shown to a colleague before."""
    strangers: Votes = field(default_factory=Votes)
    """Of what was shown to one caller unasked, how much had been shown before to somebody who is no colleague."""
    reached: Votes = field(default_factory=Votes)
    """Of the requests by callers who have no right of their own, how many were by colleagues of the owner."""
    rightful: Votes = field(default_factory=Votes)
    """Of the requests for single objects of whose callers it could be told, how many had a right."""
    whole: Votes = field(default_factory=Votes)
    """Of the requests for single objects by callers who list, how many were for what they have a right of their own."""
    desk: Votes = field(default_factory=Votes)
    """Of the single objects that staff has reached for, how many were known to be others'."""
    fields: dict[str, FieldModel] = field(default_factory=dict)
    has_list: bool = False
    """Whether one of these lists people who take part: found out anew where the fields are looked through."""
    flags: dict[str, Votes] = field(default_factory=dict)
    """For what is so or not (`private=True`): of the single records that were read, how many by the named owner."""
    links: Votes = field(default_factory=Votes)
    """Secrets that the API has made for single objects, by who asked for them."""
    link_sizes: set[int] = field(default_factory=set)
    """How long they were."""
    id_keys: dict[str, int] = field(default_factory=dict)
    """Under which key the id stands in records, by how often it was found there."""

    @property
    def may_be_shared(self) -> bool:
        """Whether colleagues may reach each other's objects: where they are shown them, or as long as nobody knows."""
        mates = self.mates
        if mates.cases < 10 or mates.hits >= 0.2 * mates.cases or self.rightful.hits < _ENOUGH_ACCESSES:
            return True
        return self.is_reached_by_mates

    def count_flags(self, record: Mapping[str, Json], *, is_mine: bool, who: int) -> None:
        """Count what is so or not of a record that was rightly read, and whether by its owner."""
        for name, value in _flags(record):
            flag = f"{name}={value}"
            votes = self.flags.get(flag)
            if votes is None and len(self.flags) < _MOST_FLAGS:
                votes = self.flags[flag] = Votes()
            if votes is not None:
                votes.count(is_hit=is_mine, who=who)

    def is_alone(self, record: Mapping[str, Json]) -> bool:
        """Whether a record says that colleagues, who see others of its kind, do not see this one."""
        return self.is_shared and any(self._sets_apart(name, value) for name, value in _flags(record))

    def _sets_apart(self, name: str, value: bool) -> bool:  # noqa: FBT001 - a value of a record
        """Whether only owners read what says this, and colleagues read what says the contrary."""
        votes, others = self.flags.get(f"{name}={value}"), self.flags.get(f"{name}={not value}")
        if votes is None or others is None or others.cases < 12 or others.share > 0.7:
            return False
        is_no_chance = votes.is_sure(_FEW_FLAGGED, 1.0) and others.share**votes.cases <= _BY_CHANCE
        return is_no_chance or votes.is_sure(12, 0.97)

    @property
    def is_reached_by_mates(self) -> bool:
        """Whether colleagues reach for each other's objects, though lists do not show them."""
        return len(self.reached.people) >= 2 and self.reached.hits >= _BY_MATES * self.rightful.hits

    @property
    def is_shared(self) -> bool:
        """Whether it is known that colleagues are shown each other's objects."""
        return self.mates.cases >= 10 and self.mates.share >= 0.2

    @property
    def is_personal(self) -> bool:
        """Whether it is known that colleagues are but strangers here, and nobody takes part beside the owner."""
        return (
            not self.may_be_shared
            and not self.reached.people
            and not any(one.is_list and one.somebody.share >= _OFTEN for one in self.fields.values())
        )

    @property
    def is_by_list(self) -> bool:
        """Whether records list who takes part, and lists show colleagues nothing of each other's."""
        return self.has_list and self.mates.cases >= 10 and self.mates.share < 0.2

    @property
    def lists_are_whole(self) -> bool:
        """Whether callers who list reach for nothing but what lists have shown them, or what they have made."""
        return self.whole.is_sure(_ENOUGH_LISTED, _WHOLE)

    @property
    def is_served(self) -> bool:
        """Whether staff may be here for others: as long as it is not known that it never comes to what is theirs.

        Where callers are well known, most of what staff opens for them is known to be theirs.
        """
        is_known = self.rightful.hits >= _ENOUGH_ACCESSES and self.desk.cases >= _ENOUGH_SERVED
        return not is_known or self.desk.share > _SERVED

    @property
    def is_private(self) -> bool:
        """Whether enough was seen to say that callers have things of their own here."""
        return self.rightful.hits >= 12 and len(self.rightful.people) >= ENOUGH_PEOPLE

    @property
    def is_public(self) -> bool:
        """Whether objects are shown to callers who have nothing to do with each other."""
        return self.strangers.is_sure(20, 0.5)


@dataclass(slots=True)
class SlotModel:
    """One place of one operation where ids stand. `kind` is empty where it is not known of which kind."""

    key: str
    kind: str
    first_day: int = 0
    links: dict[str, Votes] = field(default_factory=dict)
    is_likely: bool = False
    """Whether the kind was told by the name of the place and one value. It is still voted on."""
    seen: set[str] = field(default_factory=set)
    """Some different values that stood there, as long as it is not known of which kind they are."""
    rightful: Votes = field(default_factory=Votes)
    """Of the requests by callers of whom it could be told, how many had a right."""
    foreign_people: set[int] = field(default_factory=set)

    @property
    def is_public(self) -> bool:
        """Whether many callers reach for what is not theirs: then it is no secret, or it was not understood."""
        return len(self.foreign_people) >= ENOUGH_PEOPLE and self.rightful.share < 0.6


def _flags(record: Mapping[str, Json]) -> Iterator[tuple[str, bool]]:
    """Yield what is so or not of a record."""
    return ((name, value) for name, value in record.items() if isinstance(value, bool) and len(name) <= 60)
