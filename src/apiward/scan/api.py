"""What a check is, and how it says what it saw. Checks never import one another."""

from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.verdict import Confidence, Evidence, Outcome, Verdict
from apiward.scan.level import Level, Phase
from apiward.scan.scene import Scene

WHOLE_API: Final = "the whole API"
"""Stands for the operation in verdicts that speak of the host, so that a finding keeps its id from scan to scan."""

_RANKS: Final = (Outcome.NOT_RUN, Outcome.HOLDS, Outcome.UNSURE, Outcome.BROKEN)

Applies: TypeAlias = Callable[[Scene, Operation], bool]
Run: TypeAlias = Callable[[Scene, Operation], Coroutine[Any, Any, Verdict]]


@dataclass(frozen=True, slots=True)
class Check:
    """One check. `code` leads to its words in the catalogue.

    `applies` judges the operation's shape alone; what is missing at run time (an account, an
    object) is a NOT_RUN verdict with its reason. `is_passive` checks read what answers already
    say and may show a finding without a control exchange.
    """

    code: str
    applies: Applies
    run: Run
    level: Level = Level.READ
    phase: Phase = Phase.READS
    is_passive: bool = False


@dataclass(frozen=True, slots=True)
class Saying:
    """Makes the verdicts of one check on one operation."""

    check: str
    operation: str

    def holds(self, saw: str) -> Verdict:
        """Say that the weakness was looked for and is not there."""
        return Verdict(self.check, self.operation, Outcome.HOLDS, saw)

    def unsure(self, saw: str) -> Verdict:
        """Say that the answers allow no judgement."""
        return Verdict(self.check, self.operation, Outcome.UNSURE, saw)

    def not_run(self, why: str) -> Verdict:
        """Say that the check could not be made, and why."""
        return Verdict(self.check, self.operation, Outcome.NOT_RUN, why)

    def broken(
        self,
        saw: str,
        attack: Exchange,
        control: Exchange | None = None,
        *,
        more: tuple[Exchange, ...] = (),
        place: str = "",
        confidence: Confidence = Confidence.PROVED,
    ) -> Verdict:
        """Say that the weakness is there; these exchanges show it."""
        evidence = Evidence(attack, control, more)
        return Verdict(self.check, self.operation, Outcome.BROKEN, _sentence(saw), place, evidence, confidence)


def worst_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the verdict that says most against the API, the first of equals: a doubt outweighs a pass."""
    return max(verdicts, key=lambda one: _RANKS.index(one.outcome))


def _sentence(text: str) -> str:
    """Return the text as a sentence, as findings are read by people."""
    whole = text[:1].upper() + text[1:]
    return whole if whole.endswith((".", "…")) else f"{whole}."
