from apiward.core.verdict import Outcome
from apiward.scan.checks.authentication.jwt_confusion import CHECK
from tests.scan.checks.authentication.cases import case, twins

AT = "GET /me"
TRIGGERS = (
    case("plain", AT, weak="confusion", token="RS256"),
    case("refusals with 200", AT, weak="confusion", token="RS256", shows_no_with_ok=True, prefix="JWT ", nested=True),
    case("in a cookie", AT, weak="confusion", token="RS256", cookie=True),
)
SILENT = (
    case("sound", AT, Outcome.HOLDS, token="RS256"),
    case("refusals with 200", AT, Outcome.HOLDS, token="RS256", shows_no_with_ok=True),
    case("a shared key", AT, Outcome.NOT_RUN),
    case("any signature passes", AT, Outcome.NOT_RUN, weak="unverified", token="RS256"),
)


test_fires_on_the_weak_twin, test_is_silent_on_the_sound_twin = twins(CHECK, TRIGGERS, SILENT)
