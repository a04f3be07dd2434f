from dataclasses import replace

from apiward.app.patching.cases import Rule
from apiward.app.patching.needing import not_needed
from apiward.core.verdict import Outcome
from tests.app.patching.test_judging import EMPTY, READ, RULE, report


def test_rules_are_not_needed_once_all_their_findings_are_fixed() -> None:
    other = replace(READ, operation="GET /other")
    both = Rule("object", {"id": "both"}, (READ.id, other.id))
    by_hand = Rule("patch", {"id": "mine"}, ())
    rules = [RULE, both, by_hand]
    assert not_needed(rules, [READ, other], report(Outcome.HOLDS)) == (RULE,)
    assert not_needed(rules, [READ], report(Outcome.HOLDS, found=(READ,))) == ()
    assert not_needed(rules, [READ], report(Outcome.UNSURE)) == ()
    assert not_needed(rules, [READ], EMPTY) == ()
