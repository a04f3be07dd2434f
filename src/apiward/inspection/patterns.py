"""Rules as linear-time patterns: one gate for a whole family, then the rules one by one."""

from dataclasses import dataclass
from typing import Any, Final

import re2

from apiward.inspection.model import Sighting

_OPTIONS: Final[Any] = re2.Options()
_OPTIONS.case_sensitive = False
_OPTIONS.dot_nl = True
_OPTIONS.never_capture = True
_OPTIONS.max_mem = 64 << 20


@dataclass(frozen=True, slots=True)
class Rule:
    """One pattern (re2 syntax, case ignored, `.` matches line ends) with what a match means."""

    rule: str
    score: float
    why: str
    pattern: str


class RuleSet:
    """Some rules of one family. `search` gives the surest rule that matches."""

    __slots__ = ("_gate", "_rules")

    def __init__(self, *rules: Rule) -> None:
        """Compile once; the surest rules come first."""
        self._gate: Any = re2.compile("|".join(f"(?:{rule.pattern})" for rule in rules), _OPTIONS)
        ordered = sorted(rules, key=lambda rule: -rule.score)
        self._rules: tuple[tuple[Any, Sighting], ...] = tuple(
            (re2.compile(rule.pattern, _OPTIONS), Sighting(rule.rule, rule.score, rule.why)) for rule in ordered
        )

    def search(self, text: str) -> Sighting | None:
        """Return what the surest matching rule says, or None. Linear in the length of `text`."""
        if not self._gate.search(text):
            return None
        return next((seen for pattern, seen in self._rules if pattern.search(text)), None)


class Gate:
    """One question with a cheap answer: whether any place needs a closer look."""

    __slots__ = ("_pattern",)

    def __init__(self, *patterns: str) -> None:
        """Compile the alternatives as one pattern (re2 syntax, case ignored)."""
        self._pattern: Any = re2.compile("|".join(f"(?:{pattern})" for pattern in patterns), _OPTIONS)

    def opens(self, text: str) -> bool:
        """Return whether any of the patterns is found. Linear in the length of `text`."""
        return self._pattern.search(text) is not None
