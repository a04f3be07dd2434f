"""Objects that an account of the scan owns, and the slots of operations that can point at them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final
from urllib.parse import unquote

from apiward.core.api import Operation, Parameter, Place
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import Json, NotJson, Pointer, leaves, walk
from apiward.core.schema import Schema
from apiward.scan.calling.arguments import BODY, Arguments, Slot, text_of
from apiward.scan.calling.values import fits, is_free_text
from apiward.scan.ownership import knowledge
from apiward.spec.meaning import accounts, dangers, naming, roles

_MARK: Final = re.compile(r"[a-z]{4}\d{5}(?!\d)|\bw[a-z]{7}\b")
ACCOUNT_NOUNS: Final = ("user", "account", "customer", "client", "member", "profile", "person")
_MAKES_NOTHING: Final = frozenset(
    "delete remove destroy erase clear cancel update edit modify change patch move rename archive close reopen approve "
    "reject confirm complete finish accept decline refund reschedule toggle enable disable activate deactivate publish "
    "unpublish search find filter query list get read view fetch show lookup details validate verify check "
    "preview redeem refresh renew".split()
)
_REWRITING: Final = frozenset("update edit modify change patch rename rewrite".split())
_READING: Final = frozenset("get read view fetch show find lookup details load".split())
_ACCOUNT_SLOTS: Final = frozenset("username user owner recipient customer account".split())
_OWN: Final = frozenset("me self myself profile account settings preferences".split())
_CALLER: Final = frozenset("me self myself my profile account preferences".split())
_DELETING: Final = frozenset({"delete", "remove", "destroy", "erase"})
_PRIMARY: Final = ("id", "uuid", "guid", "slug", "code", "number", "reference", "ref", "key", "title", "name")
MAX_ALTERNATIVES: Final = 3
MAX_LISTED: Final = 2
MIN_UNIQUE_ID: Final = 16

Names = Mapping[str, tuple[Json, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class OwnedObject:
    """One object of one account.

    `names` are its values by plain name ("orderid", "slug"), `marks` texts that stand in it and
    nowhere else, `maker` and `sent` tell how it was made, `parents` below what. An account itself
    is an object, too; its `guessed` names may belong to things of other people and are only read with.
    """

    owner: str
    noun: str
    collection: str
    names: Names
    marks: frozenset[str]
    maker: Operation | None = None
    sent: Arguments | None = None
    is_account: bool = False
    parents: Names = field(default_factory=lambda: MappingProxyType({}))
    guessed: frozenset[str] = frozenset()

    @property
    def is_found(self) -> bool:
        """Whether it was there before the scan: it is read, and never changed or deleted."""
        return self.maker is None and not self.is_account


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
    chosen = [op for op in operations if makes(op)]
    return sorted(chosen, key=lambda op: (op.path.count("{"), len(op.path)))


def made(operation: Operation, owner: str, sent: Arguments, exchange: Exchange) -> OwnedObject:
    """Return what a good answer to `operation` says about the object that it made."""
    noun = (naming.nouns(operation.path) or ("",))[-1]
    body = exchange.response.json() if exchange.response else None
    found = [] if isinstance(body, NotJson) else _names_given(knowledge.named_values(body, (noun,)), noun, sent)
    own = [] if isinstance(sent.body, NotJson) else _names_sent(sent.body, noun)
    own += _names_in_location(exchange, noun)
    parents = merged({}, _names_of_parents(operation, sent))
    marks = frozenset[str]() if isinstance(sent.body, NotJson) else marks_of(sent.body)
    collection = operation.base_path + naming.collection_path(operation.path)
    return OwnedObject(owner, noun, collection, merged({}, [*found, *own]), marks, operation, sent, parents=parents)


def listed(operation: Operation, owner: str, own: Json, others: frozenset[str]) -> list[OwnedObject]:
    """Return the objects that a list shows to `owner`; those with an identifier among `others` are left out.

    They were there before the scan: they are read, and never changed or deleted.
    """
    noun = (naming.nouns(operation.path) or ("",))[-1]
    collection = operation.base_path + naming.collection_path(operation.path)
    rows = next((node for _, node in walk(own) if isinstance(node, list)), [])
    found = []
    for row in rows[:MAX_LISTED]:
        names = merged({}, knowledge.named_values(row, (noun,))) if isinstance(row, dict) else {}
        ids = names.get(f"{noun}id", ())
        if ids and not {str(value) for value in ids} & others:
            found.append(OwnedObject(owner, noun, collection, names, frozenset()))
    return found


def account_object(owner: str, facts: Mapping[str, Json], marks: frozenset[str]) -> OwnedObject:
    """Return the account itself as an object; `facts` are its fields by the names the API gives them."""
    named: list[tuple[str, Json]] = []
    for key, value in facts.items():
        flat = naming.plain(key)
        named.append((flat, value))
        if flat in ("id", "uuid", "guid"):
            named += [(noun + "id", value) for noun in ACCOUNT_NOUNS]
        if flat in ("username", "login", "handle", "user"):
            named += [("username", value), ("userid", value)]
    guessed = {noun + "id" for noun in ACCOUNT_NOUNS if noun != "user"} - {naming.plain(key) for key in facts}
    # A short number may be somebody else's under another noun; a long identifier is nobody else's.
    ids = [str(value) for key, value in facts.items() if naming.plain(key) in ("id", "uuid", "guid")]
    if all(len(text) >= MIN_UNIQUE_ID and not text.isdigit() for text in ids):
        guessed = set()
    return OwnedObject(owner, "user", "", merged({}, named), marks, is_account=True, guessed=frozenset(guessed))


def merged(names: Names, found: list[tuple[str, Json]]) -> Names:
    """Return `names` with more values; the first of a name stays first."""
    result = {name: list(values) for name, values in names.items()}
    for name, value in found:
        values = result.setdefault(name, [])
        if value not in values and len(values) < MAX_ALTERNATIVES:
            values.append(value)
    return {name: tuple(values) for name, values in result.items()}


def names_beside(body: Json, marks: frozenset[str], noun: str) -> list[tuple[str, Json]]:
    """Return the named scalars of the innermost object in an answer that holds one of `marks`.

    One with an identifier goes before a part of it that has none, such as an address.
    """
    holding = [node for _, node in walk(body) if isinstance(node, dict) and _holds(node, marks)]
    keys = {f"{noun}id", f"{noun}uuid", "id", "uuid", "guid"}
    named = [node for node in holding if any(naming.plain(key) in keys for key in node)]
    best = next(reversed(named or holding), {})
    scalars = [(key, value) for key, value in best.items() if isinstance(value, str | int) and value != ""]
    return [
        (name, value) for key, value in scalars if not isinstance(value, bool) for name in naming.known_as(key, noun)
    ]


def pointings(operation: Operation, target: OwnedObject) -> list[Pointing]:
    """Return the ways in which `operation` can point at `target`, at most three, the likeliest first."""
    if target.is_found and not reads(operation):
        return []
    if target.guessed and not operation.is_safe:
        target = replace(target, names={k: v for k, v in target.names.items() if k not in target.guessed})
    slots = [(slot, values) for slot, values in _referring(operation, target) if values]
    if not slots or not _means(operation, target, [slot for slot, _ in slots]):
        return []
    depth = min(max(len(values) for _, values in slots), MAX_ALTERNATIVES)
    return [{slot: values[min(i, len(values) - 1)] for slot, values in slots} for i in range(depth)]


def _means(operation: Operation, target: OwnedObject, slots: list[Slot]) -> bool:
    """Whether the operation means the target itself, and not its parent or something that it refers to."""
    path = operation.parameters_in(Place.PATH)
    chosen = [slot for slot in slots if slot.name == path[-1].name] if path else slots
    if not chosen:
        return not naming.is_id_name(path[-1].name)
    if operation.is_safe or target.is_account or f"{target.noun}id" not in target.names:
        return True
    return _is_same_collection(operation, target) or any(_is_own(operation, target, slot) for slot in chosen)


def _is_own(operation: Operation, target: OwnedObject, slot: Slot) -> bool:
    if slot.place == BODY:
        return any(name.startswith(target.noun) for name in _names_in_body(operation, slot.pointer))
    is_path = slot.place == Place.PATH.value
    nouns = [naming.noun_before(operation.path, slot.name)] if is_path else reversed(naming.nouns(operation.path))
    return any(naming.id_names(slot.name, noun)[0].startswith(target.noun) for noun in nouns)


def _referring(operation: Operation, target: OwnedObject) -> Iterator[tuple[Slot, tuple[Json, ...]]]:
    path = operation.parameters_in(Place.PATH)
    for parameter in path:
        noun = naming.noun_before(operation.path, parameter.name)
        names = naming.id_names(parameter.name, noun)
        values = _values(target, names, parameter.schema)
        if not values and parameter is not path[-1]:
            values = _first_of(target.parents, names, parameter.schema)
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
            yield Slot(BODY, pointer), _values(target, _names_in_body(operation, pointer), child)


def keys_wanted(operation: Operation) -> frozenset[str]:
    """Return the names and the collection by which `pointings` knows objects: one without any is never pointed at."""
    path = operation.parameters_in(Place.PATH)
    keys = {name for p in path for name in naming.id_names(p.name, naming.noun_before(operation.path, p.name))}
    if path:
        keys.add(_collection(operation))
    noun = (naming.nouns(operation.path) or ("",))[-1]
    for parameter in operation.parameters_in(Place.QUERY):
        if naming.is_id_name(parameter.name) or naming.plain(parameter.name) in _ACCOUNT_SLOTS:
            keys.update(naming.id_names(parameter.name, noun))
    schema = operation.body_schema()
    for pointer, _ in schema.fields() if schema else ():
        name = str(pointer[-1]) if pointer else ""
        if naming.is_id_name(name) or naming.plain(name) in _ACCOUNT_SLOTS:
            keys.update(_names_in_body(operation, pointer))
    return frozenset(keys)


def keys_of(target: OwnedObject) -> frozenset[str]:
    """Return the names and the collection by which an operation may point at the object (see `keys_wanted`)."""
    return frozenset((*target.names, *target.parents, target.collection))


def _names_in_body(operation: Operation, pointer: Pointer) -> tuple[str, ...]:
    """Return the names by which a body's identifier may be known: by its holder's noun, else by the path's."""
    holders = [step for step in pointer[:-1] if isinstance(step, str) and naming.words(step)]
    found = [naming.singular(naming.words(step)[-1]) for step in reversed(holders)]
    found += reversed(naming.nouns(operation.path))
    names = [name for noun in found or [""] for name in naming.id_names(str(pointer[-1]), noun)]
    return tuple(dict.fromkeys(names))


