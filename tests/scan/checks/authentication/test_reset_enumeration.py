import pytest
from tests.scan.checks.authentication.cases import Case, assert_broken, assert_silent, case

from apiward.core.verdict import Outcome
from apiward.scan.checks.authentication.reset_enumeration import CHECK

AT = "POST /password/forgot"
TRIGGERS = (
    case("another status", AT, weak="reset"),
    case("a failure with status 200", AT, weak="reset", shows_no_with_ok=True),
    case("another text with the same status", AT, weak="reset-text"),
)
SILENT = (
    case("one text, which echoes the address", AT, Outcome.HOLDS),
    case("cookies", AT, Outcome.HOLDS, cookie=True),
)


@pytest.mark.parametrize("one", TRIGGERS, ids=lambda one: one.name)
def test_fires_on_the_weak_twin(one: Case) -> None:
    assert_broken(CHECK, one)


@pytest.mark.parametrize("one", SILENT, ids=lambda one: one.name)
def test_is_silent_on_the_sound_twin(one: Case) -> None:
    assert_silent(CHECK, one)
