"""Numbers that mean money or its like in answers: what an account has, and what a thing costs."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import Json, NotJson, Pointer, dotted, leaves, walk
from apiward.scan.calling.arguments import text_of
from apiward.scan.ownership import objects
from apiward.scan.ownership.objects import OwnedObject
from apiward.spec.meaning import naming

HELD: Final = frozenset(
    "balance credit credits wallet points coins bonus reward rewards funds discount cashback savings refunded".split()
)
"""Words for what an account holds: more of it is to its advantage."""
OWED: Final = frozenset("total due payable subtotal sum grandtotal amount".split())
"""Words for what somebody has to pay: less of it is to their advantage."""
PRICED: Final = frozenset("price cost fee rate unitprice charge".split())
"""Words for what one piece costs."""
_NO_MONEY: Final = frozenset("count pages page items results limit per size number records rows percent".split())


def number(value: Json) -> float | None:
    """Return a number, also one that stands in a text ("12.50"), or None."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except ValueError:
        return None
    return found if abs(found) < 1e15 else None  # also drops what is no number ("nan")


def is_named(name: str, among: frozenset[str]) -> bool:
    """Whether a field of that name holds money in one of these senses."""
    own = set(naming.words(name))
    return bool(own & among) and not own & _NO_MONEY and not naming.is_id_name(name)


def shown(exchange: Exchange, among: frozenset[str]) -> dict[str, float]:
    """Return the numbers of an answer whose names are `among` these words, by their places."""
    return dict(_named(_body(exchange), among)) if exchange.is_success else {}


def of_object(exchanges: Iterable[Exchange], target: OwnedObject) -> dict[str, float]:
    """Return what the record of an object says that it costs, by name: sums first, then prices."""
    for exchange in exchanges:
        record = record_of(exchange, target)
        found = {name: value for among in (OWED, PRICED) for name, value in _members(record) if is_named(name, among)}
        if found:
            return found
    return {}


def record_of(exchange: Exchange, target: OwnedObject) -> Mapping[str, Json]:
    """Return the record of an object in an answer: the largest part that holds it and no list of such parts."""
    if not exchange.is_success:
        return {}
    ids = {text_of(value) for value in target.names.get(f"{target.noun}id", ())}
    holding = [node for _, node in walk(_body(exchange)) if isinstance(node, dict) and _bears(node, target.marks, ids)]
    return max(reversed(holding), key=len, default={})


def _bears(node: Mapping[str, Json], marks: frozenset[str], ids: set[str]) -> bool:
    """Whether a record, or a part of it that is no list, holds a mark; or an identifier, under a name for one."""
    for name, value in node.items():
        if isinstance(value, dict) and marks and _bears(value, marks, ids):
            return True
        if isinstance(value, str) and marks & objects.marks_in(value):
            return True
        if text_of(value) in ids and naming.is_id_name(name) and not isinstance(value, dict | list):
            return True
    return False


def _members(record: Mapping[str, Json]) -> Iterator[tuple[str, float]]:
    for name, value in record.items():
        if isinstance(value, dict):
            yield from _members(value)
        elif (found := number(value)) is not None:
            yield name, found


def _named(body: Json, among: frozenset[str]) -> Iterator[tuple[str, float]]:
    for pointer, value in leaves(body):
        found = number(value)
        if found is not None and pointer and is_named(_name(pointer), among):
            yield dotted(pointer), found


def _name(pointer: Pointer) -> str:
    return str(next((step for step in reversed(pointer) if isinstance(step, str)), ""))


def _body(exchange: Exchange) -> Json:
    body = exchange.response.json() if exchange.response else None
    return None if isinstance(body, NotJson) else body
