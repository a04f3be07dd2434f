"""Properties that give their bearer something: which ones an operation might take, and values that would show."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import Json, NotJson, Pointer, leaves, walk
from apiward.core.schema import Schema
from apiward.scan import naming, objects

MAX_CANDIDATES: Final = 10
_RIGHTS: Final = frozenset(
    "admin administrator superuser super staff moderator root sysadmin role roles permission permissions privilege "
    "privileges scope scopes group groups".split()
)
_STANDING: Final = frozenset(
    "verified confirmed approved trusted vip premium paid balance credit credits points wallet quota tier plan "
    "subscription discount banned blocked suspended locked".split()
)
_PRICE: Final = frozenset("price total amount cost fee subtotal".split())
_ROLE_NAMES: Final = frozenset({"role", "roles", "group", "groups", "permission", "permissions", "scope", "scopes"})
_FOR_ACCOUNTS: Final[tuple[tuple[str, Json], ...]] = (
    ("admin", True),
    ("is_admin", True),
    ("isAdmin", True),
    ("role", "admin"),
    ("is_staff", True),
    ("verified", True),
    ("balance", 98_765),
)


@dataclass(frozen=True, slots=True)
class Grant:
    """One property with a value that its bearer should not be able to choose; `pointer` leads to it in the body."""

    pointer: Pointer
    value: Json

    @property
    def name(self) -> str:
        """The property's own name."""
        return str(self.pointer[-1])


def grants_rights(name: str) -> bool:
    """Whether a property of that name decides what its bearer may do, or what it is worth."""
    return bool((_RIGHTS | _STANDING) & set(naming.words(name))) and not naming.is_id_name(name)


def candidates(operation: Operation, shown: list[Exchange], *, is_account: bool) -> list[Grant]:
    """Return what might be set by `operation`, from what answers show of such objects; a short list for accounts."""
    schema = operation.body_schema() or Schema()
    documented = {naming.plain(str(p[-1])): (p, child) for p, child in schema.fields() if p}
    holder = _holder(schema)
    found: dict[str, Grant] = {}
    for name, value in _shown_scalars(shown):
        plain = naming.plain(name)
        pointer, child = documented.get(plain, ((*holder, name), Schema()))
        is_derived = plain not in documented or child.is_read_only
        if grants_rights(name) or (is_derived and _PRICE & set(naming.words(name))):
            found.setdefault(plain, Grant(pointer, raised(name, value, child)))
    for plain, (pointer, child) in documented.items():
        if grants_rights(str(pointer[-1])) or (child.is_read_only and not naming.is_id_name(str(pointer[-1]))):
            found.setdefault(plain, Grant(pointer, raised(str(pointer[-1]), None, child)))
    for name, value in _FOR_ACCOUNTS if is_account else ():
        found.setdefault(naming.plain(name), Grant((*holder, name), value))
    return list(found.values())[:MAX_CANDIDATES]


def raised(name: str, value: Json, schema: Schema) -> Json:
    """Return a value of the kind of `value` (or of `schema`) that gives more than its bearer should have."""
    if schema.enum:
        others = [option for option in schema.enum if option != value]
        powerful = [o for o in others if isinstance(o, str) and _RIGHTS & set(naming.words(o))]
        return (powerful or others or [value])[-1]
    kind = schema.types[0] if schema.types else ""
    if isinstance(value, bool) or (value is None and kind == "boolean"):
        return value is not True
    if isinstance(value, int | float) or (value is None and kind in ("integer", "number")):
        return 98_765 if not _PRICE & set(naming.words(name)) else 1
    if value is None and not kind and not _ROLE_NAMES & set(naming.words(name)):
        return True
    if _ROLE_NAMES & set(naming.words(name)):
        return "admin" if value != "admin" else "owner"
    return f"gold{len(name)}" if value != "gold" else "platinum"


def value_shown(exchanges: list[Exchange], name: str, marks: frozenset[str]) -> Json | NotJson:
    """Return the value of a property called `name` in the object that holds one of `marks`; NOT_JSON where none."""
    plain = naming.plain(name)
    for exchange in exchanges:
        for members in _objects_with(exchange, marks):
            for key, value in members:
                if naming.plain(key) == plain:
                    return value
    return NotJson.NOT_JSON


def _shown_scalars(shown: list[Exchange]) -> Iterator[tuple[str, Json]]:
    for exchange in shown:
        body = exchange.response.json() if exchange.response else None
        if body is None or isinstance(body, NotJson):
            continue
        for pointer, value in leaves(body):
            if pointer and isinstance(pointer[-1], str) and not naming.is_id_name(pointer[-1]):
                yield pointer[-1], value


def _objects_with(exchange: Exchange, marks: frozenset[str]) -> Iterator[list[tuple[str, Json]]]:
    """Yield the scalar members of every object in an answer that holds a mark, its nested objects included."""
    body = exchange.response.json() if exchange.response else None
    if body is None or isinstance(body, NotJson):
        return
    innermost = [n for _, n in walk(body) if isinstance(n, dict) and _holds_directly(n, marks)]
    for node in reversed(innermost):
        yield [(str(p[-1]), v) for p, v in leaves(node) if p and isinstance(p[-1], str)]


def _holds_directly(node: dict[str, Json], marks: frozenset[str]) -> bool:
    return any(isinstance(value, str) and marks & objects.marks_in(value) for value in node.values())


def _holder(schema: Schema) -> Pointer:
    """Return where properties belong in the body: below its only object, if it has but one property that is one."""
    if len(schema.properties) == 1:
        name, child = next(iter(schema.properties.items()))
        if child.properties:
            return (name,)
    return ()
