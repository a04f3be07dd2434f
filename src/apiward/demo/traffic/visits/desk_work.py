"""What somebody does in one visit, piece by piece: look through lists, open, write, share, shop, read."""

from bisect import bisect
from collections.abc import Callable
from itertools import accumulate
from typing import Final, TypeAlias

from apiward.core.jsonvalue import Json
from apiward.demo.traffic import words
from apiward.demo.traffic.asking import Ask, Session
from apiward.demo.traffic.callers import Caller
from apiward.demo.traffic.people import User
from apiward.demo.traffic.serving.making import changed, written
from apiward.demo.traffic.serving.showing import PAGE
from apiward.demo.traffic.things import Thing
from apiward.demo.traffic.values import Kind
from apiward.demo.traffic.world import World, operation

Piece: TypeAlias = "Callable[[Work], Session]"

_LOOKED_AT: Final = (
    "note",
    "order",
    "document",
    "document",
    "contact",
    "contact",
    "booking",
    "invoice",
    "project",
    "thread",
)
_MADE: Final = ("note", "note", "document", "contact", "contact", "booking", "task", "task", "project", "thread")
_CHANGED: Final = frozenset({"note", "document", "contact", "booking", "project", "order"})
_REMOVED: Final = frozenset({"note", "document", "contact", "booking", "project"})


class Work:
    """One visit of one person: who, as whom, and how their wishes are made."""

    __slots__ = ("caller", "rng", "user", "world")

    def __init__(self, world: World, user: User, caller: Caller) -> None:
        self.world = world
        self.rng = world.rng
        self.user = user
        self.caller = caller

    def ask(
        self, name: str, id_: str = "", value: dict[str, Json] | None = None, *, kind: Kind = Kind.USE,
        parent: str = "", link: str = "", extra: str = "",
    ) -> Ask:  # fmt: skip
        """Return a wish of this person, after some thought."""
        after_s = 2.0 + self.rng.random() * 30.0
        return Ask(operation(name), self.caller, kind, id_, value, extra, parent, link, after_s)

    def about(self, verb: str, thing: Thing, value: dict[str, Json] | None = None, *, kind: Kind = Kind.USE) -> Ask:
        """Return a wish about an object."""
        parent = thing.parent.id if thing.parent is not None else ""
        return self.ask(f"{verb}-{thing.type.name}", thing.id, value, kind=kind, parent=parent)

    def pick(self, options: "tuple[str, ...]") -> str:
        """Return one of them."""
        return options[int(self.rng.random() * len(options))]


def look(work: Work) -> Session:
    """Go through a list, open some of what it shows, at times change or remove it. Who never lists, opens at once."""
    kind = work.pick(_LOOKED_AT)
    if not work.user.lists:
        yield from deep(work, kind)
        return
    told = yield work.ask(f"list-{kind}")
    if len(told.shown) >= PAGE - 2 and work.rng.random() < 0.3:
        told = yield work.ask(f"list-{kind}", extra="page=2")
    shown = told.shown
    for _ in range(1 + int(work.rng.random() * 4)):
        if shown:
            yield from _opened(work, shown[int(work.rng.random() ** 2 * len(shown))], Kind.USE)


def deep(work: Work, kind: str = "") -> Session:
    """Open what a bookmark, a mail or a notice names: one's own, or what belongs to the tenant."""
    name = kind or work.pick(_LOOKED_AT)
    found = _known(work.user, name, work)
    for _ in range(1 + int(work.rng.random() * 3)):
        if found:
            thing = found[-1 - int(work.rng.random() ** 2 * len(found))]
            if not thing.is_private or thing.owner is work.user:
                yield from _opened(work, thing, Kind.DEEP)


def _known(user: User, kind: str, work: Work) -> list[Thing]:
    own = user.things.get(kind, [])
    if kind in {"note", "booking", "thread"} or (own and work.rng.random() < 0.5):
        return own
    return user.tenant.things.get(kind, [])


