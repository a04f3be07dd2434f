import pytest

from apiward.core.verdict import Outcome
from apiward.scan.checks.authentication.session_fixation import CHECK
from tests.scan.checks.authentication.cases import Case, assert_broken, assert_silent, case
from tests.scan.checks.authentication.cookie_business import CookieBusiness

AT = "POST /login"
OF = CookieBusiness
TRIGGERS = (case("the cookie that came is kept", AT, of=OF, weak="fixation"),)
SILENT = (
    case("sound", AT, Outcome.HOLDS, of=OF),
    case("sound, refusals with 200", AT, Outcome.HOLDS, of=OF, shows_no_with_ok=True),
)


@pytest.mark.parametrize("one", TRIGGERS, ids=lambda one: one.name)
def test_fires_on_the_weak_twin(one: Case) -> None:
    assert_broken(CHECK, one)


@pytest.mark.parametrize("one", SILENT, ids=lambda one: one.name)
def test_is_silent_on_the_sound_twin(one: Case) -> None:
    assert_silent(CHECK, one)
