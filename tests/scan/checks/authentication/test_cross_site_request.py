import pytest

from apiward.core.verdict import Outcome
from apiward.scan.checks.authentication.cross_site_request import CHECK
from tests.scan.checks.authentication.cases import Case, assert_broken, assert_likely, assert_silent, case
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


@pytest.mark.parametrize("one", TRIGGERS, ids=lambda one: one.name)
def test_fires_on_the_weak_twin(one: Case) -> None:
    assert_broken(CHECK, one)


@pytest.mark.parametrize("one", SILENT, ids=lambda one: one.name)
def test_is_silent_on_the_sound_twin(one: Case) -> None:
    assert_silent(CHECK, one)


def test_what_is_shown_nowhere_is_only_likely() -> None:
    assert_likely(CHECK, case("hidden", AT, of=OF, weak="hidden"))
