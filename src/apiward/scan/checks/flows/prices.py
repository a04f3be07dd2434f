"""FLO05: the price that the caller sends is charged, although the product has another (CWE-602, CWE-472).

Proves: of two orders of a test account for the same product, which differ in the price that was sent alone, the one
with the lower price costs less when it is read back: less than one piece, by the price that the API itself shows.
Cannot: see it where no operation shows the product's price or what the order costs.
"""

from collections.abc import Iterator
from typing import Final

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import Json, NotJson, walk
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.calling.arguments import BODY, Arguments, Slot, text_of
from apiward.scan.level import Level, Phase
from apiward.scan.proofs import money, ordering
from apiward.scan.proofs.ordering import Ordering, Placed
from apiward.scan.scene import Scene
from apiward.spec.meaning import naming

CODE = "FLO05"
MAX_SLOTS: Final = 2
MAX_SEEN: Final = 400
_SENT: Final = money.PRICED | money.OWED


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation makes an order or the like, and takes a price."""
    return (
        ordering.is_buying(operation)
        and bool(ordering.slots(operation, _SENT))
        and not ordering.says_offer(operation)
        and not scene.is_for_staff(operation)
    )


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Order at the price that the API shows, and at a far lower one."""
    say = Saying(CODE, operation.key)
    order = await ordering.begin(scene, operation)
    if order is None:
        return say.not_run("needs a normal account whose usual order is taken")
    known = next(_prices(scene, operation, order.usual), None)
    if known is None:
        return say.not_run("no answer shows what the ordered product costs")
    for slot, _ in ordering.slots(operation, _SENT)[:MAX_SLOTS]:
        verdict = await _judge(say, order, slot, known)
        if verdict is not None:
            return verdict
    return say.holds("the price that was sent made no difference to what the order costs")


async def _judge(say: Saying, order: Ordering, slot: Slot, known: tuple[float, Exchange]) -> Verdict | None:
    price, shown = known
    right, cheap = await order.place(slot, _like(price)), await order.place(slot, 1)
    if right.exchange.is_doubtful or cheap.exchange.is_doubtful:
        return say.unsure("an order with another price got no clear answer")
    name = _lowered(slot, right, cheap)
    # What was sent may be no price, but how many: then one piece costs what the API shows.
    if name is None or cheap.costs[name] >= price:
        return None
    again = await order.place(slot, 1)
    if again.costs.get(name) != cheap.costs[name]:
        return say.unsure("the same order did not cost the same twice")
    saw = (
        f"With {slot.label} 1 the order's {name} is {cheap.costs[name]:g}; with the price that the API shows, "
        f"{price:g}, it is {right.costs[name]:g}."
    )
    more = (shown, *right.shown, *cheap.shown)
    return say.broken(saw, cheap.exchange, right.exchange, more=more, place=slot.label)


def _lowered(slot: Slot, right: Placed, cheap: Placed) -> str | None:
    """Return the name of the cost that fell with the price that was sent, and is no mere echo of what was sent."""
    for name, cost in cheap.costs.items():
        is_echo = naming.plain(name) == naming.plain(slot.name) and len(cheap.costs) > 1
        if not is_echo and cost < right.costs.get(name, cost):
            return name
    return None


def _prices(scene: Scene, operation: Operation, sent: Arguments) -> Iterator[tuple[float, Exchange]]:
    """Yield the prices that answers show for things that the order names by an identifier, itself left out."""
    own = naming.nouns(operation.path)
    named = [
        (slot, value)
        for slot, value in sent.slots()
        if slot.place == BODY and naming.is_id_name(slot.name) and naming.words(slot.name)[0] not in own
    ]
    for count, (key, _, exchange) in enumerate(scene.exchanges_seen()):
        if count >= MAX_SEEN:
            return
        nouns = set(naming.nouns(key.partition(" ")[2]))
        for slot, value in named:
            noun = naming.words(slot.name)[0]
            if noun in nouns:
                for price in _shown_price(exchange, noun, value):
                    yield price, exchange


def _shown_price(exchange: Exchange, noun: str, wanted: Json) -> Iterator[float]:
    body = exchange.response.json() if exchange.response and exchange.is_success else None
    if body is None or isinstance(body, NotJson):
        return
    for _, node in walk(body):
        if isinstance(node, dict) and _is_of(node, noun, wanted):
            for name, value in node.items():
                found = money.number(value)
                if found is not None and found > 1 and money.is_named(name, money.PRICED):
                    yield found


def _is_of(node: dict[str, Json], noun: str, wanted: Json) -> bool:
    names = {"id", "uuid", f"{noun}id", "sku", "code", "slug"}
    return any(naming.plain(name) in names and text_of(value) == text_of(wanted) for name, value in node.items())


def _like(price: float) -> Json:
    return int(price) if price.is_integer() else price


CHECK = Check(CODE, applies, run, level=Level.WRITE, phase=Phase.CHANGES)
