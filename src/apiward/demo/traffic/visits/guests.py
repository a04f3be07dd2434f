"""People without an account: they look at products, buy, and come back with the token of their order."""

from apiward.core.jsonvalue import Json
from apiward.demo.traffic import words
from apiward.demo.traffic.asking import Ask, Session
from apiward.demo.traffic.callers import stranger
from apiward.demo.traffic.people import AGENTS, PHONE_AGENTS, Addresses
from apiward.demo.traffic.serving.making import written
from apiward.demo.traffic.values import Kind
from apiward.demo.traffic.visits.desk_work import card
from apiward.demo.traffic.world import World, operation


def checkout(world: World, number: int) -> Session:
    """Look around, buy, and look after the order now and then, at times from another device."""
    rng = world.rng
    caller, actor = stranger(AGENTS[int(rng.random() * 3)], world.addresses.fixed()), f"guest:{number}"

    def ask(name: str, id_: str = "", value: dict[str, Json] | None = None) -> Ask:
        after_s = 3.0 + rng.random() * 40.0
        return Ask(operation(name), caller, Kind.GUEST, id_, value, after_s=after_s, actor=actor)

    told = yield ask("list-product")
    for _ in range(1 + int(rng.random() * 4)):
        yield ask("read-product", told.shown[int(rng.random() * len(told.shown))].id if told.shown else "1")
    if rng.random() < 0.5:
        return
    name, email = words.person(rng)
    value = {**written("order", rng, None, world.now_s), "name": name, "email": email, "card": card()}
    made = yield ask("guest-order", value=value)
    for _ in range(1 + int(rng.random() * 3)):
        if made.thing is not None:
            if rng.random() < 0.3:
                caller = stranger(PHONE_AGENTS[int(rng.random() * 2)], Addresses.phone(rng))
            yield ask("read-guest-order", made.thing.id)._replace(after_s=rng.random() * 86_400 + 30)


def reader(world: World, number: int) -> Session:
    """Read some articles, and open a link that somebody has put on a page, where there is one."""
    rng = world.rng
    caller, actor = stranger(AGENTS[int(rng.random() * 3)], world.addresses.fixed()), f"guest:{number}"
    told = yield Ask(operation("list-article"), caller, Kind.GUEST, actor=actor)
    for _ in range(1 + int(rng.random() * 4)):
        if told.shown:
            id_ = told.shown[int(rng.random() * len(told.shown))].id
            yield Ask(operation("read-article"), caller, Kind.GUEST, id_, after_s=20 + rng.random() * 90, actor=actor)
    inbox = world.pick_user().inbox
    if inbox and inbox[-1][1] and not inbox[-1][0].is_gone:
        document, link = inbox[-1]
        yield Ask(operation("read-document"), caller, Kind.USE, document.id, link=link, actor=actor, after_s=30)
