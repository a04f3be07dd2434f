from apiward.core.verdict import Outcome
from apiward.scan.checks.authentication.reset_token_shown import CHECK
from tests.scan.checks.authentication.account_business import AccountBusiness
from tests.scan.checks.authentication.cases import assert_likely, case, twins

AT = "POST /password/forgot"
OF = AccountBusiness
TRIGGERS = (
    case("a token in the answer", AT, of=OF, weak="reset-token"),
    case("a link in the answer, refusals with 200", AT, of=OF, weak="reset-link", shows_no_with_ok=True),
    case("a code, and no second step is described", AT, of=OF, weak="reset-code", has_second_step=False),
)
SILENT = (
    case("sound", AT, Outcome.HOLDS, of=OF),
    case("a code for the kind of answer", AT, Outcome.HOLDS, of=OF, weak="reset-kind", has_second_step=False),
    case("a number that sets nothing", AT, Outcome.UNSURE, of=OF, weak="reset-number"),
)


test_fires_on_the_weak_twin, test_is_silent_on_the_sound_twin = twins(CHECK, TRIGGERS, SILENT)


def test_without_a_second_step_it_is_likely() -> None:
    assert_likely(CHECK, TRIGGERS[2])
