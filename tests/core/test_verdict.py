"""A verdict has evidence exactly where it is BROKEN, and always says what was seen."""

import pytest

from apiward.core.exchange import Exchange, Request, Response
from apiward.core.verdict import Evidence, Outcome, Verdict

EVIDENCE = Evidence(Exchange(Request("GET", "http://api.test/"), Response(200)))


def test_broken_needs_evidence_and_nothing_else_may_have_any() -> None:
    assert Verdict("OBJ01", "GET /a", Outcome.BROKEN, "It was shown.", evidence=EVIDENCE).evidence is EVIDENCE
    with pytest.raises(ValueError, match="evidence"):
        Verdict("OBJ01", "GET /a", Outcome.BROKEN, "It was shown.")


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome is not Outcome.BROKEN])
def test_the_others_have_none(outcome: Outcome) -> None:
    assert Verdict("OBJ01", "GET /a", outcome, "It holds.").evidence is None
    with pytest.raises(ValueError, match="evidence"):
        Verdict("OBJ01", "GET /a", outcome, "It holds.", evidence=EVIDENCE)


def test_silence_is_no_verdict() -> None:
    with pytest.raises(ValueError, match="what was seen"):
        Verdict("OBJ01", "GET /a", Outcome.HOLDS, "")