def _names_account(name: str, target: OwnedObject) -> bool:
    return target.is_account and naming.plain(name) in _ACCOUNT_SLOTS


def _values(target: OwnedObject, names: tuple[str, ...], schema: Schema) -> tuple[Json, ...]:
    return _first_of(target.names, names, schema)


def _first_of(known: Names, names: tuple[str, ...], schema: Schema) -> tuple[Json, ...]:
    for name in names:
        values = tuple(value for value in known.get(name, ()) if fits(value, schema))
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


def shows(target: OwnedObject, exchange: Exchange) -> bool:
    """Whether an answer shows the object: one of its marks, or, where it has none, its identifier."""
    if target.marks or not exchange.is_success:
        return exchange.is_success and bool(target.marks & marks_in(exchange.text))
    body = exchange.response.json() if exchange.response else None
    if body is None or isinstance(body, NotJson):
        return False
    own = target.names.get(f"{target.noun}id", ())
    keys = {f"{target.noun}id", "id", "uuid", "guid"}
    return any(p and value in own and naming.plain(str(p[-1])) in keys for p, value in leaves(body))


def deletes(operation: Operation) -> bool:
    """Whether the operation deletes one object that it is told, by its method or, as a POST, by its name."""
    if operation.method == "DELETE":
        return True
    return operation.method == "POST" and bool(_DELETING & naming.names_of(operation))


