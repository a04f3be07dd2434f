from apiward.core.verdict import Outcome
from apiward.scan.checks.authentication.logout_ignored import CHECK
from tests.scan.checks.authentication.cases import case, twins

AT = "POST /logout"
TRIGGERS = (
    case("the session is deleted", "DELETE /session", weak="logout", ends_by_delete=True),
    case("the log-out names the session by its refresh token", AT, weak="logout", nested=True, shows_no_with_ok=True),
    case("plain", AT, weak="logout"),
    case("opaque tokens in another header", AT, weak="logout", token="opaque", header="X-Token", prefix=""),
    case("cookies, refusals with 200", AT, weak="logout", cookie=True, shows_no_with_ok=True),
)
SILENT = (
    case("the session is deleted", "DELETE /session", Outcome.HOLDS, ends_by_delete=True),
    case("the log-out names the session by its refresh token", AT, Outcome.HOLDS, nested=True),
    case("sound", AT, Outcome.HOLDS),
    case("sound, opaque tokens, refusals with 200", AT, Outcome.HOLDS, token="opaque", shows_no_with_ok=True),
    case("the log-out fails", AT, Outcome.NOT_RUN, weak="logout-fails"),
)


test_fires_on_the_weak_twin, test_is_silent_on_the_sound_twin = twins(CHECK, TRIGGERS, SILENT)
