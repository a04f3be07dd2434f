"""Path templates of requests that nothing describes: which parts of a path are ids, told by their form and number.

A small stand-in for what `spec.learning` does with whole descriptions: it only tells ids from words.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from apiward.access.ownership.model import ENOUGH_PEOPLE
from apiward.core.call import Call

MOST_NODES: Final = 20_000
"""Words of paths that are remembered, in all."""
_MANY: Final = 24
"""Different words in one place after which all words there are ids."""
_ID: Final = re.compile(
    r"\d+|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9a-fA-F]{16,}|(?=.*\d)[A-Za-z0-9_=~.+-]{9,}"
    r"|(?=.*\d)[A-Za-z]{1,4}-[A-Za-z0-9]{3,}|[^@/]+@[^@/]+"
)
_VERSION: Final = re.compile(r"v\d{1,3}")
_PROVEN: Final = 6
"""Words in one place that were proven to be ids, after which those of the same make are ids, too."""
_MOST_PROVEN: Final = 200
_MOST_WORDS: Final = 6
_MADE: Final = re.compile(r"[^A-Za-z]")
"""Words of routes seldom have other signs than letters."""


@dataclass(slots=True)
class _Proven:
    """Words in one place that were found as ids in answers, and by whom."""

    words: set[str] = field(default_factory=set)
    people: set[int] = field(default_factory=set)

    @property
    def is_pattern(self) -> bool:
        """Whether enough callers were shown enough of them, all with other signs than letters."""
        if len(self.words) < _PROVEN or len(self.people) < ENOUGH_PEOPLE:
            return False
        return all(_MADE.search(word) for word in self.words)


class Templates:
    """Gives each path its template, and learns where words are ids. Bounded."""

    def __init__(self, is_shown: Callable[[str, str], bool] = lambda _template, _part: False) -> None:
        """`is_shown` says whether a part was shown as an id in a list of that path."""
        self._is_shown = is_shown
        self._below: dict[str, set[str]] = {}
        self._open: set[str] = set()
        self._proven: dict[str, _Proven] = {}
        self._nodes = 0

    def read(self, call: Call) -> tuple[str, tuple[str, ...]]:
        """Return the template of the path (`/notes/{}`) and the ids in it."""
        template, arguments = "", []
        for part in call.path.split("/")[1:]:
            if self._is_id(template, part):
                arguments.append(part)
                part = "{}"  # noqa: PLW2901 - what stands in the template for it
            template = f"{template}/{part}"
        return template, tuple(arguments)

    def learn(self, call: Call) -> None:
        """Count the words of a path that the API knew."""
        template = ""
        for part in call.path.split("/")[1:]:
            is_id = self._is_id(template, part)
            if not is_id and template and self._nodes < MOST_NODES:
                self._count(template, part)
            template = f"{template}/{{}}" if is_id else f"{template}/{part}"

    def is_word(self, template: str, part: str) -> bool:
        """Return whether a part stands for itself, as far as is known."""
        return bool(part) and not self._is_id(template, part)

    def words(self, call: Call) -> list[tuple[str, str]]:
        """Return the parts of a path that are words, as far as is known, each with what stands before it."""
        found, template = [], ""
        for part in call.path.split("/")[1 : _MOST_WORDS + 1]:
            if self._is_id(template, part):
                break
            if template and part:
                found.append((template, part))
            template = f"{template}/{part}"
        return found

    def prove(self, template: str, part: str, who: int) -> None:
        """Learn that an answer has named a part as an id of that collection."""
        if _ID.fullmatch(part) is not None or _VERSION.fullmatch(part) is not None:
            return
        proven = self._proven.get(template)
        if proven is None:
            if len(self._proven) >= _MOST_PROVEN:
                return
            proven = self._proven[template] = _Proven()
        if len(proven.words) < _MOST_PROVEN:
            proven.words.add(part)
        if len(proven.people) < 2 * ENOUGH_PEOPLE:
            proven.people.add(who)

    def _is_id(self, template: str, part: str) -> bool:
        if template in self._open:
            return bool(part)
        if _ID.fullmatch(part) is not None:
            return _VERSION.fullmatch(part) is None
        if not part:
            return False
        proven = self._proven.get(template)
        if proven is not None and (part in proven.words or (_MADE.search(part) is not None and proven.is_pattern)):
            return _VERSION.fullmatch(part) is None
        return self._is_shown(template, part)

    def _count(self, template: str, part: str) -> None:
        words = self._below.setdefault(template, set())
        if part not in words:
            words.add(part)
            self._nodes += 1
            if len(words) > _MANY:
                self._open.add(template)
                self._nodes -= len(words)
                del self._below[template]
