"""Counting through ids: fast in a few minutes, or slowly over days, by one principal or by several in turn."""

from collections.abc import Callable
from typing import Final

from apiward.demo.traffic.asking import Session
from apiward.demo.traffic.attacks.attacking import awake, insiders
from apiward.demo.traffic.settings import Attack
from apiward.demo.traffic.world import World

_KINDS: Final = ("note", "order", "contact", "thread", "person")
_FAST: Final = 120
_SLOW: Final = 90


def enumerate_fast(world: World, attack: Attack) -> Session:
    """Ask for one number after the other, about two a second."""
    yield from _counted(world, attack, _FAST, lambda: 0.2 + world.rng.random() * 0.8)


def enumerate_slowly(world: World, attack: Attack) -> Session:
    """Ask for a number every quarter of an hour or so."""
    yield from _counted(world, attack, _SLOW, lambda: 300.0 + world.rng.random() * 1_500.0)


def _counted(world: World, attack: Attack, many: int, pause: Callable[[], float]) -> Session:
    raids = yield from insiders(world, attack)
    kind = _KINDS[int(world.rng.random() * len(_KINDS))]
    last = world.state.last_number(kind)
    first = 1 + int(world.rng.random() * max(1, last - many))
    for number in range(first, min(first + many, last + 10)):
        raid = raids[number % len(raids)]
        yield from awake(raid)
        yield raid.ask(f"read-{kind}", str(number), after_s=pause())
