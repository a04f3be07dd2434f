"""What attackers share: an account, wishes that are marked as what they are, and an eye for what is not theirs."""

from collections.abc import Generator, Sequence
from typing import Final

from apiward.core.jsonvalue import Json
from apiward.demo.traffic.asking import Ask, GaveUpError, Told
from apiward.demo.traffic.callers import Caller, stranger
from apiward.demo.traffic.operations import Act, Operation
from apiward.demo.traffic.people import AGENTS, Addresses, User
from apiward.demo.traffic.serving.rights import relation
from apiward.demo.traffic.settings import Attack
from apiward.demo.traffic.things import PERSONAL, Thing
from apiward.demo.traffic.values import Kind, Relation
from apiward.demo.traffic.visits.entering import entered
from apiward.demo.traffic.world import World, operation

_TRIES: Final = 300


class Raid:
    """One attack that goes on: in which world, of which kind, and as whom."""

    __slots__ = ("attack", "caller", "kind", "rng", "world")

    def __init__(self, world: World, attack: Attack, caller: Caller) -> None:
        self.world = world
        self.rng = world.rng
        self.attack = attack
        self.kind = attack.kind
        self.caller = caller

    @property
    def user(self) -> User:
        """The account that is used."""
        assert self.caller.user is not None  # noqa: S101 - raids with an account only
        return self.caller.user

    def ask(
        self, name: str, id_: str = "", value: dict[str, Json] | None = None, *, parent: str = "", link: str = "",
        extra: str = "", after_s: float = 3.0, kind: Kind | None = None, actor: str = "",
    ) -> Ask:  # fmt: skip
        """Return a wish of this attack."""
        return Ask(operation(name), self.caller, kind or self.kind, id_, value, extra, parent, link, after_s, actor)

    def about(
        self, verb: str, thing: Thing, value: dict[str, Json] | None = None, *, after_s: float = 3.0, link: str = ""
    ) -> Ask:
        """Return a wish about an object."""
        parent = thing.parent.id if thing.parent is not None else ""
        name = f"{verb}-{thing.type.name}"
        return self.ask(name, thing.id, value, parent=parent, after_s=after_s, link=link)

    def target(self, kinds: tuple[str, ...] = PERSONAL, friends: Sequence["Raid"] = ()) -> Thing | None:
        """Return an object to which the account and its friends have no right, or None where none is found."""
        for _ in range(_TRIES):
            thing = _anything(self.world, kinds[int(self.rng.random() * len(kinds))])
            if thing is not None and all(raid.may_want(thing) for raid in (self, *friends)):
                return thing
        return None

    def may_want(self, thing: Thing) -> bool:
        """Whether this is an object to reach for."""
        if self.attack.only_used and not thing.is_used:
            return False
        return relation(self.caller, thing) is Relation.FOREIGN


def insider(world: World, attack: Attack, user: User | None = None) -> Generator[Ask, Told, Raid]:
    """Begin an attack with the account of an ordinary person, who came as every day."""
    user = user or ordinary(world)
    caller = yield from entered(world, user, user.devices[0])
    return Raid(world, attack, caller)


def awake(raid: Raid) -> Generator[Ask, Told, None]:
    """Log in again where the token has ended: some attacks take days."""
    if raid.caller.is_over(raid.world.now_s):
        raid.caller = yield from entered(raid.world, raid.user, raid.user.devices[0])


def insiders(world: World, attack: Attack) -> Generator[Ask, Told, list[Raid]]:
    """Begin an attack with as many accounts as it says: the same ones each time."""
    crew = world.crews.setdefault(attack, [])
    while len(crew) < attack.principals:
        crew.append(ordinary(world, crew))
    raids: list[Raid] = []
    for user in crew:
        raid = yield from insider(world, attack, user)
        raids.append(raid)
    return raids


def ordinary(world: World, but: Sequence[User] = ()) -> User:
    """Return anybody else who is no member of staff. Raises GaveUpError where there is nobody."""
    for _ in range(_TRIES):
        user = world.pick_user()
        if not user.is_staff and user not in but:
            return user
    raise GaveUpError


def outsider(world: World, attack: Attack) -> Raid:
    """Begin an attack without an account."""
    address = Addresses.stranger(int(world.rng.random() * 2**32))
    return Raid(world, attack, stranger(AGENTS[int(world.rng.random() * 3)], address))


def unknown(method: str, path: str) -> Operation:
    """Return an operation that the API does not have."""
    return Operation("unknown", method, path, Act.UNKNOWN)


def _anything(world: World, kind: str) -> Thing | None:
    user = world.pick_user()
    if kind == "task":
        projects = user.tenant.things.get("project")
        found = projects[int(world.rng.random() * len(projects))].children if projects else None
    else:
        found = user.things.get(kind) or user.tenant.things.get(kind)
    return found[int(world.rng.random() * len(found))] if found else None
