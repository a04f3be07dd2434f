from apiward.core.verdict import Confidence, Outcome
from apiward.scan.api import Saying
from apiward.scan.checks.authentication.login_enumeration import CHECK, judge
from apiward.scan.proofs.trials.telling import Series
from tests.scan.checks.authentication.answers import answered
from tests.scan.checks.authentication.cases import case, twins

AT = "POST /login"
TRIGGERS = (
    case("another text", AT, weak="enumeration"),
    case("another text with status 200", AT, weak="enumeration", shows_no_with_ok=True, form=True),
    case("one more field", AT, weak="enumeration-field"),
    case("another status", AT, weak="enumeration-status"),
)
SILENT = (
    case("one text, and a number of its own", AT, Outcome.HOLDS, limit=500),
    case("one text with status 200", AT, Outcome.HOLDS, limit=500, shows_no_with_ok=True, form=True),
)


test_fires_on_the_weak_twin, test_is_silent_on_the_sound_twin = twins(CHECK, TRIGGERS, SILENT)


def test_a_clear_lag_is_likely() -> None:
    slow, fast = [answered("no", after_s=0.2)] * 8, [answered("no", after_s=0.01)] * 8
    for series in (Series(slow, fast), Series(fast, slow)):
        verdict = judge(Saying(CHECK.code, AT), series)
        assert (verdict.outcome, verdict.confidence) == (Outcome.BROKEN, Confidence.LIKELY)
    assert judge(Saying(CHECK.code, AT), Series(slow[:3], fast[:3])).outcome is Outcome.HOLDS


def test_doubt_is_no_verdict() -> None:
    no, lost = answered("no"), answered("wait", 429)
    assert judge(Saying(CHECK.code, AT), Series([no, lost], [no, no])).outcome is Outcome.UNSURE
    varied = Series([no, answered("locked")], [no, no])
    assert judge(Saying(CHECK.code, AT), varied).outcome is Outcome.UNSURE
