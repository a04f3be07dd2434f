import json

from apiward.catalogue.rules import Rule
from apiward.core.decision import Decision
from apiward.guard.refusing import problem

RULE = Rule("shape.body", 422, "Not right.", "Look at {place}.", "Somebody sent nonsense.")


def test_a_refusal_is_a_problem_document() -> None:
    told = problem(RULE, Decision("shape.body", place="body.a", saw="a secret fact", retry_after_s=3), "i1")
    assert (told.status, told.header(b"content-type")) == (422, b"application/problem+json")
    assert (told.header(b"retry-after"), told.header(b"cache-control")) == (b"3", b"no-store")
    assert json.loads(told.body or b"") == {
        "type": "urn:apiward:shape.body",
        "title": "Not right.",
        "status": 422,
        "detail": "Look at body.a.",
        "field": "body.a",
        "incident": "i1",
    }


def test_without_a_place_it_speaks_of_the_request() -> None:
    told = json.loads(problem(RULE, Decision("shape.body"), "i1").body or b"")
    assert told["detail"] == "Look at the request."
    assert "field" not in told


def test_what_a_caller_wrote_is_cut_and_cannot_leave_its_text() -> None:
    told = problem(RULE, Decision("shape.body", place='x"\r\n' * 100), "i1")
    assert len(json.loads(told.body or b"")["field"]) == 120
    assert b"\r\n" not in (told.body or b"")
