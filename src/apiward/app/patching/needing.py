"""Which rules are not needed any more: what they hold is fixed in the API, as a scan of the API itself shows."""

from collections.abc import Iterable

from apiward.app.patching.cases import Rule
from apiward.app.patching.judging import items_of
from apiward.core.finding import Finding
from apiward.core.scan_report import ScanReport
from apiward.core.verdict import Outcome


def not_needed(rules: Iterable[Rule], findings: Iterable[Finding], report: ScanReport) -> tuple[Rule, ...]:
    """Return the rules all of whose findings are fixed. Doubt about one is reason enough to keep the rule."""
    by_id = {finding.id: finding for finding in findings}
    fixed = {id_ for id_, finding in by_id.items() if _is_fixed(finding, report)}
    return tuple(rule for rule in rules if rule.findings and set(rule.findings) <= fixed)


def _is_fixed(finding: Finding, report: ScanReport) -> bool:
    if any(one.check == finding.check and one.operation == finding.operation for one in report.findings):
        return False
    return {item.outcome for item in items_of(finding, report)} == {Outcome.HOLDS}
