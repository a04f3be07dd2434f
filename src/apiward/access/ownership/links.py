"""Secrets that open single objects to whoever shows them: those that were seen, and those from before the guard."""

import re
from typing import Final

from apiward.access.ownership.book import Book
from apiward.access.ownership.judging import Judge
from apiward.access.ownership.memory import Memory, Thing, day_of
from apiward.access.ownership.model import ENOUGH_PEOPLE, KindModel
from apiward.access.ownership.people import Person
from apiward.core.api import SAFE_METHODS
from apiward.core.call import Call

_LINK_DAYS: Final = 30
"""So long links may turn up that were made before the guard was there."""
_MOST_BELIEVED: Final = 3
"""Objects of one kind for which one caller is believed to hold such a link."""
_ENOUGH_OLD: Final = 2
"""Callers who have come with such links, after which it is known that there are some."""
_QUIET_DAYS: Final = 5
"""Days without a new one, after which those that are in use have turned up."""
_LEAST_SECRET: Final = 16
_SECRET: Final = re.compile(r"[A-Za-z0-9_~.-]{16,200}")


class Links:
    """Tells whether a request shows what opens an object."""

    def __init__(self, book: Book, memory: Memory, judge: Judge, warm_up_days: int) -> None:
        self._book = book
        self._memory = memory
        self._judge = judge
        self._warm_up_days = warm_up_days

    def open(self, call: Call, kind: KindModel, thing: Thing) -> bool:
        """Whether the request shows a secret that opens the object, and that somebody with a right was given."""
        if not call.query_pairs:
            return False
        texts = [value for _, value in call.query_pairs if len(value) >= _LEAST_SECRET]
        if any(self._memory.opens(text, thing.base) for text in texts[:8]):
            return True
        makers = (self._memory.offered_link(text, thing.base) for text in texts[:8])
        return any(by and self._judge.may_let_in(by, thing, is_sharing=kind.may_be_shared) for by in makers)

    def may_open(self, call: Call, person: Person, kind: KindModel, thing: Thing, *, is_ruled: bool) -> bool:
        """Whether the request shows what may be a secret from before the guard was there. Believed for a time."""
        days = (day_of(call.started_s) - kind.first_day) % 65_536
        if not call.query_pairs or call.method not in SAFE_METHODS or days >= _LINK_DAYS:
            return False
        is_warming = days < self._warm_up_days and not is_ruled
        text = next((value for _, value in call.query_pairs if is_secret(value, kind, is_warming=is_warming)), "")
        mark = self._book.kind_mark(kind.name)
        memory, now_s = self._memory, call.started_s
        if not text or memory.opens_another(text, thing.base) or memory.was_made(thing):
            return False
        if days >= self._warm_up_days and not self._are_there_old(mark, now_s):
            return False
        who = person.name if person.is_known else memory.client(call.client)
        believed = memory.believed(mark, who)
        if believed >= _MOST_BELIEVED:
            return False
        if not believed:
            memory.count_old_link(mark, now_s)
        memory.count_believed(mark, who, now_s)
        memory.keep_link(text, thing.base, now_s)
        return True

    def _are_there_old(self, kind_mark: int, now_s: float) -> bool:
        """Whether several callers have come with links that are older than the guard, and one not long ago."""
        count, last_day = self._memory.old_links(kind_mark)
        return count >= _ENOUGH_OLD and (day_of(now_s) - last_day) % 65_536 <= _QUIET_DAYS


def is_secret(text: str, kind: KindModel, *, is_warming: bool) -> bool:
    """Whether a text looks like the secrets that open single objects of a kind."""
    if not _SECRET.fullmatch(text) or text.isalpha() or text.isdigit():
        return False
    if len(kind.links.people) >= ENOUGH_PEOPLE:
        return len(text) in kind.link_sizes
    return is_warming
