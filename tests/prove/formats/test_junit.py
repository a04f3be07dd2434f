from datetime import date
from xml.etree import ElementTree as ET

from apiward.core.verdict import Outcome
from apiward.prove.baseline import Applied, accept
from apiward.prove.formats import junit
from apiward.prove.model import ReportModel, build_model
from tests.prove.sample import CATALOGUE, finding, full_report, hostile_report, item, report

DAY = date(2026, 11, 23)


def tree(model: ReportModel) -> ET.Element:
    return ET.fromstring(junit.render(model))


def case(root: ET.Element, check: str, operation: str) -> ET.Element:
    (found,) = (c for c in root.iter("testcase") if (c.get("classname"), c.get("name")) == (check, operation))
    return found


def test_outcomes_become_failures_skips_and_passes() -> None:
    root = tree(build_model(full_report(), CATALOGUE))
    assert case(root, "apiward.INJ01", "GET /clients").find("failure") is not None
    skipped = case(root, "apiward.OBJ01", "DELETE /clients/{id}").find("skipped")
    assert skipped is not None
    assert skipped.get("message") == "unsure: The answer was 503 three times."
    assert len(case(root, "apiward.CFG01", "GET /clients")) == 0


def test_the_sums_are_right() -> None:
    root = tree(build_model(full_report(), CATALOGUE))
    assert root.get("tests") == str(len(list(root.iter("testcase"))))
    assert root.get("failures") == str(len(list(root.iter("failure"))))
    assert root.get("skipped") == str(len(list(root.iter("skipped"))))
    assert root.get("errors") == "0"


def test_several_places_of_one_operation_are_one_case() -> None:
    root = tree(build_model(report([finding(place="a"), finding(place="b")]), CATALOGUE))
    failure = case(root, "apiward.OBJ01", "GET /notes/{id}").find("failure")
    assert failure is not None
    assert (failure.text or "").count("curl ") == 2


def test_doubt_outweighs_what_held() -> None:
    items = [item("OBJ01", "GET /x", Outcome.HOLDS), item("OBJ01", "GET /x", Outcome.UNSURE)]
    root = tree(build_model(report(items=items), CATALOGUE))
    assert case(root, "apiward.OBJ01", "GET /x").find("skipped") is not None


def test_too_little_checked_is_an_error_not_an_empty_pass() -> None:
    root = tree(build_model(report(items=[], answered=()), CATALOGUE))
    assert (root.get("tests"), root.get("errors")) == ("1", "1")
    assert tree(build_model(report(), CATALOGUE)).get("errors") == "0"


def test_accepted_findings_are_skipped_with_their_reason() -> None:
    bad = finding()
    applied = Applied(accepted=(accept(bad, reason="Test data.", accepted_on=DAY, expires_on=DAY),))
    skipped = case(tree(build_model(report([bad]), CATALOGUE, baseline=applied)), "apiward.OBJ01", bad.operation).find(
        "skipped"
    )
    assert skipped is not None
    assert skipped.get("message") == "accepted until 2026-11-23: Test data."


def test_hostile_text_stays_text() -> None:
    root = tree(build_model(hostile_report(), CATALOGUE))
    assert not list(root.iter("script"))
