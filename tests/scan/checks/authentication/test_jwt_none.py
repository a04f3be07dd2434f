from apiward.core.verdict import Outcome
from apiward.scan.checks.authentication.jwt_none import CHECK
from tests.scan.checks.authentication.cases import case, twins

AT = "GET /me"
TRIGGERS = (
    case("other bad tokens make the server fail", AT, weak="none", garbage_status=500),
    case("plain", AT, weak="none"),
    case(
        "another prefix, nested, refusals with 200",
        AT,
        weak="none",
        prefix="Token ",
        nested=True,
        shows_no_with_ok=True,
    ),
    case("in a cookie", AT, weak="none", cookie=True),
    case("a key pair", AT, weak="none", token="RS256"),
)
SILENT = (
    case("bad tokens make the server fail", AT, Outcome.UNSURE, garbage_status=500),
    case("sound", AT, Outcome.HOLDS),
    case("refusals with 200", AT, Outcome.HOLDS, shows_no_with_ok=True),
    case("garbage gets 422", AT, Outcome.HOLDS, garbage_status=422),
    case("any signature passes", AT, Outcome.NOT_RUN, weak="unverified"),
    case("no JWT", AT, Outcome.NOT_RUN, token="opaque"),
)


test_fires_on_the_weak_twin, test_is_silent_on_the_sound_twin = twins(CHECK, TRIGGERS, SILENT)
