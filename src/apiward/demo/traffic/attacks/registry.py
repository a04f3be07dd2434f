"""Which attacks there are, and when they begin."""

from collections.abc import Callable, Iterator
from typing import Final

from apiward.demo.traffic.asking import Session
from apiward.demo.traffic.attacks import abusing, accounts, enumerating, probing, stealing, teaching
from apiward.demo.traffic.settings import DAY_S, Attack
from apiward.demo.traffic.values import Kind
from apiward.demo.traffic.world import World

ATTACK_SESSIONS: Final[dict[Kind, Callable[[World, Attack], Session]]] = {
    Kind.STOLEN_OBJECT: stealing.steal_object,
    Kind.FOREIGN_WRITE: stealing.write_foreign,
    Kind.FORMER_MEMBER: stealing.former_member,
    Kind.ENUMERATION_FAST: enumerating.enumerate_fast,
    Kind.ENUMERATION_SLOW: enumerating.enumerate_slowly,
    Kind.STUFFING: accounts.stuff,
    Kind.TOKEN_THEFT: accounts.steal_token,
    Kind.SCRAPING: abusing.scrape,
    Kind.CARDING: abusing.try_cards,
    Kind.COUPONS: abusing.try_coupons,
    Kind.PROBING: probing.probe,
    Kind.TEACH_OWNERSHIP: teaching.teach_ownership,
    Kind.TEACH_SHAPE: teaching.teach_shape,
    Kind.TEACH_ROLE: teaching.teach_role,
}
_FIRST_S: Final = 7 * 3_600.0
_SPREAD_S: Final = 12 * 3_600.0


def attack_sessions(world: World, day: int) -> Iterator[tuple[float, Session]]:
    """Yield the attacks that begin on that day, each with its second."""
    for attack in world.settings.attacks:
        for _ in range(_how_many(attack, day)):
            at_s = _FIRST_S + world.rng.random() * _SPREAD_S
            if day * DAY_S + at_s >= attack.from_day * DAY_S:
                yield at_s, ATTACK_SESSIONS[attack.kind](world, attack)


def _how_many(attack: Attack, day: int) -> int:
    """Return how many begin that day: 0.5 a day is one on every other day."""
    return int((day + 1) * attack.per_day) - int(day * attack.per_day)
