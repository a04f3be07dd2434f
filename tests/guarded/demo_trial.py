"""One weakness of the demo business, tried directly and through the guard: by the scanner, and by an attack by hand."""

import tempfile
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from starlette.applications import Starlette

from apiward.config.errors import ConfigError
from apiward.demo.weaknesses import WEAKNESSES
from apiward.net.asgi import App
from apiward.scan.api import Check
from apiward.scan.registry import CHECKS
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
from tests.demo.twins import SkippingClock, Twin, is_named, scan_demo
from tests.demo.visitor import Around, Visitor, directly
from tests.guarded.demo_guard import Heard, at_once, guard

ATTACKS: Final = {
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
STOPPED: Final = (AssertionError, KeyError, TypeError)
"""What an attack ends with that did not get the answers it goes on with."""


@dataclass(frozen=True)
class Tried:
    """What became of one try: whether the weakness showed, and the rules that spoke at its operation."""

    is_weak: bool
    rules: frozenset[str] = frozenset()
    is_served: bool = True


def checks_for(name: str) -> list[Check]:
    """Return the checks that may name a weakness."""
    codes = (WEAKNESSES[name].check, *WEAKNESSES[name].also)
    return [check for check in CHECKS if check.code in codes]


def scan_directly(name: str, seed: int) -> Tried:
    """Scan the business with one weakness."""
    return Tried(is_named(scan_demo((name,), seed=seed, checks=checks_for(name)), WEAKNESSES[name]))


def scan_through(name: str, seed: int) -> Tried:
    """Scan the business with one weakness through the guard: any finding of its checks counts, wherever it is."""
    try:
        twin, heard = scan_guarded((name,), seed, checks_for(name))
    except ConfigError:
        return Tried(is_weak=False, is_served=False)
    return Tried(bool(twin.found()), _spoken(heard, name))


def scan_guarded(
    weak: Collection[str], seed: int, checks: Sequence[Check] = CHECKS, *, more: str = ""
) -> tuple[Twin, Heard]:
    """Scan the business with these weaknesses through the guard; raises ConfigError where the guard does not start."""
    told: list[Heard] = []

    def around(app: Starlette, folder: Path, clock: SkippingClock) -> App:
        guarded, heard = guard(app, folder, clock=clock.now, wait=clock.wait, more=more)
        told.append(heard)
        return guarded

    return scan_demo(weak, seed=seed, checks=checks, around=around), told[0]


def attack_directly(name: str) -> Tried:
    """Attack the business with one weakness."""
    return _attack(name, directly, Heard())


def attack_through(name: str) -> Tried:
    """Attack the business with one weakness through the guard."""
    heard = Heard()

    def around(app: Starlette, folder: Path, clock: Callable[[], float]) -> App:
        return guard(app, folder, clock=clock, wait=at_once, heard=heard)[0]

    try:
        return _attack(name, around, heard)
    except ConfigError:
        return Tried(is_weak=False, is_served=False)


def _attack(name: str, around: Around, heard: Heard) -> Tried:
    with tempfile.TemporaryDirectory() as folder:
        visitor = Visitor((name,), Path(folder), around)
        try:
            is_weak = ATTACKS[name](visitor).is_weak
        except STOPPED:
            is_weak = False
        finally:
            visitor.close()
    return Tried(is_weak, _spoken(heard, name))


def _spoken(heard: Heard, name: str) -> frozenset[str]:
    return frozenset(heard.rules(WEAKNESSES[name].operation) or heard.rules(""))
