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

    @property
    def is_taken(self) -> bool:
        """Whether the API said that it took the order."""
        return judging.is_accepted(self.exchange)


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


async def usual(scene: Scene, operation: Operation, session: Session) -> Arguments | None:
    """Return arguments with which an order is taken, or None."""
    for use_examples in (False, True):
        arguments = scene.arguments(operation, session, use_examples=use_examples)
        placed = await place(scene, operation, session, arguments)
        if placed.is_taken:
            return arguments
    return None


async def place(scene: Scene, operation: Operation, session: Session, arguments: Arguments) -> Placed:
    """Place one order, with an invented text of its own, and read back what it costs."""
    sent = _freshened(scene, operation, session, arguments)
    exchange = await scene.call(operation, sent, session)
    if not judging.is_accepted(exchange):
        return Placed(exchange, {})
    target = await scene.adopt(objects.made(operation, session.name, sent, exchange), session)
    shown = await scene.look(target, session)
    return Placed(exchange, _costs(target, exchange, shown), tuple(shown[:1]) or (exchange,))


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


def with_line(arguments: Arguments, slot: Slot, first: Json, second: Json) -> Arguments | None:
    """Return the arguments with a second line like the first, each with its own value; None where there is no list."""
    at = next((i for i, step in enumerate(slot.pointer) if isinstance(step, int)), None)
    if at is None:
        return None
    line = arguments.get(Slot(BODY, slot.pointer[: at + 1]))
    if not isinstance(line, dict):
        return None
    again = (*slot.pointer[:at], 1)
    doubled = arguments.put(slot, first).put(Slot(BODY, again), dict(line))
    return doubled.put(Slot(BODY, (*again, *slot.pointer[at + 1 :])), second)


def says_offer(operation: Operation) -> bool:
    """Whether the description speaks of prices that callers name on purpose: bids, offers, tips."""
    return bool(_OFFERING & set(spoken.prose(operation).replace("s ", " ").split()))


def _is_number(schema: Schema) -> bool:
    return not schema.types or bool({"integer", "number"} & set(schema.types))
