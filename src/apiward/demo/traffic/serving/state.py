"""Everything the API keeps: objects by kind and id, and the ids that are free again."""

import re
import uuid
from base64 import urlsafe_b64encode
from collections import deque
from random import Random
from typing import Final

from apiward.core.jsonvalue import Json
from apiward.demo.traffic.people import Tenant, User
from apiward.demo.traffic.things import TYPES, IdForm, Thing, ThingType

_CODE_SIGNS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
REST_S: Final = 7_200.0
"""For so long an id stays unused before it is given again: no session still has it in hand."""
_NO_SLUG: Final = re.compile(r"[^a-z0-9]+")
_GIVEN_AGAIN: Final = frozenset({IdForm.REUSED, IdForm.SLUG})
_FIRST_NUMBERS: Final = {"order": 3, "thread": 5, "invoice": 100}
"""Where the numbers of a kind begin; all others begin at 1."""


class State:
    """The database of the simulated API."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self.things: dict[str, dict[str, Thing]] = {name: {} for name in TYPES}
        self._last = {name: _FIRST_NUMBERS.get(name, 1) - 1 for name in TYPES}
        self._free: deque[int] = deque()
        self._gone: dict[tuple[str, str], float] = {}
        self._fresh: list[Thing] = []
        """What the answer that is being made is the first to name to somebody with a right."""
        self.now_s = 0.0
        self.lines = 0
        """How many messages were ever written."""

    def begin_answer(self) -> None:
        """Forget what the answer before was the first to name."""
        self._fresh.clear()

    def use(self, thing: Thing) -> None:
        """Keep that somebody with a right has sent or is shown the id of an object."""
        if not thing.is_used:
            thing.is_used = True
            self._fresh.append(thing)

    def lose_answer(self, sent: tuple[str, ...]) -> None:
        """Take that back, as nobody has got the answer, but for the ids that were sent."""
        for thing in self._fresh:
            thing.is_used = thing.id in sent

    def find(self, kind: str, full_id: str) -> Thing | None:
        """Return what stands under that id now."""
        return self.things[kind].get(full_id)

    def add(
        self,
        kind: str,
        title: str,
        owner: User | None,
        tenant: Tenant | None,
        fields: dict[str, Json] | None = None,
        *,
        parent: Thing | None = None,
        is_private: bool = False,
    ) -> Thing:
        """Make and keep an object."""
        type_ = TYPES[kind]
        key, text = self._new_id(type_, title, parent)
        thing = Thing(type_, text, key, owner, tenant, title, fields or {}, parent, is_private)
        self.things[kind][thing.full_id] = thing
        if parent is not None:
            parent.children.append(thing)
        else:
            if owner is not None:
                owner.things.setdefault(kind, []).append(thing)
            if tenant is not None:
                tenant.things.setdefault(kind, []).append(thing)
        return thing

    def remove(self, thing: Thing) -> None:
        """Take an object away, and what stands below it; some ids are given again later."""
        thing.is_gone = True
        kind = thing.type.name
        del self.things[kind][thing.full_id]
        if thing.type.form is IdForm.REUSED:
            self._free.append(int(thing.id))
        if thing.type.form in _GIVEN_AGAIN:
            self._gone[kind, thing.id] = self.now_s
        for child in tuple(thing.children):
            self.remove(child)
        if thing.parent is not None:
            thing.parent.children.remove(thing)
        else:
            if thing.owner is not None:
                thing.owner.things[kind].remove(thing)
            if thing.tenant is not None:
                thing.tenant.things[kind].remove(thing)

    def may_be_new(self, kind: str, full_id: str) -> bool:
        """Whether there is such an object, or soon may be another one under the id of one that is gone."""
        if full_id in self.things[kind]:
            return True
        return TYPES[kind].form in _GIVEN_AGAIN and not self._rests(kind, full_id, REST_S / 2)

    def _rests(self, kind: str, id_: str, for_s: float) -> bool:
        gone_s = self._gone.get((kind, id_))
        return gone_s is not None and self.now_s < gone_s + for_s

    def code(self, length: int) -> str:
        """Return random signs that people can read out."""
        return "".join([_CODE_SIGNS[int(self._rng.random() * 32)] for _ in range(length)])

    def secret(self) -> str:
        """Return a text that nobody guesses."""
        return f"{self._rng.getrandbits(128):032x}"

    def last_number(self, kind: str) -> int:
        """Return the highest number that a kind has reached."""
        return self._last[kind]

    def _new_id(self, kind: ThingType, title: str, parent: Thing | None) -> tuple[Json, str]:
        form = kind.form
        if form is IdForm.UUID:
            text = str(uuid.UUID(int=self._rng.getrandbits(128), version=4))
            return text, text
        if form is IdForm.SLUG:
            text = self._slug(kind.name, title)
            return text, text
        if form is IdForm.CODE:
            text = self.secret() if kind.name == "guest-order" else f"BK-{self.code(6)}"
            return text, text
        if form is IdForm.LOCAL and parent is not None:
            parent.last_number += 1
            return parent.last_number, str(parent.last_number)
        if form is IdForm.REUSED and self._free and not self._rests(kind.name, str(self._free[0]), REST_S):
            number = self._free.popleft()
            return number, str(number)
        self._last[kind.name] = number = self._last[kind.name] + 1
        if form is IdForm.ENCODED:
            text = urlsafe_b64encode(f"{kind.name}:{number}".encode()).decode()
            return text, text
        return number, str(number)

    def _slug(self, kind: str, title: str) -> str:
        slug, taken = _NO_SLUG.sub("-", title.lower()).strip("-"), self.things[kind]
        if slug not in taken and not self._rests(kind, slug, REST_S):
            return slug
        self._last[kind] += 1
        return f"{slug}-{self._last[kind] + 1}"
