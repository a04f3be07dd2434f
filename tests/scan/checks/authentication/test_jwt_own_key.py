from apiward.core.verdict import Outcome
from apiward.scan.checks.authentication.jwt_own_key import CHECK
from tests.scan.checks.authentication.cases import case, twins

AT = "GET /me"
TRIGGERS = (
    case("a shared key in the header", AT, weak="own-shared-key"),
    case("a key pair in the header", AT, weak="own-key-pair", token="RS256", nested=True),
    case("a file as the key, refusals with 200", AT, weak="key-file", shows_no_with_ok=True),
    case("a key from the database", AT, weak="key-query"),
)
SILENT = (
    case("sound", AT, Outcome.HOLDS),
    case("sound, a key pair", AT, Outcome.HOLDS, token="RS256"),
    case("any signature passes", AT, Outcome.NOT_RUN, weak="unverified"),
    case("no JWT", AT, Outcome.NOT_RUN, token="opaque"),
)


test_fires_on_the_weak_twin, test_is_silent_on_the_sound_twin = twins(CHECK, TRIGGERS, SILENT)