def rewrites(operation: Operation) -> bool:
    """Whether the operation's name says that it changes the content of what it is told, and adds nothing beside it."""
    return bool(_REWRITING & set(_first_words(operation)))


def reads(operation: Operation) -> bool:
    """Whether the operation shows something that it is told: a GET, or a POST whose name says so (`/getNote`)."""
    if operation.method == "GET":
        return any(p.place in (Place.PATH, Place.QUERY) for p in operation.parameters)
    is_named_so = operation.method == "POST" and bool(_READING & set(_first_words(operation)))
    return is_named_so and not accounts.is_account_operation(operation)


def is_acted_on(operation: Operation, parameter: Parameter) -> bool:
    """Whether the operation changes the one thing that the parameter names: nobody's, where it is not our own."""
    if operation.is_safe or creates(operation):
        return False
    return operation.parameters_in(Place.PATH)[-1:] == (parameter,)


def is_about_caller(operation: Operation) -> bool:
    """Whether the path means the account of whoever calls (`/me`, `/profile/update`), and nothing that all share."""
    return bool(_CALLER & {segment.lower() for segment in naming.segments(operation.path)})


def names_itself(operation: Operation) -> bool:
    """Whether body or query take the identifier of the very thing that the path speaks of: it exists already."""
    found = naming.nouns(operation.path)
    fixed = [s for s in naming.segments(operation.path) if not naming.is_template(s)]
    last = naming.words(fixed[-1])[-1:] if fixed else ()
    # `/orders/items` with an `order_id` makes an item; `/bookings/move` with a `booking_id` moves a booking.
    meant = found[-1:] if last and naming.singular(last[0]) != last[0] else found
    wanted = {"id", "uuid", "guid", *(f"{noun}{end}" for noun in meant for end in ("id", "uuid", "guid"))}
    schema = operation.body_schema()
    pointers = [p for p, _ in schema.fields() if p] if schema else []
    names = [str(p[-1]) for p in pointers if 0 not in p] + [p.name for p in operation.parameters_in(Place.QUERY)]
    return any(naming.plain(name) in wanted for name in names)


