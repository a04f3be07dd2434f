"""The simulated business on its first day: people, objects that were there before, machines."""

from random import Random
from typing import Final

from apiward.demo.traffic import words
from apiward.demo.traffic.callers import Caller, machine
from apiward.demo.traffic.operations import FURTHER, OPERATIONS, Operation
from apiward.demo.traffic.people import Addresses, User, populate
from apiward.demo.traffic.serving.desk import desk_acts
from apiward.demo.traffic.serving.making import stored, written
from apiward.demo.traffic.serving.server import Server
from apiward.demo.traffic.serving.state import State
from apiward.demo.traffic.settings import Attack, TrafficSettings
from apiward.demo.traffic.things import TYPES, Thing
from apiward.demo.traffic.values import Kind

ARTICLES: Final = 60
PRODUCTS: Final = 40
_AWAY: Final = 3
_OLD_LINKS: Final = 0.1
"""Links across tenants on the first day, for each user, where there are such links at all."""
_GONE_BEFORE: Final = 0.08
"""Of the objects of the first day, so many are gone already."""


class World:
    """Everything there is. One random generator decides all that happens, so that a seed gives one course of things."""

    def __init__(self, settings: TrafficSettings) -> None:
        self.settings = settings
        self.rng = Random(settings.seed)  # noqa: S311 - a simulation, and it must come out the same again
        self.addresses = Addresses()
        self.tenants, self.users = populate(settings, self.rng, self.addresses)
        self.state = State(self.rng)
        self.server = Server(self.state, self.tenants, self.users, self.rng, sound=settings.sound)
        self.server.acts |= desk_acts(has_tenant=settings.has_tenant_claim, names_staff=settings.staff_in_claims)
        self.state.now_s = settings.start_s
        self._furnish()
        self.machines = self._machines()
        self.crews: dict[Attack, list[User]] = {}
        """Whose accounts an attack uses that comes again."""
        self.former: list[tuple[User, Thing]] = []
        """Who left a tenant, and what they could reach there."""
        self.away = self._away()
        """Who does not come any more after some days."""
        self.broken_until_s = 0.0
        """Until when most requests fail."""

    @property
    def now_s(self) -> float:
        """The time in the simulation (seconds since the epoch)."""
        return self.state.now_s

    @property
    def staff(self) -> list[str]:
        """Who is staff now, as the subjects of their tokens."""
        return [str(one.number) for one in self.users if one.is_staff]

    def pick_user(self) -> User:
        """Return anybody."""
        return self.users[int(self.rng.random() * len(self.users))]

    def _away(self) -> list[User]:
        """Return the newest ordinary people, where somebody is to wake what is asleep."""
        is_wanted = any(attack.kind is Kind.DORMANT for attack in self.settings.attacks)
        return [one for one in self.users if not one.is_staff][-_AWAY:] if is_wanted else []

    def _furnish(self) -> None:
        for _ in range(ARTICLES):
            self.state.add("article", words.title(self.rng), None, self.tenants[0], {"text": words.text(self.rng)})
        for _ in range(PRODUCTS):
            price = {"price_cents": 500 + int(self.rng.random() * 90) * 100}
            self.state.add("product", words.title(self.rng), None, self.tenants[0], {**price})
        for user in self.users:
            person = self.state.add("person", user.name, user, user.tenant)
            user.things.pop("person")
            assert person.key == user.number  # noqa: S101 - both count from 1
        made = [thing for kind in TYPES.values() if kind.before for thing in self._before(kind.name, kind.before)]
        for thing in made:
            if thing.parent is None and thing.type.name in {"note", "contact", "document"}:
                self._perhaps_gone(thing)
        self._link_before()

    def _before(self, kind: str, each: float) -> "list[Thing]":
        """Make what was there on the first day, owners in a mixed order: neighbours belong to different people."""
        count = round(each * len(self.users))
        return [thing for _ in range(count) if (thing := self._make_before(kind, self.pick_user())) is not None]

    def _make_before(self, kind: str, user: User) -> Thing | None:
        parent = None
        if kind == "task":
            projects = user.tenant.things.get("project")
            if not projects:
                return None
            parent = projects[int(self.rng.random() * len(projects))]
        value = written(kind, self.rng, user, self.now_s)
        title, kept = stored(kind, value, self.rng, self.now_s)
        owner = None if kind == "invoice" else user
        private = kind == "document" and self.rng.random() < 0.15
        thing = self.state.add(kind, title or kind, owner, user.tenant, kept, parent=parent, is_private=private)
        self._share_before(thing, user)
        return thing

    def _share_before(self, thing: Thing, user: User) -> None:
        kind = thing.type.name
        mates = user.tenant.users
        if kind == "thread" or (kind == "note" and self.rng.random() < 0.05):
            other = mates[int(self.rng.random() * len(mates))]
            if other is not user:
                thing.named.append(other)
                other.things.setdefault("thread", []).append(thing) if kind == "thread" else other.inbox.append(
                    (thing, "")
                )

    def _link_before(self) -> None:
        """Give links across tenants that are older than the first day: nobody has seen them being made."""
        for _ in range(round(len(self.users) * _OLD_LINKS) if self.settings.cross_tenant_links else 0):
            found, other = self.pick_user().things.get("document"), self.pick_user()
            if found and found[0].tenant is not other.tenant:
                document = found[int(self.rng.random() * len(found))]
                document.links.append(self.state.secret())
                other.inbox.append((document, document.links[-1]))

    def _perhaps_gone(self, thing: Thing) -> None:
        if self.rng.random() < _GONE_BEFORE and thing.owner is not None and not thing.named:
            thing.owner.stale.append((thing.type.name, thing.id))
            self.state.remove(thing)

    def _machines(self) -> list[Caller]:
        """Return the programs with keys: one writes invoices for all tenants, others contacts for one or two."""
        every = frozenset(one.number for one in self.tenants)
        found = [machine("ledger", self.state.secret(), self.addresses.fixed(), every)]
        for tenant in self.tenants[1::6]:
            some = frozenset({tenant.number})
            found.append(machine(f"import-{tenant.number}", self.state.secret(), self.addresses.fixed(), some))
        return found


def operation(name: str) -> Operation:
    """Return an operation by its name."""
    return OPERATIONS.get(name) or FURTHER[name]
