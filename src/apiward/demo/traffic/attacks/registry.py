"""Which attacks there are, and when they begin."""

from collections.abc import Callable, Iterator
from typing import Final

from apiward.demo.traffic.asking import Session
from apiward.demo.traffic.attacks import (
    abusing,
    accounts,
    blinding,
    enumerating,
    guessing,
    misusing,
    probing,
    rising,
    stealing,
    striking,
    teaching,
    waking,
)  # fmt: skip
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
    Kind.SPRAYING: guessing.spray,
    Kind.CRACKING: guessing.crack,
    Kind.TAKEOVER: guessing.take_over,
    Kind.DORMANT: waking.wake,
    Kind.KEY_THEFT: waking.steal_key,
    Kind.KEY_MISUSE: waking.misuse_key,
    Kind.CODES: misusing.try_codes,
    Kind.SCALPING: misusing.hoard,
    Kind.EXPORT: misusing.take_all,
    Kind.SKIPPING: misusing.skip_steps,
    Kind.OLD_VERSION: misusing.use_old_version,
    Kind.OVERLOAD: striking.overload,
    Kind.INJECTION: striking.inject,
    Kind.INWARD: striking.reach_inward,
    Kind.STORM: striking.storm,
    Kind.ROLE_TAKEN: rising.take_role,
    Kind.OPENED: rising.open_function,
    Kind.SILENCE: blinding.fall_silent,
    Kind.CLOCK: blinding.shift_clock,
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
