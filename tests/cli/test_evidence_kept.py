from pathlib import Path

import pytest

from apiward.cli.evidence_kept import MOST_BODY, evidence_in, evidence_text
from apiward.cli.state import Context, State
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


def test_what_a_scan_kept_is_found_by_the_id_of_the_finding(tmp_path: Path) -> None:
    state = State(tmp_path)
    context = Context("http://a.test", "", "", "read", 1, is_stated=False, is_insecure=False, is_allowed=False)
    report: dict[str, Json] = {
        "scan": {"target": "http://a.test"},
        "findings": [{"id": "0123456789", "curl": "curl /a"}, {"id": "aaaaaaaaaa"}],
    }
    state.keep("http://a.test", context, report, is_whole=True)
    assert evidence_in(state)("http://a.test", ["0123456789", "aaaaaaaaaa", "b"]) == {"0123456789": "curl /a"}
    assert evidence_in(state)("http://b.test", ["0123456789"]) == {}
