"""What changed since an earlier scan, read from its JSON report."""

from dataclasses import dataclass
from typing import Final

from apiward.core.jsonvalue import Json, NotJson, parse_json
from apiward.core.scan_report import ScanReport
from apiward.core.verdict import Outcome

SCAN_SCHEMA: Final = "apiward.scan/1"


class PreviousReportError(ValueError):
    """An earlier report that cannot be read; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Previous:
    """What is needed of an earlier report: ids of findings, and what held then, as (check, operation)."""

    findings: tuple[tuple[str, str, str], ...]
    held: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Changes:
    """Ids of findings: `regressed` held before, `new` was not known; `unconfirmed` may still be there."""

    new: tuple[str, ...] = ()
    regressed: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()
    unconfirmed: tuple[str, ...] = ()


def parse_previous(text: str) -> Previous:
    """Return what an earlier JSON report says; raises PreviousReportError."""
    document = parse_json(text)
    if isinstance(document, NotJson) or not isinstance(document, dict) or document.get("schema") != SCAN_SCHEMA:
        raise PreviousReportError(
            f'This is no "{SCAN_SCHEMA}" report. Write one with: apiward scan URL --format json --output scan.json'
        )
    findings = tuple(_texts(f, "id", "check", "operation") for f in _objects(document.get("findings")))
    held = (i for i in _objects(document.get("items")) if i.get("outcome") == Outcome.HOLDS)
    pairs = (_texts(item, "check", "operation") for item in held)
    return Previous(findings=tuple((f[0], f[1], f[2]) for f in findings), held=frozenset((p[0], p[1]) for p in pairs))


def changes_since(previous: Previous, report: ScanReport) -> Changes:
    """Return how `report` differs from the earlier one; a finding is `fixed` only where it was seen to hold."""
    before = {finding[0] for finding in previous.findings}
    now = {finding.id for finding in report.findings}
    fresh = [finding for finding in report.findings if finding.id not in before]
    holds_now = {(item.check, item.operation) for item in report.items if item.outcome is Outcome.HOLDS}
    gone = [finding for finding in previous.findings if finding[0] not in now]
    return Changes(
        new=tuple(f.id for f in fresh if (f.check, f.operation) not in previous.held),
        regressed=tuple(f.id for f in fresh if (f.check, f.operation) in previous.held),
        fixed=tuple(f[0] for f in gone if f[1:] in holds_now),
        unconfirmed=tuple(f[0] for f in gone if f[1:] not in holds_now),
    )


def _objects(value: Json) -> list[dict[str, Json]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _texts(entry: dict[str, Json], *names: str) -> tuple[str, ...]:
    return tuple(str(entry.get(name, "")) for name in names)
