"""What a scan through the guard says of each finding: held, still broken, in the way of rightful calls, or unclear."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from apiward.app.patching.cases import Rule
from apiward.core.finding import Finding
from apiward.core.scan_report import CheckedItem, ScanReport
from apiward.core.verdict import Outcome

_SHUTS: Final = frozenset({"method-off", "require-role"})
"""Kinds of patches that refuse what used to be answered, on purpose."""

_ISSUED: Final = (
    "Perhaps the guard has not seen the API give out this log-in. Log in through the guard that runs, then name it "
    "with --guard"
)
"""What helps where the accounts of a scan came with a token: a guard for the test has never seen it."""


class After(StrEnum):
    """How a finding stands behind its rules."""

    HELD = "held"
    BROKEN = "still broken"
    IN_THE_WAY = "in the way"
    UNSURE = "unsure"
    NO_RULE = "no rule"


@dataclass(frozen=True, slots=True)
class Result:
    """Of one finding: how it stands now, and what was seen."""

    finding: Finding
    after: After
    saw: str

    @property
    def is_held(self) -> bool:
        """Whether the scan through the guard showed that it is held."""
        return self.after is After.HELD


@dataclass(frozen=True, slots=True)
class Seen:
    """What there is to judge by. `answered` are the operations that gave good answers before there was any rule.

    `shut` says of findings about single addresses whether the guard itself refuses them now.
    """

    report: ScanReport
    answered: frozenset[str]
    shut: Mapping[str, bool]


def items_of(finding: Finding, report: ScanReport) -> list[CheckedItem]:
    """Return what a finding's check said of its operation; of all, where it is about none that is described."""
    items = [item for item in report.items if item.check == finding.check]
    return [item for item in items if item.operation == finding.operation or finding.operation not in report.operations]


def judge(finding: Finding, rules: Iterable[Rule], seen: Seen) -> Result:
    """Return how a finding stands."""
    same = [one for one in seen.report.findings if one.check == finding.check and one.operation == finding.operation]
    if same:
        return Result(finding, After.BROKEN, same[0].saw)
    if finding.id in seen.shut:
        if seen.shut[finding.id]:
            return Result(finding, After.HELD, "the guard refuses this address")
        return Result(finding, After.BROKEN, "the address still answers")
    items = items_of(finding, seen.report)
    outcomes = {item.outcome for item in items}
    if outcomes == {Outcome.HOLDS} or (finding.operation not in seen.report.operations and Outcome.HOLDS in outcomes):
        return Result(finding, After.HELD, next(one.saw for one in items if one.outcome is Outcome.HOLDS))
    saw = next((one.saw for one in items if one.outcome is not Outcome.HOLDS), "the check could not be made")
    kinds = {str(rule.values.get("kind", rule.table)) for rule in rules}
    was_answered = finding.operation in seen.answered
    if was_answered and not kinds & _SHUTS and finding.operation not in seen.report.operations_answered:
        why = f"its rightful request got no good answer any more: {saw}"
        return Result(finding, After.IN_THE_WAY, f"{why}. {_ISSUED}" if "credential-issued" in kinds else why)
    return Result(finding, After.UNSURE, saw)
