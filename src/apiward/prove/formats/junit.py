"""JUnit XML: a test case for each check on each operation, so that a pipeline shows them as tests."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from xml.etree import ElementTree as ET

from apiward.core.finding import Finding
from apiward.core.scan_report import CheckedItem
from apiward.core.verdict import Outcome
from apiward.prove.baseline import Accepted
from apiward.prove.curl import curl_line
from apiward.prove.model import ReportModel
from apiward.prove.neutral import neutral, one_line

_WORST_FIRST: Final = (Outcome.BROKEN, Outcome.UNSURE, Outcome.NOT_RUN, Outcome.HOLDS)


@dataclass(slots=True)
class _Results:
    """What is known of one check on one operation."""

    items: list[CheckedItem] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    accepted: list[Accepted] = field(default_factory=list)


def render(model: ReportModel) -> str:
    """Return the report as JUnit XML. Not enough checked is an error of its own, never an empty pass."""
    root = ET.Element("testsuites", name="apiward")
    suites: dict[str, ET.Element] = {}
    for (code, operation), results in sorted(_cases(model).items(), key=lambda case: case[0]):
        if code not in suites:
            suites[code] = ET.SubElement(root, "testsuite", name=f"{code} {model.checks[code].name}")
        case = ET.SubElement(suites[code], "testcase", classname=f"apiward.{code}", name=one_line(operation))
        _fill(case, model, results)
    _add_enough(ET.SubElement(root, "testsuite", name="apiward"), model)
    _count(root)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _cases(model: ReportModel) -> dict[tuple[str, str], _Results]:
    cases: defaultdict[tuple[str, str], _Results] = defaultdict(_Results)
    for item in model.report.items:
        cases[item.check, item.operation].items.append(item)
    for finding in (finding for group in model.groups for finding in group.findings):
        cases[finding.check, finding.operation].findings.append(finding)
    for finding, entry in model.accepted:
        cases[finding.check, finding.operation].accepted.append(entry)
    return cases


def _fill(case: ET.Element, model: ReportModel, results: _Results) -> None:
    if results.findings:
        _fail(case, model, results.findings)
    elif results.accepted:
        ET.SubElement(case, "skipped", message=one_line(_accepted_text(results.accepted)))
    elif results.items:
        _skip(case, results.items)


def _fail(case: ET.Element, model: ReportModel, findings: list[Finding]) -> None:
    entry = model.checks[findings[0].check]
    failure = ET.SubElement(case, "failure", type=findings[0].severity.word)
    failure.set("message", one_line(" / ".join(finding.saw for finding in findings)))
    shown = "\n".join(f"{f.id} {f.confidence.value}: {one_line(f.saw)}\n{_line(f)}" for f in findings)
    failure.text = neutral(f"{entry.title}\n{shown}\nfix: {entry.fix}\nmore: apiward explain {entry.code}", keep="\n")


def _line(finding: Finding) -> str:
    return neutral(curl_line(finding.evidence.attack), keep="\n")


def _skip(case: ET.Element, items: list[CheckedItem]) -> None:
    worst = min(items, key=lambda item: _WORST_FIRST.index(item.outcome))
    if worst.outcome is not Outcome.HOLDS:
        ET.SubElement(case, "skipped", message=one_line(f"{worst.outcome.value}: {worst.saw}"))


def _accepted_text(entries: Iterable[Accepted]) -> str:
    return "; ".join(f"accepted until {e.expires_on.isoformat()}: {e.reason}" for e in entries)


def _add_enough(suite: ET.Element, model: ReportModel) -> None:
    case = ET.SubElement(suite, "testcase", classname="apiward.scan", name="the scan could check enough")
    gaps = "\n".join(one_line(sentence) for sentence in model.not_checked)
    if not model.coverage.is_enough:
        ET.SubElement(case, "error", message=str(model.state)).text = gaps
    ET.SubElement(case, "system-out").text = gaps


def _count(root: ET.Element) -> None:
    kinds = {"tests": ".", "failures": "failure", "errors": "error", "skipped": "skipped"}
    for attribute, path in kinds.items():
        for suite in root:
            hits = sum(case.find(path) is not None for case in suite)
            suite.set(attribute, str(hits))
        root.set(attribute, str(sum(int(suite.get(attribute, "0")) for suite in root)))