def _opened(work: Work, thing: Thing, kind: Kind) -> Session:
    if thing.is_gone:
        work.user.stale.append((thing.type.name, thing.id))
        return
    told = yield work.about("read", thing, kind=kind)
    name, chance = thing.type.name, work.rng.random()
    if told.status != 200:
        return
    if name == "project" and 0.1 < chance < 0.99:
        yield from _tasks(work, thing)
    elif name == "thread" and chance < 0.4:
        yield work.ask("write-message", thing.id, {"text": words.text(work.rng)})
    elif name in _CHANGED and chance <= 0.2:
        yield work.about("change", thing, changed(name, work.rng, thing, work.world.now_s))
    elif name in _REMOVED and chance > 0.965 and thing.owner is work.user:
        yield work.about("remove", thing)
        work.user.stale.append((name, thing.id))
    elif name == "order" and thing.owner is work.user and chance > 0.9:
        yield work.ask("pay", thing.id, {"card": card()})


def _tasks(work: Work, project: Thing) -> Session:
    if work.user.lists:
        yield work.ask("list-task", parent=project.id)
    for _ in range(1 + int(work.rng.random() * 3)):
        if project.children and not project.is_gone:
            task = project.children[int(work.rng.random() * len(project.children))]
            yield work.about("read", task)
            if work.rng.random() < 0.3 and not task.is_gone:
                yield work.about("change", task, changed("task", work.rng, task, work.world.now_s))


def go_through(work: Work) -> Session:
    """Open one thing after the other, quickly, as somebody does who puts a whole list in order."""
    kind = work.pick(("contact", "invoice", "order", "document"))
    shown = (yield work.ask(f"list-{kind}")).shown if work.user.lists else tuple(_known(work.user, kind, work)[-30:])
    for thing in shown:
        if not thing.is_gone and (not thing.is_private or thing.owner is work.user):
            yield work.about("read", thing)._replace(after_s=0.6 + work.rng.random() * 2.0)


def make(work: Work) -> Session:
    """Make something, and look at it."""
    kind = work.pick(_MADE)
    value, parent = written(kind, work.rng, work.user, work.world.now_s), ""
    if kind == "task":
        projects = work.user.tenant.things.get("project")
        if not projects:
            return
        parent = projects[int(work.rng.random() * len(projects))].id
    if kind == "thread":
        mates = work.user.tenant.users
        value["to"] = mates[int(work.rng.random() * len(mates))].email
    if kind == "document" and work.rng.random() < 0.15:
        value["private"] = True
    if kind == "contact" and work.rng.random() < 0.05:
        value["email"] = work.world.pick_user().email  # a customer of this tenant, who has an account of their own
    told = yield work.ask(f"create-{kind}", value=value, parent=parent)
    if told.thing is not None and work.rng.random() < 0.5 and not told.thing.is_gone:
        yield work.about("read", told.thing)


def shop(work: Work) -> Session:
    """Look at products and place an order, at times with a coupon, mostly with payment."""
    told = yield work.ask("list-product")
    for _ in range(1 + int(work.rng.random() * 3)):
        if told.shown:
            yield work.about("read", told.shown[int(work.rng.random() * len(told.shown))])
    if work.rng.random() < 0.5:
        return
    if work.rng.random() < 0.2:
        yield work.ask("coupon", value={"code": "SPRING10" if work.rng.random() < 0.8 else "SPRING20"})
    made = yield work.ask("create-order", value=written("order", work.rng, work.user, work.world.now_s))
    if made.thing is not None:
        yield work.ask("pay", made.thing.id, {"card": card()})
        yield work.about("read", made.thing)


def browse(work: Work) -> Session:
    """Read what is there for everybody."""
    shown: tuple[Thing, ...] = ()
    if work.user.lists:
        shown = (yield work.ask("list-article")).shown
    shown = shown or tuple(work.world.tenants[0].things["article"])
    for _ in range(1 + int(work.rng.random() * 3)):
        yield work.about("read", shown[int(work.rng.random() * len(shown))])


