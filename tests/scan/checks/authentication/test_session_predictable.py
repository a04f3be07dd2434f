from collections import Counter

import pytest

from apiward.core.verdict import Outcome
from apiward.scan.checks.authentication.session_predictable import CHECK, LOG_INS
from apiward.scan.proofs.trials.guessing import most_bits, successor
from tests.scan.checks.authentication.business import Business
from tests.scan.checks.authentication.cases import case, twins
from tests.scan.checks.authentication.cookie_business import CookieBusiness
from tests.scan.harness import scan_app

AT = "POST /login"
OF = CookieBusiness
TRIGGERS = (
    case("counted up", AT, of=OF, ids="counted"),
    case("the time", AT, of=OF, ids="time"),
    case("the name", AT, of=OF, ids="name"),
    case("too short", AT, of=OF, ids="short"),
)
SILENT = (
    case("sound", AT, Outcome.HOLDS, of=OF),
    case("a JWT", AT, Outcome.NOT_RUN, of=Business),
    case("any password opens", AT, Outcome.UNSURE, of=OF, ids="counted", weak="any-password"),
)


test_fires_on_the_weak_twin, test_is_silent_on_the_sound_twin = twins(CHECK, TRIGGERS, SILENT)


def test_only_a_throw_away_account_logs_in_again_and_again() -> None:
    business = CookieBusiness()
    scene = scan_app(business.app(), business.description(), [CHECK]).scene
    log_ins = Counter(claims["sub"] for claims in business.opaque.values())
    assert {log_ins[user.account.username] for user in scene.users} == {1}
    assert max(log_ins[spare.account.username] for spare in scene.spares) > LOG_INS


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        (["a7", "a8", "a9"], "a10"),
        (["S-0007", "S-0009", "S-0011"], "S-0013"),
        (["00ff", "0100", "0101"], "0102"),
        (["a7", "a8", "a10"], None),
        (["x7", "y8", "z9"], None),
        (["7f3a", "19bc", "e001"], None),
        (["x", "x", "x"], None),
    ],
)
def test_what_comes_next(values: list[str], wanted: str | None) -> None:
    assert successor(values) == wanted


def test_how_much_an_id_can_hold() -> None:
    assert most_bits(["123456"]) < 20
    assert most_bits(["f" * 32, "0" * 32]) == 128
