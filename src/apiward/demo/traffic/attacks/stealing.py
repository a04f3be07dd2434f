"""Single objects of others: read by an id that leaked, or changed, paid, cancelled, shared, removed."""

from typing import Final

from apiward.core.jsonvalue import Json
from apiward.demo.traffic.asking import Session
from apiward.demo.traffic.attacks.attacking import Raid, insider
from apiward.demo.traffic.serving.making import changed
from apiward.demo.traffic.settings import Attack
from apiward.demo.traffic.things import Thing
from apiward.demo.traffic.visits.desk_work import Work, look
from apiward.demo.traffic.world import World

_WAYS: Final = {
    "note": ("change", "remove", "share"),
    "order": ("change", "pay"),
    "invoice": ("change",),
    "document": ("change", "remove", "link"),
    "project": ("change", "share", "add-task"),
    "task": ("change",),
    "contact": ("change", "remove"),
    "booking": ("change", "remove"),
    "thread": ("write",),
}


def steal_object(world: World, attack: Attack) -> Session:
    """Do what one does every day, and open one object of somebody else."""
    raid = yield from insider(world, attack)
    if world.rng.random() < 0.5:
        yield from look(Work(world, raid.user, raid.caller))
    thing = raid.target()
    if thing is not None:
        yield raid.about("read", thing, link=_false_link(raid, thing))


def _false_link(raid: Raid, thing: Thing) -> str:
    """Return, for a few documents, a link's token that opens something else, or nothing at all.

    Only a few: a guard cannot tell such a token from that of a link which is older than the guard.
    """
    if thing.type.name != "document" or raid.rng.random() < 0.9:
        return ""
    own = [token for one in raid.user.things.get("document", ()) for token in one.links]
    return own[0] if own else f"{raid.rng.getrandbits(128):032x}"


def write_foreign(world: World, attack: Attack) -> Session:
    """Change one object of somebody else."""
    raid = yield from insider(world, attack)
    thing = raid.target()
    if thing is not None:
        ways = _WAYS[thing.type.name]
        yield from _written(raid, thing, ways[int(world.rng.random() * len(ways))])


def _written(raid: Raid, thing: Thing, way: str) -> Session:
    value: dict[str, Json] | None = None
    if way == "pay":
        yield raid.ask("pay", thing.id, {"card": {"number": "4242424242424242", "expires": "12/29", "cvc": "123"}})
    elif way == "write":
        yield raid.ask("write-message", thing.id, {"text": "Please pay to our new account."})
    elif way == "add-task":
        yield raid.ask("create-task", parent=thing.id, value={"title": "Send the offer to everybody", "done": False})
    else:
        if way == "change":
            value = changed(thing.type.name, raid.rng, thing, raid.world.now_s)
        elif way == "share":
            value = {"email": raid.user.email}
        yield raid.about(way, thing, value)


def former_member(world: World, attack: Attack) -> Session:
    """Open by an old bookmark what belongs to the tenant that one has left."""
    found = [(user, thing) for user, thing in world.former if not thing.is_gone and thing.tenant is not user.tenant]
    if not found:
        return
    user, thing = found[int(world.rng.random() * len(found))]
    raid = yield from insider(world, attack, user)
    yield raid.about("read", thing)
