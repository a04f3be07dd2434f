"""Other people's accounts: passwords tried from many addresses, and a token that is used from elsewhere."""

from apiward.demo.traffic import words
from apiward.demo.traffic.asking import Ask, Session
from apiward.demo.traffic.attacks.attacking import Raid, ordinary
from apiward.demo.traffic.callers import stranger
from apiward.demo.traffic.people import AGENTS, Addresses, Device
from apiward.demo.traffic.settings import Attack
from apiward.demo.traffic.visits.entering import entered
from apiward.demo.traffic.world import World, operation

_PAIRS = 240
_KNOWN = 0.3
_RIGHT = 0.03


def stuff(world: World, attack: Attack) -> Session:
    """Try pairs of address and password from a list, each from another line; look around where one is right."""
    rng = world.rng
    actor, base = f"attacker:{int(rng.random() * 2**20)}", int(rng.random() * 2**32)
    for number in range(_PAIRS):
        user = ordinary(world)
        email = user.email if rng.random() < _KNOWN else words.person(rng)[1]
        right = email == user.email and rng.random() < _RIGHT / _KNOWN
        device = Device(AGENTS[int(rng.random() * 3)], (Addresses.stranger(base + number * 7919),), is_phone=False)
        outside = stranger(device.agent, device.addresses[0])
        outside.device = device
        value = {"email": email, "password": user.password if right else f"summer{int(rng.random() * 999)}"}
        after_s = 5.0 + rng.random() * 40.0
        yield Ask(operation("log-in"), outside, attack.kind, value={**value}, after_s=after_s, actor=actor)
        if device.caller is not None:
            raid = Raid(world, attack, device.caller)
            yield raid.ask("me", actor=actor)
            yield raid.ask("list-order", actor=actor)


def steal_token(world: World, attack: Attack) -> Session:
    """Use the token of somebody who has logged in, from another place and another program."""
    user, rng = ordinary(world), world.rng
    caller = yield from entered(world, user, user.devices[0])
    actor = f"attacker:{int(rng.random() * 2**20)}"
    elsewhere = caller.elsewhere(Addresses.stranger(int(rng.random() * 2**32)), "python-requests/2.32.3")
    raid = Raid(world, attack, elsewhere)
    yield raid.ask("me", after_s=600.0, actor=actor)
    for kind in ("note", "document", "order", "contact"):
        told = yield raid.ask(f"list-{kind}", actor=actor)
        for thing in told.shown[:5]:
            yield raid.ask(f"read-{kind}", thing.id, after_s=1.0, actor=actor)
