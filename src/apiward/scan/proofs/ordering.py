"""Orders of our own with amounts and prices of our choice, and what they then cost: shared by FLO03 and FLO05."""

from dataclasses import dataclass
from typing import Final

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import Json
from apiward.core.schema import Schema
from apiward.scan.calling.arguments import BODY, Arguments, Slot
from apiward.scan.identities.sessions import Session
from apiward.scan.meaning import judging
from apiward.scan.ownership import objects
from apiward.scan.ownership.objects import OwnedObject
from apiward.scan.proofs import money
from apiward.scan.scene import Scene
from apiward.spec.meaning import naming, spoken

QUANTITIES: Final = frozenset("quantity qty units seats tickets persons guests nights copies pieces".split())
_BUYING: Final = frozenset(
    "order cart basket checkout purchase booking reservation subscription ticket rental item line sale".split()
)
_OFFERING: Final = frozenset("bid offer quote proposal auction donation donate tip negotiate expense estimate".split())


@dataclass(frozen=True, slots=True)
class Placed:
    """One order: the request that placed it, and what it costs by name; nothing where it was refused or not shown."""

    exchange: Exchange
    costs: dict[str, float]
    shown: tuple[Exchange, ...] = ()


@dataclass(frozen=True, slots=True)
class Ordering:
    """Who orders where, and a usual order that is taken."""

    scene: Scene
    operation: Operation
    session: Session
    usual: Arguments

    async def place(self, slot: Slot | None = None, value: Json = None) -> Placed:
        """Place the usual order, with another value in one slot, and read back what it costs."""
        return await self._place(self.usual if slot is None else self.usual.put(slot, value))

    async def place_lines(self, slot: Slot, first: Json, second: Json) -> Placed | None:
        """Place an order of two lines, each with its own value in that slot; None where orders have no lines."""
        at = next((i for i, step in enumerate(slot.pointer) if isinstance(step, int)), None)
        line = self.usual.get(Slot(BODY, slot.pointer[: at + 1])) if at is not None else None
        if at is None or not isinstance(line, dict):
            return None
        again = (*slot.pointer[:at], 1)
        doubled = self.usual.put(slot, first).put(Slot(BODY, again), dict(line))
        return await self._place(doubled.put(Slot(BODY, (*again, *slot.pointer[at + 1 :])), second))

    async def _place(self, arguments: Arguments) -> Placed:
        sent = _freshened(self.scene, self.operation, self.session, arguments)
        exchange = await self.scene.call(self.operation, sent, self.session)
        if not judging.is_accepted(exchange):
            return Placed(exchange, {})
        made = objects.made(self.operation, self.session.name, sent, exchange)
        target = await self.scene.adopt(made, self.session)
        shown = await self.scene.look(target, self.session)
        return Placed(exchange, _costs(target, exchange, shown), tuple(shown[:1]) or (exchange,))


def is_buying(operation: Operation) -> bool:
    """Whether the operation makes an order or the like, where the business sets the price."""
    nouns = set(naming.nouns(operation.path))
    return objects.makes(operation) and bool(nouns & _BUYING) and not naming.names_of(operation) & _OFFERING


def slots(operation: Operation, names: frozenset[str]) -> list[tuple[Slot, Schema]]:
    """Return the number slots of the body that have such names."""
    schema = operation.body_schema() or Schema()
    return [
        (Slot(BODY, pointer), child)
        for pointer, child in schema.fields()
        if pointer and money.is_named(Slot(BODY, pointer).name, names) and _is_number(child)
    ]


async def begin(scene: Scene, operation: Operation) -> Ordering | None:
    """Return a usual order of the owner's that is taken, to be placed again with other values; None for none."""
    if scene.owner is None:
        return None
    for use_examples in (False, True):
        usual = scene.arguments(operation, scene.owner, use_examples=use_examples)
        order = Ordering(scene, operation, scene.owner, usual)
        if judging.is_accepted((await order.place()).exchange):
            return order
    return None


def _costs(target: OwnedObject, exchange: Exchange, shown: list[Exchange]) -> dict[str, float]:
    """Return what the record shows when it is read; where nothing shows it, what the answer said."""
    return money.of_object(shown, target) or money.of_object([exchange], target)


def _freshened(scene: Scene, operation: Operation, session: Session, arguments: Arguments) -> Arguments:
    """Return the arguments with new texts of ours, so that each order can be told from the others."""
    other = scene.arguments(operation, session)
    for slot, value in list(arguments.slots()):
        fresh = other.get(slot)
        if slot.place == BODY and objects.marks_of(value) and isinstance(fresh, str) and objects.marks_of(fresh):
            arguments = arguments.put(slot, fresh)
    return arguments


def says_offer(operation: Operation) -> bool:
    """Whether the description speaks of prices that callers name on purpose: bids, offers, tips."""
    return bool(_OFFERING & set(spoken.prose(operation).replace("s ", " ").split()))


def _is_number(schema: Schema) -> bool:
    return not schema.types or bool({"integer", "number"} & set(schema.types))