def colleagues(work: Work) -> Session:
    """Look up a colleague, or open what a colleague has sent the number of."""
    if work.user.lists:
        yield work.ask("team")
    mates = work.user.tenant.users
    mate = mates[int(work.rng.random() * len(mates))]
    yield work.ask("read-person", str(mate.number))
    orders = mate.things.get("order")
    if orders and work.rng.random() < 0.5:
        order = orders[int(work.rng.random() * len(orders))]
        if order.tenant is work.user.tenant:
            yield work.about("read", order, kind=Kind.DEEP)


def share(work: Work) -> Session:
    """Share a note or a project by name, mostly with a colleague; guests of a project are often from elsewhere."""
    kind = "note" if work.rng.random() < 0.6 or not work.user.things.get("project") else "project"
    found = work.user.things.get(kind)
    if not found:
        return
    mates = work.user.tenant.users
    is_inside = work.rng.random() < (0.9 if kind == "note" else 0.3)
    other = mates[int(work.rng.random() * len(mates))] if is_inside else work.world.pick_user()
    yield work.about("share", found[-1 - int(work.rng.random() ** 2 * len(found))], {"email": other.email})


def give_link(work: Work) -> Session:
    """Make a link to a document for a colleague."""
    yield from link_for(work, work.user.tenant.users[int(work.rng.random() * len(work.user.tenant.users))])


def link_for(work: Work, other: User) -> Session:
    """Make a link to one of one's documents, and send it to `other`."""
    found = work.user.things.get("document")
    if found:
        document = found[int(work.rng.random() * len(found))]
        yield work.about("link", document)
        if document.links:
            other.inbox.append((document, document.links[-1]))


def open_sent(work: Work) -> Session:
    """Open what others sent, mostly the newest: by its link, or because one was named."""
    if not work.user.inbox:
        return
    thing, link = work.user.inbox[-1 - int(work.rng.random() ** 3 * len(work.user.inbox))]
    yield from opened_by_link(work, thing, link)


def opened_by_link(work: Work, thing: Thing, link: str) -> Session:
    """Open one thing that was sent."""
    if thing.is_gone:
        work.user.inbox.remove((thing, link))
    told = yield work.ask(f"read-{thing.type.name}", thing.id, link=link)
    if told.status == 200 and thing.type.name == "project":
        yield from _tasks(work, thing)


def stale(work: Work) -> Session:
    """Open an old bookmark of something that is gone, as long as its id cannot have been given again."""
    if work.user.stale:
        kind, id_ = work.user.stale[int(work.rng.random() * len(work.user.stale))]
        if not work.world.state.may_be_new(kind, id_):
            yield work.ask(f"read-{kind}", id_)


def own_page(work: Work) -> Session:
    """Look at one's own page, at times change it."""
    yield work.ask("me")
    if work.rng.random() < 0.1:
        yield work.ask("change-me", value={"language": "de"})


_WEIGHTS: Final[tuple[tuple[Piece, int], ...]] = (
    (look, 46), (deep, 8), (make, 16), (shop, 7), (browse, 8), (colleagues, 4), (share, 2), (give_link, 1),
    (open_sent, 4), (stale, 2), (own_page, 5), (go_through, 1),
)  # fmt: skip
_PIECES: Final = tuple(piece for piece, _ in _WEIGHTS)
_BOUNDS: Final = tuple(accumulate(weight for _, weight in _WEIGHTS))


def piece(work: Work) -> Session:
    """Do one of them."""
    return _PIECES[bisect(_BOUNDS, work.rng.random() * _BOUNDS[-1])](work)


def card() -> Json:
    """Return a card that pays."""
    return {"number": "4242424242424242", "expires": "12/29", "cvc": "123"}
