"""In which order to act: the worst first, then the surest, then what gains most for the effort."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, Protocol, TypeVar

from apiward.catalogue.entries import CheckEntry
from apiward.core.finding import Finding, Severity
from apiward.core.verdict import Confidence


class Ranked(Protocol):
    """What can be put in order: a finding of a scan, or one that is kept."""

    @property
    def id(self) -> str: ...  # noqa: D102 - each as in Finding
    @property
    def check(self) -> str: ...  # noqa: D102
    @property
    def operation(self) -> str: ...  # noqa: D102
    @property
    def place(self) -> str: ...  # noqa: D102
    @property
    def severity(self) -> Severity: ...  # noqa: D102
    @property
    def confidence(self) -> Confidence: ...  # noqa: D102
    @property
    def saw(self) -> str: ...  # noqa: D102


R = TypeVar("R", bound=Ranked)
NOTHING_LIFTED: Final[Mapping[str, Severity]] = MappingProxyType({})
Cause = tuple[Finding, ...]
"""Findings of a scan with one cause, that is of one check; never empty, in the order to act on."""


def grouped(
    findings: Iterable[R], checks: Mapping[str, CheckEntry], lifted: Mapping[str, Severity] = NOTHING_LIFTED
) -> tuple[tuple[R, ...], ...]:
    """Return the findings by equal cause, that is by check; both causes and their findings in the order to act on.

    `checks` maps codes to entries, `lifted` ids to how bad a finding is through what it opens. No cause is empty.
    """
    causes: dict[str, list[R]] = {}
    for finding in findings:
        causes.setdefault(finding.check, []).append(finding)
    ready = [tuple(sorted(cause, key=_finding_rank)) for cause in causes.values()]
    return tuple(sorted(ready, key=lambda cause: cause_rank(cause, checks, lifted)))


def cause_rank(
    cause: Sequence[Ranked], checks: Mapping[str, CheckEntry], lifted: Mapping[str, Severity] = NOTHING_LIFTED
) -> tuple[int, bool, float, str]:
    """Return what sorts causes; `cause` is in its own order, and not empty."""
    first = cause[0]
    severity, is_unproved, *_ = _finding_rank(first)
    opened = max((lifted[one.id] for one in cause if one.id in lifted), default=Severity.NOTE)
    return (min(severity, -opened), is_unproved, -gain_per_hour(cause, checks.get(first.check)), first.check)


def gain_per_hour(cause: Sequence[Ranked], entry: CheckEntry | None) -> float:
    """Return how many places one hour of work puts right, by the usual effort; 0 where nobody knows that."""
    if entry is None:
        return 0.0
    usual_h = (entry.effort_h[0] + entry.effort_h[1]) / 2
    return len(cause) / max(usual_h, 0.1)


def _finding_rank(finding: Ranked) -> tuple[int, bool, str, str, str]:
    is_unproved = finding.confidence is not Confidence.PROVED
    return (-finding.severity, is_unproved, finding.operation, finding.place, finding.saw)
