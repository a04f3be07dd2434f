"""A check's words become verdicts."""

from apiward.core.exchange import Exchange, Request, Response
from apiward.core.verdict import Confidence, Outcome
from apiward.scan.api import Saying

EXCHANGE = Exchange(Request("GET", "http://api.test/"), Response(200))


def test_each_saying_has_its_outcome() -> None:
    say = Saying("OBJ01", "GET /a")
    assert say.holds("It holds.").outcome is Outcome.HOLDS
    assert say.unsure("No answer.").outcome is Outcome.UNSURE
    assert say.not_run("Needs an account.").outcome is Outcome.NOT_RUN
    assert say.holds("It holds.").saw == "It holds."


def test_a_weakness_comes_with_what_shows_it() -> None:
    verdict = Saying("OBJ01", "GET /a").broken(
        "It was shown.", EXCHANGE, EXCHANGE, more=(EXCHANGE,), place="path id", confidence=Confidence.LIKELY
    )
    assert (verdict.outcome, verdict.place, verdict.confidence) == (Outcome.BROKEN, "path id", Confidence.LIKELY)
    assert verdict.evidence is not None
    assert verdict.evidence.control is EXCHANGE
    assert verdict.evidence.more == (EXCHANGE,)
