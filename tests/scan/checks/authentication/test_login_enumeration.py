import pytest
from tests.scan.checks.authentication.cases import Case, assert_broken, assert_silent, case

from apiward.core.verdict import Outcome
from apiward.scan.checks.authentication.login_enumeration import CHECK

AT = "POST /login"
TRIGGERS = (
    case("another text", AT, weak="enumeration"),
    case("another text with status 200", AT, weak="enumeration", shows_no_with_ok=True, form=True),
    case("one more field", AT, weak="enumeration-field"),
    case("another status", AT, weak="enumeration-status"),
)
SILENT = (
    case("one text, and a number of its own", AT, Outcome.HOLDS, limit=500),
    case("one text with status 200", AT, Outcome.HOLDS, limit=500, shows_no_with_ok=True, form=True),
)


@pytest.mark.parametrize("one", TRIGGERS, ids=lambda one: one.name)
def test_fires_on_the_weak_twin(one: Case) -> None:
    assert_broken(CHECK, one)


@pytest.mark.parametrize("one", SILENT, ids=lambda one: one.name)
def test_is_silent_on_the_sound_twin(one: Case) -> None:
    assert_silent(CHECK, one)
