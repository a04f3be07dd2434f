"""JUnit XML: a test case for each check on each operation, so that a pipeline shows them as tests."""

from collections.abc import Iterable
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
Case = tuple[str, str]


def render(model: ReportModel) -> str:
    """Return the report as JUnit XML. Not enough checked is an error of its own, never an empty pass."""
    root = ET.Element("testsuites", name="apiward")
    cases = _cases(model)
    for code in sorted({check for check, _ in cases}):
        suite = ET.SubElement(root, "testsuite", name=f"{code} {model.checks[code].name}")
        for operation in sorted(op for check, op in cases if check == code):
            _add_case(suite, model, (code, operation), cases[code, operation])
        _count(suite)
    _add_enough(ET.SubElement(root, "testsuite", name="apiward"), model)
    _count_all(root)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _cases(model: ReportModel) -> dict[Case, list[CheckedItem]]:
    cases: dict[Case, list[CheckedItem]] = {}
    for item in model.report.items:
        cases.setdefault((item.check, item.operation), []).append(item)
    for finding in model.report.findings:
        cases.setdefault((finding.check, finding.operation), [])
    return cases


def _add_case(suite: ET.Element, model: ReportModel, key: Case, items: list[CheckedItem]) -> None:
    check, operation = key
    case = ET.SubElement(suite, "testcase", classname=f"apiward.{check}", name=one_line(operation))
    findings = [f for group in model.groups for f in group.findings if (f.check, f.operation) == key]
    aside = [entry for f, entry in model.accepted if (f.check, f.operation) == key]
    if findings:
        _fail(case, model, findings)
    elif aside:
        ET.SubElement(case, "skipped", message=one_line(_accepted_text(aside)))
    elif items:
        _skip(case, items)


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
    _count(suite)


def _count(suite: ET.Element) -> None:
    suite.set("tests", str(len(suite.findall("testcase"))))
    for kind, attribute in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        suite.set(attribute, str(len(suite.findall(f"testcase/{kind}"))))


def _count_all(root: ET.Element) -> None:
    for attribute in ("tests", "failures", "errors", "skipped"):
        root.set(attribute, str(sum(int(suite.get(attribute, "0")) for suite in root)))
