"""Whom somebody with a right lets in: by name in what they send, by what the object says, by a secret that is made."""

import re
from typing import Final

from apiward.access.ownership.book import Book, body_ids
from apiward.access.ownership.memory import BARRED, GIVEN, LISTED, RIGHTS, Memory, Thing, day_of
from apiward.access.ownership.people import People, Person
from apiward.access.ownership.reach import Grip, Reach
from apiward.access.ownership.records import fields_of
from apiward.access.ownership.texts import canonical, text_of
from apiward.core.call import Call
from apiward.core.jsonvalue import NotJson, leaves
from apiward.spec.meaning.naming import words

_TOKEN: Final = re.compile(r"[A-Za-z0-9_~.-]{16,200}")
_MOST_SIZES: Final = 4
PEOPLE: Final = frozenset(
    "account assignee author client collaborator contributor customer editor employee guest invitee member owner "
    "participant patient people person recipient reviewer student teacher to user users viewer with".split()
)
"""Words of places where a number may name somebody."""


class LettingIn:
    """Remembers who was let in."""

    def __init__(self, book: Book, memory: Memory, people: People) -> None:
        self._book = book
        self._memory = memory
        self._people = people

    def named(self, thing: Thing, named: frozenset[int], now_s: float) -> None:
        """Learn that those whom an object names may reach it, unless they have written that as strangers."""
        for other in named:
            main = self._memory.person(other) or other  # who was not met yet will come under that name
            if not self._memory.right(thing.base, main) & BARRED:
                self._memory.give(thing.base, main, LISTED, now_s)

    def by_name(self, call: Call, things: list[Thing], person: Person, *, is_rightful: bool = True) -> None:
        """Learn that those whom a holder of right names beside an object may reach it.

        Where it is not known whether the caller has a right, that is an offer: it counts once the right is known.
        """
        memory, now_s = self._memory, call.started_s
        for place, text in body_ids(call) if things else ():
            if text.isdigit() and PEOPLE.isdisjoint(words(place)):
                continue  # a number of pieces, or of another kind of thing, names nobody
            named = self._people.named(text)
            main = memory.person(named) or (named if "@" in text else 0)
            if main and main != person.name:
                for thing in things:
                    if not is_rightful:
                        memory.offer(thing.base, main, person.name, now_s)
                    elif memory.right(thing.base, main) & (RIGHTS | BARRED) != GIVEN:
                        memory.clear(thing.base, main, GIVEN, now_s)

    def acted(self, call: Call, reach: Reach, held: list[Grip], *, is_rightful: bool) -> None:
        """Learn from a deed: whom a caller named beside an object, which secret opens it, what was sent."""
        things = [grip.thing for grip in held if grip.thing is not None]
        self.by_name(call, things, reach.person, is_rightful=is_rightful)
        self.linked(call, reach, held, is_rightful=is_rightful)

    def linked(self, call: Call, reach: Reach, held: list[Grip], *, is_rightful: bool) -> None:
        """Learn which secrets open an object. Where it is not known whether the caller has a right, they are offers."""
        things = [grip.thing for grip in held if grip.thing is not None]
        if things and call.method == "POST" and isinstance(reach.value, dict):
            names = {grip.name for grip in held}
            for _, value in fields_of(reach.value):
                if isinstance(value, str) and len(value) <= 400:
                    for token in _TOKEN.findall(value):
                        if token not in names and any(letter.isdigit() for letter in token):
                            self._linked(held[-1], things[-1], token, call, reach.person, is_rightful=is_rightful)

    def _linked(self, grip: Grip, thing: Thing, token: str, call: Call, person: Person, *, is_rightful: bool) -> None:
        """Learn which secret opens an object, that the API makes secrets for its kind, and of which length."""
        if not is_rightful:
            self._memory.offer_link(token, thing.base, person.name, call.started_s)
            return
        self._memory.keep_link(token, thing.base, call.started_s)
        if canonical(token) in sent(call):
            return
        kind = self._book.kind(grip.slot.kind, day_of(call.started_s))
        kind.links.count(is_hit=True, who=person.name)
        if len(kind.link_sizes) < _MOST_SIZES:
            kind.link_sizes.add(len(token))


def sent(call: Call) -> frozenset[str]:
    """Return every scalar that a caller has sent: an id among them was not given by the API."""
    values = [] if isinstance(call.value, NotJson) else [value for _, value in leaves(call.value)]
    texts = [value for _, value in (*call.query_pairs, *call.form_pairs)]
    return frozenset(text for value in (*values, *texts) if (text := text_of(value)))
