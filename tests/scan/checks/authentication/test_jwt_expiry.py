import pytest
from tests.scan.checks.authentication.cases import Case, assert_broken, assert_silent, case

from apiward.core.verdict import Outcome
from apiward.scan.checks.authentication.jwt_expiry import CHECK

AT = "GET /me"
LOG_IN = "POST /login"
TRIGGERS = (
    case("an old token of this scan still works", AT, weak="expiry", life_s=-200.0),
    case("no end at all", LOG_IN, life_s=None),
    case("a year", LOG_IN, life_s=365 * 86_400.0, cookie=True),
    case("the end is not heeded, and the key is known", AT, weak="expiry", key=b"secret"),
    case("the same, refusals with 200", AT, weak="expiry", key=b"secret", shows_no_with_ok=True),
)
SILENT = (
    case("the log-in's token names an end", LOG_IN, Outcome.HOLDS),
    case("no end to heed", AT, Outcome.NOT_RUN, token="opaque"),
    case("the end is heeded, and the key is known", AT, Outcome.HOLDS, key=b"secret"),
    case("nobody knows the key, and nothing is over yet", AT, Outcome.UNSURE),
    case("any signature passes", AT, Outcome.NOT_RUN, weak="unverified"),
    case("no JWT", AT, Outcome.NOT_RUN, token="opaque"),
)


@pytest.mark.parametrize("one", TRIGGERS, ids=lambda one: one.name)
def test_fires_on_the_weak_twin(one: Case) -> None:
    assert_broken(CHECK, one)


@pytest.mark.parametrize("one", SILENT, ids=lambda one: one.name)
def test_is_silent_on_the_sound_twin(one: Case) -> None:
    assert_silent(CHECK, one)
