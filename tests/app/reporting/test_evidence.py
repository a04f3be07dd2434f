import pytest

from apiward.app.reporting.evidence import MOST_BODY, evidence_of, evidence_text
from apiward.core.jsonvalue import Json

ANSWER: Json = {"request": {}, "response": {"status": 200, "body": "x" * (MOST_BODY + 1)}}


@pytest.mark.parametrize(
    ("finding", "text"),
    [
        ({"curl": "curl /a", "evidence": {"attack": ANSWER}}, f"curl /a\n\nHTTP 200\n{'x' * MOST_BODY}…"),
        ({"curl": "curl /a", "evidence": {"attack": {"response": {"status": 204}}}}, "curl /a\n\nHTTP 204"),
        ({"curl": "curl /a", "evidence": {"attack": {"response": None}}}, "curl /a"),
        ({"curl": "curl /a", "evidence": 3}, "curl /a"),
        ({"curl": 3}, ""),
        ({}, ""),
    ],
)
def test_evidence_is_the_request_and_the_answer(finding: dict[str, Json], text: str) -> None:
    assert evidence_text(finding) == text


def test_of_two_scans_the_newer_one_counts() -> None:
    found: list[dict[str, Json]] = [{"id": "a", "curl": "curl /old"}, {"id": "a", "curl": "curl /new"}, {"id": "b"}]
    assert evidence_of(found, ["a", "b"]) == {"a": "curl /new"}
    assert evidence_of(found, ["b"]) == {}
