from apiward.core.verdict import Outcome
from apiward.scan.checks.authentication.password_cut import CHECK
from tests.scan.checks.authentication.cases import case, twins

AT = "POST /register"
TRIGGERS = (
    case("the end does not count", AT, weak="cut"),
    case("the case does not count, refusals with 200", AT, weak="any-case", shows_no_with_ok=True),
)
SILENT = (
    case("sound", AT, Outcome.HOLDS),
    case("any password opens", AT, Outcome.UNSURE, weak="any-password"),
    case("nothing so long is taken", AT, Outcome.NOT_RUN, most=20),
)


test_fires_on_the_weak_twin, test_is_silent_on_the_sound_twin = twins(CHECK, TRIGGERS, SILENT)
