from apiward.core.verdict import Outcome
from apiward.scan.checks.authentication.code_throttle import CHECK
from tests.scan.checks.authentication.account_business import AccountBusiness
from tests.scan.checks.authentication.cases import case, twins

AT = "POST /login"
OF = AccountBusiness
TRIGGERS = (
    case("wrong codes are not counted", AT, of=OF, weak="codes"),
    case("refusals with 200", AT, of=OF, weak="codes", shows_no_with_ok=True),
    case("each code counts once", AT, of=OF, weak="codes", counts_once=True),
)
SILENT = (
    case("sound", AT, Outcome.HOLDS, of=OF),
    case("nothing to switch on", AT, Outcome.NOT_RUN, of=OF, factor="described"),
)


test_fires_on_the_weak_twin, test_is_silent_on_the_sound_twin = twins(CHECK, TRIGGERS, SILENT)
