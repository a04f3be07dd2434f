"""Which fields of a kind of object name its owner, people who may reach it, or a team; and what one record says."""

from dataclasses import dataclass
from typing import Final

from apiward.access.ownership.judging import Judge
from apiward.access.ownership.letting_in import PEOPLE
from apiward.access.ownership.memory import ALONE, NAMED, TEAMED, Memory
from apiward.access.ownership.model import MOST_FIELDS, FieldModel, KindModel
from apiward.access.ownership.people import People, Person
from apiward.access.ownership.records import LIST, Record, at, fields_of
from apiward.access.ownership.texts import text_of
from apiward.core.objects import Whose
from apiward.spec.meaning.naming import singular, words

_STUDIED: Final = 400
"""Records of a kind that are studied one by one; later only some are."""
_SOME: Final = 16
_MOST_MEMBERS: Final = 20


@dataclass(frozen=True, slots=True)
class Said:
    """What one record says: whose it is, and whom it names."""

    whose: Whose
    owner: int = 0
    how: int = NAMED
    named: frozenset[int] = frozenset()


class NamingFields:
    """Studies records, and reads them."""

    def __init__(self, people: People, memory: Memory, judge: Judge) -> None:
        self._people = people
        self._memory = memory
        self._judge = judge
        self._roles: dict[str, tuple[int, tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {}

    def roles(self, kind: KindModel) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        """Return the fields that name the owner, people, and teams."""
        known = self._roles.get(kind.name)
        if known is not None and known[0] == kind.studied // _SOME:
            return known[1:]
        owners = tuple(name for name, one in kind.fields.items() if one.names_owner)
        people = tuple(name for name, one in kind.fields.items() if name not in owners and one.names_person)
        teams = tuple(name for name, one in kind.fields.items() if name not in owners and one.names_team)
        kind.has_list = any(name.endswith(LIST) for name in people)
        self._roles[kind.name] = kind.studied // _SOME, owners, people, teams
        return owners, people, teams

    def says(self, kind: KindModel, kind_mark: int, record: Record, person: Person) -> Said | None:
        """Return what a record says of whose it is, None where it says nothing."""
        owner_fields, people_fields, team_fields = self.roles(kind)
        is_listed = names_in_list(record, person)
        is_alone = kind.is_alone(record)
        if not (owner_fields or people_fields or team_fields or is_listed):
            return None
        owners = self._names(record, owner_fields)
        named = frozenset(self._names(record, people_fields)) | (frozenset({person.name}) if is_listed else frozenset())
        teams = [self._people.team(text) for text in _texts(record, team_fields)]
        owner, how = (self._memory.person(owners[0]) or owners[0] if owners else 0), NAMED
        if teams and not is_alone and (not owner or kind.is_shared):
            owner, how = teams[0], TEAMED
        elif owner and is_alone:
            how = ALONE
        if not person.names.isdisjoint(owners):
            return Said(Whose.OWN, owner, how, named)
        if is_listed or not person.names.isdisjoint(named):
            return Said(Whose.OWN, owner, how, named)
        if is_alone:
            return Said(Whose.FOREIGN, owner, how, named) if owner else None
        if kind.may_be_shared and not person.teams.isdisjoint(teams):
            return Said(Whose.MATE, owner, how, named)
        if not owner:
            return Said(Whose.UNKNOWN, 0, how, named) if named else None
        if owners and self._judge.are_mates(kind, kind_mark, owner, person) and not teams:
            return Said(Whose.MATE, owner, how, named)
        return Said(Whose.FOREIGN, owner, how, named)

    def is_of_people(self, kind: KindModel) -> bool:
        """Return whether the objects of a kind are people, as in a list of a team: their ids are names of callers."""
        ids = kind.id_keys
        return bool(ids) and max(ids, key=ids.__getitem__) in self.roles(kind)[1]

    def is_named_owner(self, kind: KindModel, record: Record, person: Person) -> bool:
        """Return whether the record names the caller as its owner."""
        return not person.names.isdisjoint(self._names(record, self.roles(kind)[0]))

    def lists_all(self, kind: KindModel, record: Record) -> bool:
        """Return whether a record lists all who take part, but for the one to whom it belongs.

        So it is where a kind has a list of people in all its records, and lists show colleagues nothing of it.
        """
        if kind.is_shared:
            return False
        lists = [name for name in self.roles(kind)[1] if name.endswith(LIST)]
        return any(isinstance(record.get(name.removesuffix(LIST).partition(".")[0]), list) for name in lists)

    def listed_in(self, record: Record) -> frozenset[int]:
        """Return who is named in lists within a record, as those who take part are listed."""
        found = set()
        for value in record.values():
            if isinstance(value, list):
                for member in value[:_MOST_MEMBERS]:
                    text = "" if isinstance(member, dict | list) else text_of(member)
                    mark = self._people.named(text) if text and len(text) <= 100 else 0
                    if mark and ("@" in text or self._memory.person(mark)):
                        found.add(mark)
        return frozenset(found)

    def study(self, kind: KindModel, record: Record, person: Person, *, is_made: bool) -> None:
        """Count what the fields of a record name, that the caller has made or was shown unasked."""
        kind.studied += 1
        if kind.studied > _STUDIED and kind.studied % _SOME:
            return
        seen: dict[str, tuple[bool, bool, bool]] = {}
        for name, value in fields_of(record):
            text = text_of(value)
            if not text or len(text) > 100 or (name not in kind.fields and len(kind.fields) >= MOST_FIELDS):
                continue
            if name.endswith(LIST) and text.isdigit() and not _is_of_people(name):
                continue  # the numbers of products are those of people, too
            mark = self._people.named(text)
            is_me = mark in person.names
            is_team = bool(person.teams) and self._people.team(text) in person.teams
            is_one = is_me or bool(self._memory.person(mark))
            before = seen.get(name, (False, False, True))
            seen[name] = before[0] or is_me, before[1] or is_team, before[2] and is_one
        for name, (is_me, is_team, is_one) in seen.items():
            model = kind.fields.get(name)
            if model is None:
                model = kind.fields[name] = FieldModel(is_list=name.endswith(LIST))
            (model.made if is_made else model.shown).count(is_hit=is_me, who=person.name)
            model.somebody.count(is_hit=is_one, who=person.name)
            if person.teams:
                model.team.count(is_hit=is_team, who=person.name)

    def _names(self, record: Record, fields: tuple[str, ...]) -> list[int]:
        return [self._people.named(text) for text in _texts(record, fields)]


def _is_of_people(name: str) -> bool:
    """Return whether a field is named after people."""
    return any(singular(word) in PEOPLE for word in words(name))


def names_in_list(record: Record, person: Person) -> bool:
    """Return whether a list within a record names the caller, as those with whom something is shared are listed."""
    for value in record.values():
        if isinstance(value, list) and value:
            for member in value[:_MOST_MEMBERS]:
                if isinstance(member, dict):
                    if any(text_of(one) in person.texts for one in member.values() if isinstance(one, str)):
                        return True
                elif isinstance(member, str | int) and text_of(member) in person.texts:
                    return True
    return False


def _texts(record: Record, fields: tuple[str, ...]) -> list[str]:
    return [text for name in fields for value in at(record, name) if (text := text_of(value))]
