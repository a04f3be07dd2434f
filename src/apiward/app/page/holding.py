"""Holds findings shut from the page, looks for them again, and takes rules back, as the commands do."""

from apiward.app.guarding.telling import must_tell
from apiward.app.page.risks import finding_of, kept_findings
from apiward.app.page.source import PageSource
from apiward.app.page.works import WorkKind
from apiward.app.patching.filing import findings_of, standing_rules
from apiward.catalogue.loading import load_catalogue
from apiward.config.errors import AdvisedError
from apiward.config.rules_file import remove_rules
from apiward.core.kept_finding import FindingState, KeptFinding
from apiward.core.lanes import AuditKind


def begin(source: PageSource, kind: WorkKind, id_: str) -> None:
    """Begin work on a finding. Raises NotFoundError, AdvisedError where it cannot be done, OSError."""
    finding = finding_of(source, id_)
    if why := _why_not(source, kind, finding):
        raise AdvisedError("It was not begun.", why, "")
    source.workshop.start(kind, finding.id, source.by)


def end(source: PageSource, id_: str) -> None:
    """Ask what is under way for a finding to end. Raises NotFoundError, AdvisedError, OSError."""
    source.workshop.end(finding_of(source, id_).id, source.by)


def take_out(source: PageSource, id_: str, rule: str) -> None:
    """Take a rule out that holds a finding. Raises NotFoundError, AdvisedError, OSError."""
    kept = kept_findings(source)
    finding = kept.finding(id_)
    if source.workshop.under_way():
        raise AdvisedError("Nothing was changed.", "A rule is being tried now.", "Wait for its end, or end it.")
    table = next(
        (one.table for one in standing_rules(source.place.base) if one.id == rule and finding.id in one.findings), ""
    )
    if not table:
        raise AdvisedError("Nothing was changed.", "No such rule holds it any more.", "")
    remove_rules(source.place.base, table, lambda found: found.get("id") == rule and finding.id in findings_of(found))
    said = f"The rule {rule} was taken out: the finding {finding.id} is open again."
    must_tell(source.place.data, said, kind=AuditKind.ADMINISTRATION, now_s=source.clock(), by=source.by)


def _why_not(source: PageSource, kind: WorkKind, finding: KeptFinding) -> str:
    if source.scans.find(finding.id) is None:
        return "No scan on this computer has kept it. Scan again first."
    if kind is WorkKind.REPLAY:
        return ""
    if finding.state is FindingState.FIXED:
        return "It is fixed: there is nothing to hold shut."
    entry = load_catalogue().checks.get(finding.check)
    return "" if entry is not None and entry.patch != "none" else "No rule can hold it."
