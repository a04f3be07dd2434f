"""The ground truth of the demo: every weak twin is weak, every sound twin is sound."""

import re
from collections.abc import Collection
from pathlib import Path

import pytest

from apiward.demo.weaknesses import WEAKNESSES
from tests.demo import (
    data_attacks,
    exposure_attacks,
    flow_attacks,
    graphql_attacks,
    injection_attacks,
    login_attacks,
    member_attacks,
    object_attacks,
    setup_attacks,
    staff_attacks,
)
from tests.demo.visitor import Shown, Visitor

ATTACKS = {
    **object_attacks.ATTACKS,
    **login_attacks.ATTACKS,
    **member_attacks.ATTACKS,
    **data_attacks.ATTACKS,
    **injection_attacks.ATTACKS,
    **setup_attacks.ATTACKS,
    **exposure_attacks.ATTACKS,
    **staff_attacks.ATTACKS,
    **flow_attacks.ATTACKS,
    **graphql_attacks.ATTACKS,
}
# Where the status of the attack tells nothing: both twins answer with the same.
SAME_STATUS = {
    "object-read-order",
    "object-change-note",
    "object-change-contact",
    "object-change-password",
    "object-move-booking",
    "object-cancel-booking",
    "object-delete-note",
    "signup-extra-fields",
    "order-extra-fields",
    "profile-extra-fields",
    "booking-extra-fields",
    "secrets-in-profile",
    "shop-login-names-account",
    "login-names-account",
    "reset-names-account",
    "jwt-confusion",
    "jwt-embedded-key",
    "jwt-key-address",
    "shop-token-without-end",
    "logout-ignored",
    "password-change-ignored",
    "email-change-unconfirmed",
    "sql-injection-product-filter",
    "command-injection-contact",
    "template-injection-card",
    "markup-injection-find",
    "header-injection-coach",
    "object-injection-cart",
    "page-size-unlimited",
    "error-details",
    "answer-drift",
    "session-fixation",
    "session-predictable",
    "reset-token-shown",
    "object-batch-notes",
    "object-list-payments",
    "outdated-program",
    "secret-key-in-program",
    "voucher-again",
    "bonus-race",
    "order-price-of-customer",
    "order-collected-unpaid",
    "graphql-read-note",
    "graphql-change-note",
    "graphql-delete-note",
    "graphql-role-clients",
    "graphql-suggestions",
}
# With every other weakness on, another one opens the same door.
OVERSHADOWED = {"cors-lookalike", "code-unlimited"}
CODES = """OBJ01 OBJ02 OBJ03 OBJ04 OBJ05 FUN01 FUN02 PRO01 PRO02 PRO03 PRO04 AUT01 AUT02 AUT03
AUT04 AUT05 AUT06 AUT07 AUT08 AUT09 AUT10 AUT11 AUT12 AUT13 INJ01 SSR01 RES01 RES02
CFG01 CFG02 CFG03 CFG04 CFG05 INV01 INV02 INV03 CFG06 CFG07 CFG08 CFG09 CFG10 CFG11
CFG13 CFG14 FUN03 FUN04 FUN05 FUN06 FUN07 AUT14 AUT15 AUT16 AUT17 AUT18 AUT19 AUT20
AUT21 AUT22 AUT23 AUT24 AUT25 OBJ06 OBJ07 OBJ08 OBJ09 RES03 RES04 RES05 RES06 FLO01 FLO02
AUT26 AUT27 FLO03 FLO04 FLO05 UPS01 UPS02 CMP01 INJ02 INJ03 INJ04 INJ05 INJ06 INJ07 INJ08 INJ09
INJ10 GQL01 GQL02 GQL03 GQL04 GQL05 GQL06"""


def _attack(name: str, weaknesses: Collection[str], folder: Path) -> tuple[Shown, set[str]]:
    visitor = Visitor(weaknesses, folder)
    try:
        return ATTACKS[name](visitor), visitor.exercised
    finally:
        visitor.close()


@pytest.mark.parametrize("name", WEAKNESSES)
def test_weak_twin_is_weak_and_sound_twin_is_sound(name: str, tmp_path: Path) -> None:
    weak, exercised = _attack(name, {name}, tmp_path)
    sound, not_exercised = _attack(name, (), tmp_path)
    assert (weak.is_weak, sound.is_weak) == (True, False)
    assert (exercised, not_exercised) == ({name}, set())
    assert (weak.status == sound.status) or name not in SAME_STATUS


@pytest.mark.parametrize("name", WEAKNESSES)
def test_weaknesses_do_not_hide_or_bring_one_another(name: str, tmp_path: Path) -> None:
    weak, exercised = _attack(name, WEAKNESSES, tmp_path)
    assert weak.is_weak
    assert name in exercised or name in OVERSHADOWED
    others = set(WEAKNESSES) - {name}
    sound, _ = _attack(name, others, tmp_path)
    assert not sound.is_weak or name in OVERSHADOWED


def test_every_weakness_has_an_attack() -> None:
    assert set(ATTACKS) == set(WEAKNESSES)
    assert set(WEAKNESSES) >= SAME_STATUS


def test_every_check_has_a_weakness() -> None:
    assert {weakness.check for weakness in WEAKNESSES.values()} == set(CODES.split())


def test_every_weakness_is_asked_for_in_the_code() -> None:
    folder = Path(__file__).parents[2] / "src" / "apiward" / "demo"
    code = "".join(path.read_text() for path in folder.rglob("*.py"))
    assert set(re.findall(r'weak\("([a-z0-9-]+)"', code)) == set(WEAKNESSES)
