import pytest

from apiward.core.verdict import Outcome
from apiward.scan.checks.authentication.jwt_confusion import CHECK
from tests.scan.checks.authentication.cases import Case, assert_broken, assert_silent, case

AT = "GET /me"
TRIGGERS = (
    case("plain", AT, weak="confusion", token="RS256"),
    case("refusals with 200", AT, weak="confusion", token="RS256", shows_no_with_ok=True, prefix="JWT ", nested=True),
    case("in a cookie", AT, weak="confusion", token="RS256", cookie=True),
)
SILENT = (
    case("sound", AT, Outcome.HOLDS, token="RS256"),
    case("refusals with 200", AT, Outcome.HOLDS, token="RS256", shows_no_with_ok=True),
    case("a shared key", AT, Outcome.NOT_RUN),
    case("any signature passes", AT, Outcome.NOT_RUN, weak="unverified", token="RS256"),
)


@pytest.mark.parametrize("one", TRIGGERS, ids=lambda one: one.name)
def test_fires_on_the_weak_twin(one: Case) -> None:
    assert_broken(CHECK, one)


@pytest.mark.parametrize("one", SILENT, ids=lambda one: one.name)
def test_is_silent_on_the_sound_twin(one: Case) -> None:
    assert_silent(CHECK, one)
