"""What an account may do, in amounts or an order that nobody wants: codes, orders, exports, steps left out."""

from typing import Final

from apiward.demo.traffic.asking import Session
from apiward.demo.traffic.attacks.attacking import insider, outsider
from apiward.demo.traffic.serving.making import changed, written
from apiward.demo.traffic.settings import Attack
from apiward.demo.traffic.world import World

_CODES: Final = 40
_ORDERS: Final = 30
_EXPORTS: Final = 12
_SKIPS: Final = 8


def try_codes(world: World, attack: Attack) -> Session:
    """Have codes sent to a customer, and guess them."""
    raid = outsider(world, attack)
    user, actor = world.pick_user(), f"attacker:{int(world.rng.random() * 2**20)}"
    yield raid.ask("send-code", value={"email": user.email}, actor=actor)
    for _ in range(_CODES):
        value = {"email": user.email, "code": f"{int(world.rng.random() * 10**6):06}"}
        yield raid.ask("check-code", value={**value}, after_s=1.0 + world.rng.random() * 3.0, actor=actor)


def hoard(world: World, attack: Attack) -> Session:
    """Order as fast as a program can."""
    raid = yield from insider(world, attack)
    for _ in range(_ORDERS):
        value = written("order", world.rng, None, world.now_s)
        yield raid.ask("create-order", value=value, after_s=2.0 + world.rng.random() * 10.0)


def take_all(world: World, attack: Attack) -> Session:
    """Call the export again and again: the weak twin lets everybody do so."""
    raid = yield from insider(world, attack)
    for _ in range(_EXPORTS):
        yield raid.ask("export", after_s=20.0 + world.rng.random() * 60.0)


def skip_steps(world: World, attack: Attack) -> Session:
    """Change one's own notes by a program, without opening one of them first."""
    raid = yield from insider(world, attack)
    notes = raid.user.things.get("note", [])
    for note in notes[:_SKIPS]:
        if not note.is_gone:
            value = changed("note", world.rng, note, world.now_s)
            yield raid.about("change", note, value, after_s=3_700.0 if note is notes[0] else 40.0)


def use_old_version(world: World, attack: Attack) -> Session:
    """Read by a version of the API that has ended."""
    raid = yield from insider(world, attack)
    for _ in range(3):
        yield raid.ask("old-list-contact", after_s=30.0)
