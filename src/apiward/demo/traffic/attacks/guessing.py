"""Passwords that are guessed: a few for everybody, many for one, and what follows when one of them is right."""

from typing import Final

from apiward.demo.traffic.asking import Ask, Session
from apiward.demo.traffic.attacks.attacking import Raid, ordinary
from apiward.demo.traffic.callers import Caller, stranger
from apiward.demo.traffic.people import Addresses, Device, User
from apiward.demo.traffic.settings import Attack
from apiward.demo.traffic.world import World, operation

_COMMON: Final = ("Summer", "Welcome", "Password")
_SPRAYED: Final = 8
_GUESSES: Final = 40
_BEFORE_IT_IS_RIGHT: Final = 8
_AGENT: Final = "python-requests/2.32.3"


def spray(world: World, attack: Attack) -> Session:
    """Try three common passwords on many accounts, each from another address, slowly."""
    base, actor = int(world.rng.random() * 2**32), _actor(world)
    users = [world.pick_user() for _ in range(_SPRAYED)]
    year = 1990 + int(world.rng.random() * 60)
    for turn, word in enumerate(_COMMON):
        for number, user in enumerate(users):
            caller = _outside(base + 977 * (turn * _SPRAYED + number))
            yield _try(attack, caller, user, f"{word}{year}", 120.0 + world.rng.random() * 600.0, actor)


def crack(world: World, attack: Attack) -> Session:
    """Try many passwords on one account, from a few addresses."""
    base, actor, user = int(world.rng.random() * 2**32), _actor(world), ordinary(world)
    for number in range(_GUESSES):
        caller = _outside(base + 977 * (number % 5))
        yield _try(attack, caller, user, f"guess{number}", 10.0 + world.rng.random() * 110.0, actor)


def take_over(world: World, attack: Attack) -> Session:
    """Guess until it is right, then change how the account is reached, and look around."""
    actor, user = _actor(world), ordinary(world)
    caller = _outside(int(world.rng.random() * 2**32))
    for number in range(_BEFORE_IT_IS_RIGHT):
        yield _try(attack, caller, user, f"guess{number}", 20.0 + world.rng.random() * 60.0, actor)
    yield _try(attack, caller, user, user.password, 30.0, actor)
    if caller.device is None or caller.device.caller is None:
        return
    raid = Raid(world, attack, caller.device.caller)
    yield raid.ask("change-me", value={"email": "somebody.else@mail.example"}, after_s=40.0, actor=actor)
    yield raid.ask("list-order", actor=actor)


def _outside(number: int) -> Caller:
    device = Device(_AGENT, (Addresses.stranger(number),), is_phone=False)
    outside = stranger(device.agent, device.addresses[0])
    outside.device = device
    return outside


def _try(attack: Attack, caller: Caller, user: User, password: str, after_s: float, actor: str) -> Ask:
    value = {"email": user.email, "password": password}
    return Ask(operation("log-in"), caller, attack.kind, value={**value}, after_s=after_s, actor=actor)


def _actor(world: World) -> str:
    return f"attacker:{int(world.rng.random() * 2**20)}"
