"""SARIF 2.1.0 (OASIS), with what GitHub code scanning reads: `security-severity`, fingerprints, files."""

import json
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote, urlsplit

from apiward import __version__
from apiward.catalogue.entries import CheckEntry
from apiward.core.finding import Finding, Severity
from apiward.core.jsonvalue import Json
from apiward.core.scan_report import ScanReport
from apiward.prove.model import Group, ReportModel
from apiward.prove.neutral import one_line

SCHEMA_URI: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
FINGERPRINT: Final = "apiwardFinding/v1"
_LEVEL: Final = {
    Severity.NOTE: "note",
    Severity.LOW: "note",
    Severity.MEDIUM: "warning",
    Severity.HIGH: "error",
    Severity.CRITICAL: "error",
}
# GitHub reads over 9.0 as critical, from 7.0 as high, from 4.0 as medium, from 0.1 as low.
_SCORE: Final = {
    Severity.NOTE: "0.0",
    Severity.LOW: "2.5",
    Severity.MEDIUM: "5.5",
    Severity.HIGH: "8.0",
    Severity.CRITICAL: "9.5",
}


def render(model: ReportModel) -> str:
    """Return the report as a SARIF log with one run."""
    log: Json = {"$schema": SCHEMA_URI, "version": "2.1.0", "runs": [_run(model)]}
    return json.dumps(log, indent=2, ensure_ascii=True) + "\n"


def _run(model: ReportModel) -> Json:
    worst = _worst(model.report.findings)
    index = {code: number for number, code in enumerate(worst)}
    return {
        "tool": {
            "driver": {
                "name": "apiward",
                "semanticVersion": __version__,
                "rules": [_rule(model.checks[code], severity) for code, severity in worst.items()],
            }
        },
        "automationDetails": {"id": "apiward/scan/"},
        "invocations": [_invocation(model)],
        "results": _results(model, index),
    }


def _worst(findings: Iterable[Finding]) -> dict[str, Severity]:
    """Return the worst severity of each check, in the order of their codes."""
    worst: dict[str, Severity] = {}
    for finding in findings:
        worst[finding.check] = max(finding.severity, worst.get(finding.check, finding.severity))
    return dict(sorted(worst.items()))


def _rule(entry: CheckEntry, severity: Severity) -> Json:
    tags: list[Json] = ["security", *(f"external/cwe/cwe-{number:03d}" for number in entry.cwe)]
    help_text = f"{entry.meaning}\n\nFix: {entry.fix}\n\nLimits: {entry.cannot}"
    return {
        "id": entry.code,
        "name": "".join(word.capitalize() for word in entry.name.split("-")),
        "shortDescription": {"text": entry.title},
        "fullDescription": {"text": entry.meaning},
        "help": {"text": help_text, "markdown": help_text},
        "defaultConfiguration": {"level": _LEVEL[severity]},
        "properties": {
            "tags": [*tags, *entry.owasp_2019, *entry.owasp_2023],
            "precision": "high",
            "security-severity": _SCORE[severity],
        },
    }


def _results(model: ReportModel, index: dict[str, int]) -> list[Json]:
    counted = [_result(model, group, finding, index) for group in model.groups for finding in group.findings]
    aside: list[Json] = []
    for finding, entry in model.accepted:
        result = _bare_result(model, finding, index)
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": one_line(entry.reason)}]
        aside.append(result)
    return counted + aside


def _result(model: ReportModel, group: Group, finding: Finding, index: dict[str, int]) -> Json:
    result = _bare_result(model, finding, index)
    result["properties"] = {
        "severity": finding.severity.word,
        "confidence": finding.confidence.value,
        "effort": group.effort,
        "news": model.news(finding),
    }
    return result


def _bare_result(model: ReportModel, finding: Finding, index: dict[str, int]) -> dict[str, Json]:
    result: dict[str, Json] = {
        "ruleId": finding.check,
        "ruleIndex": index[finding.check],
        "level": _LEVEL[finding.severity],
        "message": {"text": _message(model, finding)},
        "partialFingerprints": {FINGERPRINT: finding.id},
        "locations": [_location(model.report.api_source, finding)],
    }
    if model.changes:
        is_fresh = finding.id in (*model.changes.new, *model.changes.regressed)
        result["baselineState"] = "new" if is_fresh else "unchanged"
    return result


def _message(model: ReportModel, finding: Finding) -> str:
    title = model.checks[finding.check].title.rstrip(".")
    return f"{title}: {one_line(finding.operation)}. {one_line(finding.saw)}"


def _location(source: str, finding: Finding) -> Json:
    """GitHub shows only results with a file, so the description stands for the code, at its first line."""
    name = one_line(finding.operation)
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": _artifact(source) or _artifact(name.partition(" ")[2]) or "api"},
            "region": {"startLine": 1},
        },
        "logicalLocations": [{"fullyQualifiedName": name, "name": one_line(finding.place) or name, "kind": "function"}],
    }


def _artifact(source: str) -> str:
    """Return `source` as a relative URI: the path of an address, or of a file, percent-encoded."""
    try:
        path = urlsplit(source).path if "://" in source else source
    except ValueError:
        return ""
    steps = [step for step in path.replace("\\", "/").split("/") if step not in ("", ".", "..")]
    return quote("/".join(steps), safe="/%-._~!$&'()*+,;=@", errors="replace")


def _ended_early(report: ScanReport) -> bool:
    return report.was_interrupted or report.was_cut_short


def _invocation(model: ReportModel) -> Json:
    return {
        "executionSuccessful": model.coverage.is_enough and not _ended_early(model.report),
        "startTimeUtc": model.report.started_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "toolExecutionNotifications": _notifications(model),
    }


def _notifications(model: ReportModel) -> list[Json]:
    left = [f"Left behind: {what}" for what in model.report.left_behind]
    said = [*model.not_checked, *left]
    return [{"level": "warning", "message": {"text": one_line(text)}} for text in said]
