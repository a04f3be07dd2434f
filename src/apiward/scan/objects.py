"""Objects that an account of the scan owns, and the slots of operations that can point at them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from apiward.core.api import Operation, Place
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import Json, NotJson, leaves, walk
from apiward.core.schema import Schema
from apiward.scan import knowledge, naming, roles
from apiward.scan.arguments import BODY, Arguments, Slot
from apiward.scan.values import fits, is_free_text

_MARK: Final = re.compile(r"[a-z]{4}\d{5}(?!\d)|\bw[a-z]{7}\b")
_ACCOUNT_NOUNS: Final = ("user", "account", "customer", "client", "member", "profile", "person")
_PRIMARY: Final = ("id", "uuid", "guid", "slug", "code", "number", "reference", "ref", "key", "title", "name")
MAX_ALTERNATIVES: Final = 3

Names = Mapping[str, tuple[Json, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class OwnedObject:
    """One object of one account.

    `names` are its values by plain name ("orderid", "slug"), `marks` texts that stand in it and
    nowhere else, `maker` and `sent` tell how it was made. An account itself is an object, too.
    """

    owner: str
    noun: str
    collection: str
    names: Names
    marks: frozenset[str]
    maker: Operation | None = None
    sent: Arguments | None = None
    is_account: bool = False


Pointing = Mapping[Slot, Json]
"""Values for slots of an operation that make it act on one object."""


def marks_in(text: str) -> frozenset[str]:
    """Return every text in `text` that has the form of a mark (see `values.fresh_text`, `personas.invent`)."""
    return frozenset(_MARK.findall(text))


def marks_of(value: Json) -> frozenset[str]:
    """Return the marks that stand in a value that the scanner sends."""
    texts = (text for _, text in leaves(value) if isinstance(text, str))
    return frozenset(mark for text in texts if is_free_text(text) or "@" in text for mark in marks_in(text))


def makers(operations: tuple[Operation, ...]) -> list[Operation]:
    """Return the operations that make an object for whoever calls, parents before their children."""
    chosen = [op for op in operations if _makes(op)]
    return sorted(chosen, key=lambda op: (op.path.count("{"), len(op.path)))


def made(operation: Operation, owner: str, sent: Arguments, exchange: Exchange) -> OwnedObject:
    """Return what a good answer to `operation` says about the object that it made."""
    noun = (naming.nouns(operation.path) or ("",))[-1]
    body = exchange.response.json() if exchange.response else None
    found = [] if isinstance(body, NotJson) else knowledge.named_values(body, (noun,))
    own = [] if isinstance(sent.body, NotJson) else _names_sent(sent.body, noun)
    marks = frozenset[str]() if isinstance(sent.body, NotJson) else marks_of(sent.body)
    collection = operation.base_path + naming.collection_path(operation.path)
    return OwnedObject(owner, noun, collection, merged({}, [*found, *own]), marks, operation, sent)


def account_object(owner: str, facts: Mapping[str, Json], marks: frozenset[str]) -> OwnedObject:
    """Return the account itself as an object; `facts` are its fields by the names the API gives them."""
    named: list[tuple[str, Json]] = []
    for key, value in facts.items():
        flat = naming.plain(key)
        named.append((flat, value))
        if flat in ("id", "uuid", "guid"):
            named += [(noun + "id", value) for noun in _ACCOUNT_NOUNS]
        if flat in ("username", "login", "handle", "user"):
            named += [("username", value), ("userid", value)]
    return OwnedObject(owner, "user", "", merged({}, named), marks, is_account=True)


def merged(names: Names, found: list[tuple[str, Json]]) -> Names:
    """Return `names` with more values; the first of a name stays first."""
    result = {name: list(values) for name, values in names.items()}
    for name, value in found:
        values = result.setdefault(name, [])
        if value not in values and len(values) < MAX_ALTERNATIVES:
            values.append(value)
    return {name: tuple(values) for name, values in result.items()}


def names_beside(body: Json, marks: frozenset[str], noun: str) -> list[tuple[str, Json]]:
    """Return the named scalars of the innermost objects in an answer that hold one of `marks`."""
    best: dict[str, Json] | None = None
    for _, node in walk(body):
        if isinstance(node, dict) and any(_holds(value, marks) for value in node.values()):
            best = node
    scalars = [(key, value) for key, value in (best or {}).items() if isinstance(value, str | int) and value != ""]
    return [
        (name, value) for key, value in scalars if not isinstance(value, bool) for name in naming.known_as(key, noun)
    ]


def pointings(operation: Operation, target: OwnedObject) -> list[Pointing]:
    """Return the ways in which `operation` can point at `target`, at most three, the likeliest first."""
    slots = [(slot, values) for slot, values in _referring(operation, target) if values]
    if not slots:
        return []
    depth = min(max(len(values) for _, values in slots), MAX_ALTERNATIVES)
    return [{slot: values[min(i, len(values) - 1)] for slot, values in slots} for i in range(depth)]


def _referring(operation: Operation, target: OwnedObject) -> Iterator[tuple[Slot, tuple[Json, ...]]]:
    path = operation.parameters_in(Place.PATH)
    for parameter in path:
        noun = naming.noun_before(operation.path, parameter.name)
        values = _values(target, naming.id_names(parameter.name, noun), parameter.schema)
        if not values and parameter is path[-1] and _is_same_collection(operation, target):
            values = _primary(target, parameter.schema)
        yield Slot("path", (parameter.name,)), values
    noun = (naming.nouns(operation.path) or ("",))[-1]
    for parameter in operation.parameters_in(Place.QUERY):
        if naming.is_id_name(parameter.name) or _names_account(parameter.name, target):
            yield (
                Slot("query", (parameter.name,)),
                _values(target, naming.id_names(parameter.name, noun), parameter.schema),
            )
    schema = operation.body_schema()
    for pointer, child in schema.fields() if schema else ():
        name = str(pointer[-1]) if pointer else ""
        if name and (naming.is_id_name(name) or _names_account(name, target)):
            yield Slot(BODY, pointer), _values(target, naming.id_names(name, noun), child)


def _names_account(name: str, target: OwnedObject) -> bool:
    return target.is_account and naming.plain(name) in ("username", "user", "owner", "recipient", "customer", "account")


def _values(target: OwnedObject, names: tuple[str, ...], schema: Schema) -> tuple[Json, ...]:
    for name in names:
        values = tuple(value for value in target.names.get(name, ()) if fits(value, schema))
        if values:
            return values
    return ()


def _primary(target: OwnedObject, schema: Schema) -> tuple[Json, ...]:
    wanted = (f"{target.noun}id", *(f"{target.noun}{name}" for name in _PRIMARY), *_PRIMARY)
    return _values(target, wanted, schema)


def _is_same_collection(operation: Operation, target: OwnedObject) -> bool:
    return bool(target.collection) and _collection(operation) == target.collection


def _collection(operation: Operation) -> str:
    """Return the collection that the last path parameter chooses from."""
    head = operation.path.rpartition("{")[0]
    return operation.base_path + naming.collection_path(head)


def _makes(operation: Operation) -> bool:
    if operation.method not in ("POST", "PUT") or roles.is_account_operation(operation) or roles.danger(operation):
        return False
    if operation.method == "PUT" and "{" in operation.path:
        return False
    return operation.preferred_body() is not None and not roles.is_meant_for_staff(operation)


def _names_sent(body: Json, noun: str) -> list[tuple[str, Json]]:
    """Return what was sent under names that may identify the object (a title, a slug), not its foreign keys."""
    found = []
    for name, value in knowledge.named_values(body, (noun,)):
        if not name.endswith("id") or name == f"{noun}id":
            found.append((name, value))
    return found


def _holds(value: Json, marks: frozenset[str]) -> bool:
    return isinstance(value, str) and bool(marks & marks_in(value))