def creates(operation: Operation) -> bool:
    """Whether the operation makes something new, and touches nothing that exists."""
    if operation.method != "POST" or accounts.is_account_operation(operation) or dangers.danger(operation):
        return False
    fixed = [s.lower() for s in naming.segments(operation.path) if not naming.is_template(s)]
    if names_itself(operation) or _MAKES_NOTHING & set(_first_words(operation)) or _OWN & set(fixed[-1:]):
        return False
    return operation.preferred_body() is not None


def makes(operation: Operation) -> bool:
    """Whether the operation makes an object for whoever calls."""
    return creates(operation) and not roles.is_meant_for_staff(operation)


def _first_words(operation: Operation) -> list[str]:
    """Return the words that may say what is done: the first of the last fixed segment, and of the operation's id."""
    fixed = [s for s in naming.segments(operation.path) if not naming.is_template(s)]
    own = (operation.operation_id or "").rpartition(".")[2]
    return [naming.words(name)[0] for name in (*fixed[-1:], own) if naming.words(name)]


def _names_in_location(exchange: Exchange, noun: str) -> list[tuple[str, Json]]:
    """Return the identifier at the end of the address of what was made (RFC 9110, section 10.2.2)."""
    place = (exchange.response.header("location") or "") if exchange.response else ""
    path = re.sub(r"^[a-z+]*:?//[^/]*", "", re.split(r"[?#]", place[:2_000])[0])  # urlsplit raises on bad hosts
    last = unquote(path.rstrip("/").rpartition("/")[2])
    if not last or exchange.status != 201:
        return []
    return [(f"{noun}id", int(last) if last.isdecimal() and len(last) < 16 else last)]


def _names_of_parents(operation: Operation, sent: Arguments) -> list[tuple[str, Json]]:
    """Return the path parameters below which the object was made, by the names under which they are asked for."""
    return [
        (naming.id_names(name, naming.noun_before(operation.path, name))[0], value) for name, value in sent.path.items()
    ]


def _names_given(found: list[tuple[str, Json]], noun: str, sent: Arguments) -> list[tuple[str, Json]]:
    """Return what an answer says of the new object, without the identifiers of others that it repeats."""
    repeated = {text_of(value) for _, value in sent.slots()}
    return [
        (name, value)
        for name, value in found
        if not name.endswith("id") or name in ("id", f"{noun}id") or text_of(value) not in repeated
    ]


def _names_sent(body: Json, noun: str) -> list[tuple[str, Json]]:
    """Return what was sent under names that may identify the object (a title, a slug), not its foreign keys."""
    found = []
    for name, value in knowledge.named_values(body, (noun,)):
        if not name.endswith("id") or name == f"{noun}id":
            found.append((name, value))
    return found


def _holds(value: Json, marks: frozenset[str]) -> bool:
    """Whether a text, or a part of an object that is no list, holds one of `marks`."""
    if isinstance(value, dict):
        return any(_holds(child, marks) for child in value.values())
    return isinstance(value, str) and bool(marks & marks_in(value))
