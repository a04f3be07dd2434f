from apiward.core.verdict import Confidence, Outcome
from apiward.scan.api import Saying
from apiward.scan.checks.authentication.reset_enumeration import CHECK, judge
from apiward.scan.proofs.trials.telling import Series
from tests.scan.checks.authentication.answers import answered
from tests.scan.checks.authentication.cases import case, twins

AT = "POST /password/forgot"
TRIGGERS = (
    case("another status", AT, weak="reset"),
    case("a failure with status 200", AT, weak="reset", shows_no_with_ok=True),
    case("another text with the same status", AT, weak="reset-text"),
)
SILENT = (
    case("one text, which echoes the address", AT, Outcome.HOLDS),
    case("cookies", AT, Outcome.HOLDS, cookie=True),
)


test_fires_on_the_weak_twin, test_is_silent_on_the_sound_twin = twins(CHECK, TRIGGERS, SILENT)


def test_a_clear_lag_is_likely() -> None:
    slow, fast = [answered("no", 200, after_s=0.2)] * 8, [answered("no", 200, after_s=0.01)] * 8
    for series in (Series(slow, fast), Series(fast, slow)):
        verdict = judge(Saying(CHECK.code, AT), series)
        assert (verdict.outcome, verdict.confidence) == (Outcome.BROKEN, Confidence.LIKELY)
    assert judge(Saying(CHECK.code, AT), Series(slow[:3], fast[:3])).outcome is Outcome.HOLDS


def test_doubt_is_no_verdict() -> None:
    no, lost = answered("no", 200), answered("wait", 429)
    assert judge(Saying(CHECK.code, AT), Series([no, lost], [no, no])).outcome is Outcome.UNSURE
    varied = Series([no, answered("locked", 200)], [no, no])
    assert judge(Saying(CHECK.code, AT), varied).outcome is Outcome.UNSURE
