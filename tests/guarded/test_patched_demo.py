"""The demo business behind a guard that knows nothing but the rules made of a scan.

`benchmarks/patch_demo.py` does the same for every weakness, and has a visitor use all operations.
"""

from pathlib import Path

import pytest
from starlette.applications import Starlette

from apiward.demo.weaknesses import WEAKNESSES
from apiward.net.messages import App
from tests.demo.tour import whole_tour
from tests.demo.visitor import Visitor
from tests.guarded.demo_guard import Heard
from tests.guarded.demo_trial import ATTACKS, STOPPED, checks_for
from tests.guarded.patched_demo import guard_with, scan_and_patch

QUICK = ("object-read-note", "signup-extra-fields", "hidden-export", "template-injection-card")
LONG = (
    "object-cancel-booking",
    "secrets-in-profile",
    "jwt-weak-key",
    "login-names-account",
    "path-traversal-worksheet",
    "nosql-injection-coupon",
    "password-change-ignored",
    "request-forgery-calendar",
    "graphql-aliases-unlimited",
)
HELD = (*QUICK, *(pytest.param(name, marks=pytest.mark.long) for name in LONG))


def visitor(weak: tuple[str, ...], folder: Path, name: str, heard: Heard) -> Visitor:
    """Return a visitor of the business behind the rules that are made of its weakness."""
    rules = scan_and_patch((name,), seed=3, checks=checks_for(name)).plan.rules

    def around(app: Starlette, folder: Path, clock: object) -> App:
        return guard_with(app, folder, rules, clock=clock, heard=heard)  # type: ignore[arg-type]

    return Visitor(weak, folder, around)


@pytest.mark.parametrize("name", HELD)
def test_what_a_scan_finds_is_held_by_what_is_made_of_it(name: str) -> None:
    patched = scan_and_patch((name,), seed=3, checks=checks_for(name))
    held = [one.finding.check for one in patched.results if one.is_held]
    assert WEAKNESSES[name].check in held
    assert len(held) == len(patched.results)


@pytest.mark.long
@pytest.mark.parametrize("name", ["object-read-note", "jwt-weak-key", "hidden-export"])
def test_an_attack_by_hand_is_held_too_and_nobody_rightful_is_refused(name: str, tmp_path: Path) -> None:
    heard = Heard()
    thief = visitor((name,), tmp_path, name, heard)
    try:
        is_weak = ATTACKS[name](thief).is_weak
    except STOPPED:
        is_weak = False
    thief.close()
    assert not is_weak
    folder = tmp_path / "again"
    folder.mkdir()
    guest = visitor((name,), folder, name, Heard())
    refused = [stop.operation for stop in whole_tour(guest) if stop.reply.is_of_guard]
    guest.close()
    assert refused == []


@pytest.mark.long
def test_the_sound_business_gets_no_rules() -> None:
    assert scan_and_patch((), seed=3).plan.rules == ()
