"""The structure that SARIF 2.1.0 and GitHub ask for. The official schema is not kept here."""

import json
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from apiward.core.finding import Severity
from apiward.core.scan_report import ScanReport
from apiward.prove.baseline import Applied, accept
from apiward.prove.changes import Changes
from apiward.prove.formats import sarif
from apiward.prove.model import ReportModel, build_model
from tests.prove.sample import CATALOGUE, finding, full_report, hostile_report, report

DAY = date(2026, 11, 23)


def run_of(model: ReportModel) -> Any:  # noqa: ANN401 - a JSON tree that the tests walk
    log = json.loads(sarif.render(model))
    assert log["version"] == "2.1.0"
    assert set(log) == {"$schema", "version", "runs"}
    return log["runs"][0]


@pytest.mark.parametrize("scan", [report(), full_report(), hostile_report()], ids=range(3))
def test_required_structure(scan: ScanReport) -> None:
    run = run_of(build_model(scan, CATALOGUE))
    rules = run["tool"]["driver"]["rules"]
    assert run["tool"]["driver"]["name"] == "apiward"
    for rule in rules:
        assert rule["shortDescription"]["text"]
        assert rule["help"]["text"]
        assert 0 <= float(rule["properties"]["security-severity"]) <= 10
        assert len(rule["properties"]["tags"]) == len(set(rule["properties"]["tags"]))
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["message"]["text"]
        assert result["level"] in {"note", "warning", "error"}
        (location,) = result["locations"]
        uri = location["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"[A-Za-z0-9%\-._~!$&'()*+,;=@][A-Za-z0-9%\-._~!$&'()*+,;=@/]*", uri)
        assert location["logicalLocations"][0]["fullyQualifiedName"]


def test_fingerprints_are_the_stable_ids() -> None:
    run = run_of(build_model(full_report(), CATALOGUE))
    assert {r["partialFingerprints"][sarif.FINGERPRINT] for r in run["results"]} == {
        f.id for f in full_report().findings
    }


@pytest.mark.parametrize(
    ("severity", "level", "low", "high"),
    [
        (Severity.CRITICAL, "error", 9.0, 10.0),
        (Severity.HIGH, "error", 7.0, 8.9),
        (Severity.MEDIUM, "warning", 4.0, 6.9),
        (Severity.LOW, "note", 0.1, 3.9),
        (Severity.NOTE, "note", 0.0, 0.0),
    ],
)
def test_levels_and_scores(severity: Severity, level: str, low: float, high: float) -> None:
    run = run_of(build_model(report([finding(severity=severity)]), CATALOGUE))
    score = run["tool"]["driver"]["rules"][0]["properties"]["security-severity"]
    assert isinstance(score, str)
    assert low <= float(score) <= high
    assert run["results"][0]["level"] == level


def test_limits_are_notifications_and_success_is_not_claimed_for_nothing() -> None:
    (invocation,) = run_of(build_model(full_report(), CATALOGUE))["invocations"]
    assert invocation["executionSuccessful"] is True
    texts = [notification["message"]["text"] for notification in invocation["toolExecutionNotifications"]]
    assert any("There is no admin account." in text for text in texts)
    (blind,) = run_of(build_model(report(answered=()), CATALOGUE))["invocations"]
    assert blind["executionSuccessful"] is False


def test_accepted_findings_are_suppressed_not_lost() -> None:
    bad = finding()
    applied = Applied(accepted=(accept(bad, reason="Test data.", accepted_on=DAY, expires_on=DAY),))
    (result,) = run_of(build_model(report([bad]), CATALOGUE, baseline=applied))["results"]
    assert result["suppressions"][0]["justification"] == "Test data."


def test_new_findings_are_marked_only_where_an_earlier_report_is_known() -> None:
    bad, old = finding(), finding(operation="GET /old")
    model = build_model(report([bad, old]), CATALOGUE, changes=Changes(new=(bad.id,)))
    assert {r["baselineState"] for r in run_of(model)["results"]} == {"new", "unchanged"}
    assert "baselineState" not in run_of(build_model(report([bad]), CATALOGUE))["results"][0]


@pytest.mark.parametrize(
    ("source", "uri"),
    [
        ("http://127.0.0.1:8000/docs/openapi.json?x=1", "docs/openapi.json"),
        ("../spec/my api.yaml", "spec/my%20api.yaml"),
        ("//evil.test/x", "evil.test/x"),
        ("", "notes/%7Bid%7D"),
        ("http://[", "notes/%7Bid%7D"),
    ],
)
def test_the_file_is_the_description_or_the_operation(source: str, uri: str) -> None:
    run = run_of(build_model(replace(report([finding()]), api_source=source), CATALOGUE))
    assert run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri
