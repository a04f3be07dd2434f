import pytest

from apiward.core.verdict import Outcome
from apiward.scan.checks.authentication.password_cut import CHECK
from tests.scan.checks.authentication.cases import Case, assert_broken, assert_silent, case

AT = "POST /register"
TRIGGERS = (
    case("the end does not count", AT, weak="cut"),
    case("the case does not count, refusals with 200", AT, weak="any-case", shows_no_with_ok=True),
)
SILENT = (
    case("sound", AT, Outcome.HOLDS),
    case("any password opens", AT, Outcome.UNSURE, weak="any-password"),
    case("nothing so long is taken", AT, Outcome.NOT_RUN, most=20),
)


@pytest.mark.parametrize("one", TRIGGERS, ids=lambda one: one.name)
def test_fires_on_the_weak_twin(one: Case) -> None:
    assert_broken(CHECK, one)


@pytest.mark.parametrize("one", SILENT, ids=lambda one: one.name)
def test_is_silent_on_the_sound_twin(one: Case) -> None:
    assert_silent(CHECK, one)
