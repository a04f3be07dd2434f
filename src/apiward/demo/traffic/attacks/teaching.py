"""Attempts to teach a guard that learns: wrong owners, wrong shapes, wrong roles. Each ends with what it was for."""

from typing import Final

from apiward.core.jsonvalue import Json
from apiward.demo.traffic.asking import Session
from apiward.demo.traffic.attacks.attacking import Raid, awake, insiders, unknown
from apiward.demo.traffic.settings import Attack
from apiward.demo.traffic.things import Thing
from apiward.demo.traffic.world import World

_READ: Final = ("note", "order", "invoice", "document", "contact", "booking")
_LESSONS: Final = 25


def teach_ownership(world: World, attack: Attack) -> Session:
    """Make another's object look like one's own in every way that a caller has, then open it."""
    raids = yield from insiders(world, attack)
    thing = raids[0].target(_READ, raids)
    if thing is None:
        return
    for raid in raids:
        yield from _echoed(raid, thing)
        yield from _claimed(raid, thing)
        yield from _made_friends(raid, thing, raids)
    for _ in range(3):
        for raid in raids:
            yield from awake(raid)
            if not thing.is_gone:
                yield raid.about("read", thing, after_s=600.0 + world.rng.random() * 20_000.0)


def _echoed(raid: Raid, thing: Thing) -> Session:
    """Write the id into one's own objects, so that it stands in answers to oneself."""
    for name in ("note", "document"):
        value: dict[str, Json] = {
            "title": thing.id,
            "text": f"{thing.type.name} {thing.id}",
            "id": thing.key,
            "ref": thing.key,
        }
        made = yield raid.ask(
            f"create-{name}", value={**value, "owner_id": raid.user.number, f"{thing.type.name}_id": thing.key}
        )
        if made.thing is not None:
            yield raid.about("read", made.thing)
            yield raid.about("change", made.thing, {**value, "owner_id": raid.user.number})
        yield raid.ask(f"list-{name}")
    yield raid.ask("create-contact", value={"name": thing.id, "email": raid.user.email, "id": thing.key})


def _claimed(raid: Raid, thing: Thing) -> Session:
    """Say in the object itself, where the API lets one, that one is its owner or may see it."""
    name = thing.type.name
    if name == "note":
        yield raid.about("share", thing, {"email": raid.user.email})
    if name == "document":
        told = yield raid.about("link", thing)
        url = told.value.get("url") if isinstance(told.value, dict) else None
        if isinstance(url, str) and not thing.is_gone:
            yield raid.about("read", thing, link=url.partition("share=")[2])
    owner: dict[str, Json] = {
        "owner_id": raid.user.number,
        "created_by": raid.user.email,
        "org_id": raid.user.tenant.number,
    }
    yield raid.about("change", thing, {**owner, "customer": {"id": raid.user.number, "email": raid.user.email}})


def _made_friends(raid: Raid, thing: Thing, raids: list[Raid]) -> Session:
    """Share one's own notes with the owner and with one another, as colleagues do."""
    notes = raid.user.things.get("note")
    others = [one.user for one in raids if one is not raid] + ([thing.owner] if thing.owner is not None else [])
    for other in others:
        if notes:
            yield raid.about("share", notes[-1], {"email": other.email})


def teach_shape(world: World, attack: Attack) -> Session:
    """Send again and again what the API does not take: fields, types, lengths, paths, parameters."""
    raids = yield from insiders(world, attack)
    for number in range(_LESSONS):
        raid = raids[number % len(raids)]
        value: dict[str, Json] = {
            "title": f"Note {number}",
            "text": "x" * 6_000,
            "is_admin": True,
            "debug": "1",
            "price_cents": -1,
        }
        yield raid.ask("create-note", value={**value}, extra="debug=true", after_s=20.0)
        yield raid.ask("create-contact", value={"name": [number], "email": {"a": 1}, "phone": number}, after_s=20.0)
        yield raid.ask("me", after_s=20.0)._replace(
            operation=unknown("POST", "/api/notes/bulk"), value={"ids": [number]}
        )
        yield raid.ask("list-note", extra=f"fields=secret{number}&limit=100000", after_s=20.0)


def teach_role(world: World, attack: Attack) -> Session:
    """Behave like staff: their functions, a header that says so, and objects of many tenants."""
    raids = [_in_costume(raid) for raid in (yield from insiders(world, attack))]
    for number in range(_LESSONS):
        raid = raids[number % len(raids)]
        yield raid.ask("all-users", after_s=60.0)
        yield raid.ask("change-me", value={"role": "support", "roles": ["support"]}, after_s=60.0)
        thing = raid.target(_READ)
        if thing is not None:
            yield raid.about("read", thing, after_s=120.0)


def _in_costume(raid: Raid) -> Raid:
    caller = raid.caller
    raid.caller = caller.with_headers((*caller.headers, (b"x-role", b"support")), caller.address)
    return raid
