from apiward.core.verdict import Outcome
from apiward.scan.checks.authentication.session_fixation import CHECK
from tests.scan.checks.authentication.cases import case, twins
from tests.scan.checks.authentication.cookie_business import CookieBusiness

AT = "POST /login"
OF = CookieBusiness
TRIGGERS = (case("the cookie that came is kept", AT, of=OF, weak="fixation"),)
SILENT = (
    case("sound", AT, Outcome.HOLDS, of=OF),
    case("sound, refusals with 200", AT, Outcome.HOLDS, of=OF, shows_no_with_ok=True),
)


test_fires_on_the_weak_twin, test_is_silent_on_the_sound_twin = twins(CHECK, TRIGGERS, SILENT)
