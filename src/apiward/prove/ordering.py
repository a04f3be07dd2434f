"""In which order to act: the worst first, then the surest, then what gains most for the effort."""

from collections.abc import Iterable, Mapping

from apiward.catalogue.entries import CheckEntry
from apiward.core.finding import Finding
from apiward.core.verdict import Confidence

Cause = tuple[Finding, ...]
"""Findings with one cause, that is of one check; never empty, in the order to act on."""


def grouped(findings: Iterable[Finding], checks: Mapping[str, CheckEntry]) -> tuple[Cause, ...]:
    """Return the findings by equal cause, both the causes and their findings in the order to act on.

    `checks` maps codes to entries; raises KeyError for a finding whose check is not in it.
    """
    causes: dict[str, list[Finding]] = {}
    for finding in findings:
        causes.setdefault(finding.check, []).append(finding)
    ready = [tuple(sorted(cause, key=_finding_rank)) for cause in causes.values()]
    return tuple(sorted(ready, key=lambda cause: _cause_rank(cause, checks[cause[0].check])))


def ordered(findings: Iterable[Finding], checks: Mapping[str, CheckEntry]) -> tuple[Finding, ...]:
    """Return all findings in the order to act on, those with one cause side by side."""
    return tuple(finding for cause in grouped(findings, checks) for finding in cause)


def gain_per_hour(cause: Cause, entry: CheckEntry) -> float:
    """Return how many places one hour of work puts right, by the usual effort of the entry."""
    usual_h = (entry.effort_h[0] + entry.effort_h[1]) / 2
    return len(cause) / max(usual_h, 0.1)


def _finding_rank(finding: Finding) -> tuple[int, bool, str, str, str]:
    is_unproved = finding.confidence is not Confidence.PROVED
    return (-finding.severity, is_unproved, finding.operation, finding.place, finding.saw)


def _cause_rank(cause: Cause, entry: CheckEntry) -> tuple[int, bool, float, str]:
    worst = _finding_rank(cause[0])
    return (worst[0], worst[1], -gain_per_hour(cause, entry), entry.code)
