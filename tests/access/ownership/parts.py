"""The parts behind the rights, put together over an empty memory, for tests of one of them."""

from dataclasses import dataclass, field

from apiward.access.ownership.book import Book
from apiward.access.ownership.judging import Judge
from apiward.access.ownership.marks import Marks
from apiward.access.ownership.memory import MADE, Memory, Thing
from apiward.access.ownership.model import KindModel, SlotModel
from apiward.access.ownership.naming_fields import NamingFields
from apiward.access.ownership.people import People, Person
from apiward.access.ownership.quiet import Quiet
from apiward.access.ownership.reach import Grip, Reach
from apiward.core.objects import Whose
from apiward.core.principal import ANONYMOUS, Principal, PrincipalKind
from apiward.stores.ownership.memory import MemoryFacts
from tests.guard.calls import NOW_S

MARKS = Marks(bytes(32))


@dataclass
class Bench:
    """Everything that the parts are made of. `staff` are names of callers."""

    staff: tuple[str, ...] = ()
    memory: Memory = field(default_factory=lambda: Memory(MemoryFacts(), MARKS))
    book: Book = field(default_factory=lambda: Book(MARKS))

    def __post_init__(self) -> None:
        self.people = People(
            MARKS, tenant_claims=("org",), staff=frozenset(f"user:{name}" for name in self.staff), meet=self._met
        )
        self.judge = Judge(self.memory)
        self.fields = NamingFields(self.people, self.memory, self.judge)
        self.quiet = Quiet()

    def person(self, name: str) -> Person:
        """Return a caller; `anna@a` is of the firm a, an empty name is nobody."""
        if not name:
            return self.people.of(ANONYMOUS)
        who, _, firm = name.partition("@")
        return self.people.of(Principal(PrincipalKind.USER, who, claims={"org": firm} if firm else {}))

    def thing(self, name: str, owner: str = "", kind: str = "/notes") -> Thing:
        """Return an object; where an owner is named, it has made it."""
        key = self.memory.thing_key(kind, name)
        if owner:
            self.memory.keep_owner(self.memory.thing(key), self.person(owner).name, MADE, NOW_S)
        return self.memory.thing(key)

    def kind(self, name: str = "/notes") -> KindModel:
        """Return a kind that was met today, of which something is known."""
        found = self.book.kind(name, int(NOW_S // 86_400) % 65_536)
        found.objects = found.objects or 1
        return found

    def reach(self, who: str, *grips: Grip) -> Reach:
        """Return a request of somebody with these ids."""
        return Reach(self.person(who), (), (), grips=list(grips))

    def grip(self, name: str, whose: Whose = Whose.OWN, place: str = "path.0", kind: str = "/notes") -> Grip:
        """Return one id of a request."""
        return Grip(SlotModel(f"GET {kind}/{{}} {place}", kind, 0), place, name, self.thing(name, kind=kind), whose)

    def _met(self, person: Person) -> None:
        if person.is_known:
            self.memory.meet(person.names, person.name, person.team, NOW_S)
