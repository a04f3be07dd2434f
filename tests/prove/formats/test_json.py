import json
from dataclasses import replace
from datetime import date
from typing import Any

import jsonschema_rs
import pytest

from apiward.core.exchange import Exchange, Failure
from apiward.core.scan_report import ScanReport
from apiward.core.verdict import Evidence
from apiward.prove.baseline import Applied, accept
from apiward.prove.changes import Changes
from apiward.prove.formats import json as json_format
from apiward.prove.model import build_model
from tests.prove.sample import CATALOGUE, exchange, finding, full_report, hostile_report, report

DAY = date(2026, 11, 23)
VALIDATOR = jsonschema_rs.validator_for(json.loads(json_format.schema_text()))
UNANSWERED = Evidence(Exchange(exchange().request, failure=Failure.TIMEOUT))


@pytest.mark.parametrize(
    "scan", [report(), full_report(), hostile_report(), report([finding(evidence=UNANSWERED)])], ids=range(4)
)
def test_the_published_schema_holds(scan: ScanReport) -> None:
    VALIDATOR.validate(json.loads(json_format.render(build_model(scan, CATALOGUE))))


def test_the_schema_refuses_what_is_not_a_report() -> None:
    broken = json_format.document(build_model(full_report(), CATALOGUE))
    assert not VALIDATOR.is_valid({**broken, "schema": "apiward.scan/2"})
    assert not VALIDATOR.is_valid({key: value for key, value in broken.items() if key != "limits"})
    assert not VALIDATOR.is_valid({**broken, "findings": [{"id": "x"}]})


def test_accepted_findings_and_changes_are_in_it() -> None:
    bad = finding()
    applied = Applied(accepted=(accept(bad, reason="Test data.", accepted_on=DAY, expires_on=DAY),))
    model = build_model(report([bad]), CATALOGUE, baseline=applied, changes=Changes(fixed=("0123456789",)))
    document = json.loads(json_format.render(model))
    VALIDATOR.validate(document)
    assert document["findings"][0]["accepted"] == {"reason": "Test data.", "expires_on": "2026-11-23"}
    assert document["problems"] == []
    assert document["changes"]["fixed"] == ["0123456789"]


def _undescribed(part: dict[str, Any], where: str) -> list[str]:
    """Return the fields without a word, a schema being a dict of dicts."""
    found = []
    for member in (part, *part.get("anyOf", ())):
        for name, child in member.get("properties", {}).items():
            found += [] if child.get("description") else [f"{where}.{name}"]
            found += _undescribed(child, f"{where}.{name}")
    return found + (_undescribed(part["items"], f"{where}[]") if isinstance(part.get("items"), dict) else [])


@pytest.mark.parametrize("name", [json_format.SCHEMA_FILE, json_format.ERROR_SCHEMA_FILE])
def test_every_field_of_a_schema_is_described(name: str) -> None:
    schema = json.loads(json_format.schema_text(name))
    assert _undescribed(schema, "") == []
    assert [
        f"{key} {_undescribed(part, key)}" for key, part in schema.get("$defs", {}).items() if _undescribed(part, key)
    ] == []


def test_only_described_operations_are_counted() -> None:
    scan = replace(report(), operations_answered=("GET /debug", "POST /login"), operations_asked=("GET /debug",))
    coverage = json.loads(json_format.render(build_model(scan, CATALOGUE)))["coverage"]
    assert (coverage["operations_answered"], coverage["operations_asked"]) == (["POST /login"], [])


def test_it_is_ascii_and_long_bodies_are_cut_with_a_word() -> None:
    evidence = Evidence(exchange(answer="ü".encode() * 30_000))
    text = json_format.render(build_model(report([finding(evidence=evidence)]), CATALOGUE))
    assert text.isascii()
    response = json.loads(text)["findings"][0]["evidence"]["attack"]["response"]
    assert response["body_is_cut"] is True
    assert len(response["body"]) == json_format.MAX_BODY_CHARS


def test_problems_come_in_the_order_to_act_on() -> None:
    document = json.loads(json_format.render(build_model(full_report(), CATALOGUE)))
    assert [problem["check"] for problem in document["problems"]][:2] == ["INJ01", "OBJ01"]
    named = [identity for problem in document["problems"] for identity in problem["finding_ids"]]
    assert named == [found["id"] for found in document["findings"]]


def test_a_scan_without_answers_does_not_claim_to_have_checked() -> None:
    scan = replace(report(), operations_answered=())
    document = json.loads(json_format.render(build_model(scan, CATALOGUE)))
    assert document["state"]["checked_enough"] is False
    assert document["state"]["not_checked"]
