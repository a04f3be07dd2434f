from apiward.core.verdict import Outcome
from apiward.scan.checks.authentication.jwt_unverified import CHECK
from tests.scan.checks.authentication.cases import case, twins

AT = "GET /me"
TRIGGERS = (
    case("plain", AT, weak="unverified"),
    case("refusals with 200", AT, weak="unverified", shows_no_with_ok=True, nested=True),
    case("in a cookie", AT, weak="unverified", cookie=True),
    case("only an empty signature passes", AT, weak="null-signature"),
)
SILENT = (
    case("bad tokens make the server fail", AT, Outcome.UNSURE, garbage_status=500),
    case("sound", AT, Outcome.HOLDS),
    case("refusals with 200", AT, Outcome.HOLDS, shows_no_with_ok=True),
    case("a key pair", AT, Outcome.HOLDS, token="RS256"),
    case("no JWT", AT, Outcome.NOT_RUN, token="opaque"),
)


test_fires_on_the_weak_twin, test_is_silent_on_the_sound_twin = twins(CHECK, TRIGGERS, SILENT)
