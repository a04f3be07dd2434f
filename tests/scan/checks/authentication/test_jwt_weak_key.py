from apiward.core.verdict import Outcome
from apiward.scan.checks.authentication.jwt_weak_key import CHECK
from tests.scan.checks.authentication.cases import case, twins

AT = "GET /me"
TRIGGERS = (
    case("a common word", AT, key=b"secret"),
    case("refusals with 200", AT, key=b"changeme", shows_no_with_ok=True, prefix="Token "),
    case("a varied word", AT, key=b"Password2025"),
    case("a short key, HS512", AT, key=b"zqj", token="HS512"),
    case("digits, in a cookie", AT, key=b"90417", cookie=True),
    case("the name of the API", AT, key=b"harbour-coaching-secret"),
    case("no end", AT, key=b"secret", life_s=None),
)
SILENT = (
    case("a good key, and bad tokens make the server fail", AT, Outcome.HOLDS, garbage_status=500),
    case("a good key", AT, Outcome.HOLDS),
    case("a guessed key, but only tokens that were given out count", AT, Outcome.HOLDS, key=b"secret", keeps=True),
    case("any signature passes", AT, Outcome.NOT_RUN, key=b"secret", weak="unverified"),
    case("a key pair", AT, Outcome.NOT_RUN, token="RS256"),
    case("no JWT", AT, Outcome.NOT_RUN, token="opaque"),
)


test_fires_on_the_weak_twin, test_is_silent_on_the_sound_twin = twins(CHECK, TRIGGERS, SILENT)
