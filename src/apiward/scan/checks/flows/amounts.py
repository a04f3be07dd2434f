"""FLO03: an order with an impossible amount is taken and counted, below zero or half a piece (CWE-20, API6:2023).

Proves: usual orders cost more the more is ordered; an order of a test account with an amount below zero was taken, and
read back it costs less than nothing, or such a second line made it cheaper, where a usual second line makes it dearer.
Cannot: see it where no operation shows what an order costs, or where stock is what the amount harms.
"""

from typing import Final

from apiward.core.api import Operation
from apiward.core.schema import Schema
from apiward.core.verdict import Outcome, Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.calling.arguments import Slot
from apiward.scan.level import Level, Phase
from apiward.scan.proofs import ordering
from apiward.scan.proofs.ordering import QUANTITIES, Ordering, Placed
from apiward.scan.scene import Scene

CODE = "FLO03"
MAX_SLOTS: Final = 2
LESS: Final = -2
MORE: Final = 3


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation makes an order or the like, and takes how many."""
    return ordering.is_buying(operation) and bool(ordering.slots(operation, QUANTITIES))


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Order one, three, and less than none, and read what each costs."""
    say = Saying(CODE, operation.key)
    order = await ordering.begin(scene, operation)
    if order is None:
        return say.not_run("needs a normal account whose usual order is taken")
    for slot, schema in ordering.slots(operation, QUANTITIES)[:MAX_SLOTS]:
        one, many = await order.place(slot, 1), await order.place(slot, MORE)
        name = _growing(one, many)
        if name is None:
            continue
        verdict = await _below_zero(say, order, slot, name, (one, many))
        if verdict.outcome is Outcome.BROKEN or not _is_whole(schema):
            return verdict
        half = await _half(say, order, slot, name, one)
        return half if verdict.outcome is Outcome.HOLDS or half.outcome is Outcome.BROKEN else verdict
    return say.not_run("nothing shows a cost that grows with the amount")


def _growing(one: Placed, many: Placed) -> str | None:
    """Return the name of the cost that grows with the amount."""
    return next((n for n, cost in one.costs.items() if 0 < cost < many.costs.get(n, 0.0)), None)


async def _below_zero(say: Saying, order: Ordering, slot: Slot, name: str, known: tuple[Placed, Placed]) -> Verdict:
    one, many = known
    less = await order.place(slot, LESS)
    if less.costs.get(name, 0.0) < 0:
        cost = f"its {name} is {less.costs[name]:g}; of one, {one.costs[name]:g}"
        saw = f"An order with {slot.label} {LESS} was taken, and {cost}."
        return say.broken(saw, less.exchange, one.exchange, more=(*one.shown, *less.shown), place=slot.label)
    verdict = await _second_line(say, order, slot, name, many)
    if verdict is None and less.exchange.is_doubtful:
        return say.unsure("an order with an amount below zero got no clear answer")
    return verdict or say.holds("amounts below zero were refused, or did not count")


async def _second_line(say: Saying, order: Ordering, slot: Slot, name: str, many: Placed) -> Verdict | None:
    both = await order.place_lines(slot, MORE, LESS)
    if both is not None and both.exchange.is_doubtful:
        return say.unsure("an order with a second line below zero got no clear answer")
    if both is None or name not in both.costs or both.costs[name] >= many.costs[name]:
        return None
    usual = await order.place_lines(slot, MORE, 1)
    if usual is None or usual.costs.get(name, 0.0) <= many.costs[name]:
        return None  # a second line does not come on top of the first, so that it says nothing of amounts
    saw = (
        f"A second line with {slot.name} {LESS} was taken and made the order cheaper: "
        f"its {name} is {both.costs[name]:g} instead of {many.costs[name]:g}."
    )
    more = (*many.shown, *both.shown, *usual.shown)
    return say.broken(saw, both.exchange, many.exchange, more=more, place=slot.label)


async def _half(say: Saying, order: Ordering, slot: Slot, name: str, one: Placed) -> Verdict:
    half = await order.place(slot, 0.5)
    if 0 < half.costs.get(name, 0.0) < one.costs[name]:
        cost = f"its {name} is {half.costs[name]:g}; of one, {one.costs[name]:g}"
        saw = f"An order of half a piece was taken, and {cost}."
        return say.broken(saw, half.exchange, one.exchange, more=(*one.shown, *half.shown), place=slot.label)
    if half.exchange.is_doubtful:
        return say.unsure("an order of half a piece got no clear answer")
    return say.holds("amounts below zero, and of half a piece, were refused, or did not count")


def _is_whole(schema: Schema) -> bool:
    """Whether only whole numbers are described."""
    return "integer" in schema.types and "number" not in schema.types


CHECK = Check(CODE, applies, run, level=Level.WRITE, phase=Phase.CHANGES)
