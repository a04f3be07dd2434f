from apiward.core.verdict import Outcome
from apiward.scan.checks.authentication.cross_site_request import CHECK
from tests.scan.checks.authentication.cases import assert_likely, case, twins
from tests.scan.checks.authentication.cookie_business import CookieBusiness

AT = "POST /notes"
OF = CookieBusiness
TRIGGERS = (
    case("a form", AT, of=OF),
    case("JSON as plain text, SameSite none", AT, of=OF, as_json=True, same_site="none"),
)
SILENT = (
    case("the cookie is kept from other sites", AT, Outcome.HOLDS, of=OF, same_site="lax"),
    case("the origin is checked", AT, Outcome.HOLDS, of=OF, checks="origin"),
    case("only JSON is taken", AT, Outcome.HOLDS, of=OF, checks="type", as_json=True),
    case("nothing that we send is taken", AT, Outcome.UNSURE, of=OF, checks="all", as_json=True),
)


test_fires_on_the_weak_twin, test_is_silent_on_the_sound_twin = twins(CHECK, TRIGGERS, SILENT)


def test_what_is_shown_nowhere_is_only_likely() -> None:
    assert_likely(CHECK, case("hidden", AT, of=OF, weak="hidden"))
