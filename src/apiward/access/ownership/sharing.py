"""Who may reach whose objects because the owner of the business said so."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from apiward.access.ownership.marks import Marks, short
from apiward.access.ownership.people import Person
from apiward.access.ownership.settings import ShareRule
from apiward.access.ownership.texts import canonical

_SHOWN: Final = 16
"""The last bits of a mark, which events do not show."""


class Shares:
    """The shares, by marks."""

    def __init__(self, rules: Iterable[ShareRule], marks: Marks) -> None:
        self._marks = marks
        self._until: dict[tuple[int, int, int], float] = {}
        for rule in rules:
            first, second = (self._named(name) for name in rule.between)
            scope = self._scope(rule)
            until_s = _until(rule.expires)
            self._until[first, second, scope] = self._until[second, first, scope] = until_s

    def __bool__(self) -> bool:
        return bool(self._until)

    def hold(self, person: Person, owner: int, kind: str, name: str, now_s: float) -> bool:
        """Return whether `person` may reach an object of `owner` by its id."""
        if not self._until:
            return False
        scopes = (0, self._marks.of("kind", kind), self._marks.of(f"one {kind}", name))
        whose = owner >> _SHOWN
        return any(
            self._until.get((name >> _SHOWN, whose, scope), 0.0) > now_s for name in person.names for scope in scopes
        )

    def _named(self, name: str) -> int:
        """Return what stands for a caller: the sign that events show, or the same made of a name."""
        if name.startswith("#"):
            return int(name[1:], 16)
        plain = name.partition(":")[2] or name
        return short(self._marks.of("name", canonical(plain.rpartition("|")[2]))) >> _SHOWN

    def _scope(self, rule: ShareRule) -> int:
        if rule.object:
            return self._marks.of(f"one {rule.kind}", canonical(rule.object))
        return self._marks.of("kind", rule.kind) if rule.kind else 0


def _until(text: str) -> float:
    if not text:
        return float("inf")
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
