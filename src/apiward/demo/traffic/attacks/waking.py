"""What was asleep or belongs to programs, in other hands: an old account, a stolen key, a key for other things."""

from apiward.demo.traffic.asking import Ask, Session
from apiward.demo.traffic.attacks.attacking import Raid
from apiward.demo.traffic.callers import Caller, stranger
from apiward.demo.traffic.people import Addresses, Device
from apiward.demo.traffic.settings import Attack
from apiward.demo.traffic.world import World, operation

_AGENT = "python-requests/2.32.3"


def wake(world: World, attack: Attack) -> Session:
    """Log in to an account whose owner has not come for weeks, with the right password, from elsewhere."""
    if not world.away:
        return
    user = world.away.pop()
    device = Device(_AGENT, (Addresses.stranger(int(world.rng.random() * 2**32)),), is_phone=False)
    outside = stranger(device.agent, device.addresses[0])
    outside.device = device
    value = {"email": user.email, "password": user.password}
    actor = f"attacker:{int(world.rng.random() * 2**20)}"
    yield Ask(operation("log-in"), outside, attack.kind, value={**value}, actor=actor)
    if device.caller is not None:
        raid = Raid(world, attack, device.caller)
        for name in ("me", "list-order", "list-document"):
            yield raid.ask(name, actor=actor)


def steal_key(world: World, attack: Attack) -> Session:
    """Use the key of a program from another network, for what it is for."""
    caller = _key(world)
    elsewhere = caller.elsewhere(Addresses.stranger(int(world.rng.random() * 2**32)), "curl/8.5.0")
    actor = f"attacker:{int(world.rng.random() * 2**20)}"
    for tenant in sorted(caller.tenants)[:4]:
        for invoice in world.tenants[tenant - 1].things.get("invoice", [])[:3]:
            yield _ask("read-invoice", elsewhere, attack, actor, invoice.id)


def misuse_key(world: World, attack: Attack) -> Session:
    """Use the key of a program at its own desk, for all that it is not for."""
    caller, actor = _key(world), f"attacker:{int(world.rng.random() * 2**20)}"
    for name in ("team", "list-contact", "list-document", "all-users", "export", "list-project"):
        yield _ask(name, caller, attack, actor)


def _key(world: World) -> Caller:
    return world.machines[0]


def _ask(name: str, caller: Caller, attack: Attack, actor: str, id_: str = "") -> Ask:
    return Ask(operation(name), caller, attack.kind, id_, after_s=5.0 + 10.0 * len(id_ or "ab"), actor=actor)
