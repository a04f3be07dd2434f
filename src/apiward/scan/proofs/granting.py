"""Properties that give their bearer something: which ones an operation might take, and values that would show."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import Json, NotJson, Pointer, walk
from apiward.core.schema import Schema
from apiward.scan.ownership import objects
from apiward.spec.meaning import naming

MAX_CANDIDATES: Final = 10
_RIGHTS: Final = frozenset(
    "admin administrator superuser super staff moderator root sysadmin role roles permission permissions privilege "
    "privileges".split()
)
_STANDING: Final = frozenset(
    "verified confirmed approved trusted vip premium paid balance credit credits points wallet quota tier plan scope "
    "scopes group groups subscription discount banned blocked suspended locked".split()
)
_EARNED: Final = frozenset({"verified", "confirmed", "approved", "balance", "credit", "credits"})
_DECIDED: Final = frozenset(
    "price total amount cost fee subtotal status state stage level type featured score rating rank reputation karma "
    "views likes votes".split()
)
_PRICE: Final = frozenset("price total amount cost fee subtotal".split())
_ROLE_NAMES: Final = frozenset({"role", "roles", "permission", "permissions", "privilege", "privileges", "type"})
_ORDERED: Final = (("pay", "paid"), ("refund", "refunded"), ("", "completed"), ("", "approved"))
_ROLES: Final = ("admin", "employee", "manager", "staff", "administrator", "moderator", "support")
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


def gives_role(name: str) -> bool:
    """Whether a property of that name says what its bearer may do, and not only what it is worth."""
    return bool(_RIGHTS & set(naming.words(name)))


def candidates(
    operation: Operation, shown: list[Exchange], *, is_account: bool, chosen: frozenset[str] = frozenset()
) -> list[Grant]:
    """Return what might be set by `operation`, from what answers show of such objects; a short list for accounts.

    `chosen` are the plain names of properties that callers may set by documented requests: theirs to choose.
    """
    schema = operation.body_schema() or Schema()
    documented = {naming.plain(_name(p)): (p, child) for p, child in schema.fields() if p}
    found: dict[str, Grant] = {}
    for plain, (pointer, child) in documented.items():
        if _is_reserved(_name(pointer), child, is_account=is_account):
            found.setdefault(plain, Grant(pointer, raised(_name(pointer), None, child)))
    holder = _holder(schema)
    for name, value in _shown_values(shown):
        plain = naming.plain(name)
        if plain not in documented and _is_decided(name, is_account=is_account, is_chosen=plain in chosen):
            found.setdefault(plain, Grant((*holder, name), raised(name, value, _answered(operation, plain))))
    for name, value in _FOR_ACCOUNTS if is_account else ():
        if naming.plain(name) not in documented:
            found.setdefault(naming.plain(name), Grant((*holder, name), value))
    return list(found.values())[:MAX_CANDIDATES]


def chosen_by_callers(operations: Iterable[Operation], noun: str) -> frozenset[str]:
    """Return the plain names of the properties that documented requests about such objects take."""
    names = set()
    for operation in operations:
        schema = operation.body_schema()
        if schema is not None and naming.nouns(operation.path)[-1:] == (noun,):
            names |= {naming.plain(_name(p)) for p, child in schema.fields() if p and not child.is_read_only}
    return frozenset(names)


def _is_reserved(name: str, schema: Schema, *, is_account: bool) -> bool:
    """Whether a documented property is still not its caller's to choose: read-only, or rights of an account.

    A role that is chosen from a list without any role for staff (customer, seller) is a choice like others.
    """
    if naming.is_id_name(name):
        return False
    if schema.is_read_only:
        return True
    own = set(naming.words(name))
    if schema.enum and not any(isinstance(o, str) and _RIGHTS & set(naming.words(o)) for o in schema.enum):
        return is_account and bool(_EARNED & own)
    return is_account and bool((_RIGHTS | _EARNED) & own)


def _is_decided(name: str, *, is_account: bool, is_chosen: bool) -> bool:
    """Whether an undocumented property of that name is set by the business and not by callers."""
    if grants_rights(name):
        return not is_chosen or bool(_RIGHTS & set(naming.words(name)))
    own = naming.words(name)
    if own[-1:] == ("type",):
        return is_account and not is_chosen and len(own) > 1
    return bool(_DECIDED & set(own)) and not is_chosen and not naming.is_id_name(name)


def raised(name: str, value: Json, schema: Schema) -> Json:
    """Return a value of the kind of `value` (or of `schema`) that gives more than its bearer should have."""
    if schema.enum:
        others = [option for option in schema.enum if option != value]
        powerful = [o for o in others if isinstance(o, str) and _RIGHTS & set(naming.words(o))]
        return (powerful or others or [value])[-1]
    kind = schema.types[0] if schema.types else ""
    if isinstance(value, list) or (value is None and kind == "array"):
        return [*(value if isinstance(value, list) else []), "admin"]
    if isinstance(value, bool) or (value is None and kind == "boolean"):
        return value is not True
    if isinstance(value, int | float) or (value is None and kind in ("integer", "number")):
        return 98_765 if not _PRICE & set(naming.words(name)) else 1
    if value is None and not kind and not _ROLE_NAMES & set(naming.words(name)):
        return True
    if _ROLE_NAMES & set(naming.words(name)):
        return "admin" if value != "admin" else "owner"
    if {"status", "state", "stage"} & set(naming.words(name)):
        return next(word for part, word in _ORDERED if part in naming.plain(name) and word != value)
    return f"gold{len(name)}" if value != "gold" else "platinum"


def spelled(
    grants: list[Grant], shown: list[Exchange], marks: frozenset[str], staff_roles: frozenset[str]
) -> list[Grant]:
    """Return the grants with other role names that an API may know, written as the usual one is."""
    found = []
    for grant in grants:
        if grant.value not in ("admin", "owner"):
            found.append(grant)
            continue
        usual = value_shown(shown, grant.name, marks)
        style = _style_of(usual if isinstance(usual, str) else "user")
        names = dict.fromkeys((*sorted(staff_roles), *_ROLES))
        found += [Grant(grant.pointer, style(name)) for name in names if style(name) != usual]
    return found


def _style_of(usual: str) -> Callable[[str], str]:
    """Return what writes a word as `usual` is written: Customer, CUSTOMER or customer."""
    if usual.isupper():
        return str.upper
    return str.title if usual[:1].isupper() else str.lower


def value_shown(exchanges: list[Exchange], name: str, marks: frozenset[str]) -> Json | NotJson:
    """Return the value of a property called `name` in the object that holds one of `marks`; NOT_JSON where none."""
    plain = naming.plain(name)
    for exchange in exchanges:
        for members in _objects_with(exchange, marks):
            for key, value in members:
                if naming.plain(key) == plain:
                    return value
    return NotJson.NOT_JSON


def _shown_values(shown: list[Exchange]) -> Iterator[tuple[str, Json]]:
    """Yield the named scalars and lists of scalars of answers."""
    for exchange in shown:
        body = exchange.response.json() if exchange.response else None
        if body is not None and not isinstance(body, NotJson):
            yield from _members(body)


def _members(node: Json) -> Iterator[tuple[str, Json]]:
    for pointer, value in walk(node):
        is_plain = not isinstance(value, dict | list)
        is_plain = is_plain or (isinstance(value, list) and not any(isinstance(item, dict | list) for item in value))
        if pointer and isinstance(pointer[-1], str) and is_plain:
            yield pointer[-1], value


def _answered(operation: Operation, plain: str) -> Schema:
    """Return what the description says of a property in the operation's answers."""
    for schema in operation.answer_schemas():
        for pointer, child in schema.fields():
            if pointer and naming.plain(_name(pointer)) == plain:
                return child
    return Schema()


def _name(pointer: Pointer) -> str:
    return str(next((step for step in reversed(pointer) if isinstance(step, str)), ""))


def _objects_with(exchange: Exchange, marks: frozenset[str]) -> Iterator[list[tuple[str, Json]]]:
    """Yield the members of every object in an answer that holds a mark, its nested objects included."""
    body = exchange.response.json() if exchange.response else None
    if body is None or isinstance(body, NotJson):
        return
    innermost = [n for _, n in walk(body) if isinstance(n, dict) and _holds_directly(n, marks)]
    for node in reversed(innermost):
        yield list(_members(node))


def _holds_directly(node: dict[str, Json], marks: frozenset[str]) -> bool:
    return any(isinstance(value, str) and marks & objects.marks_in(value) for value in node.values())


def _holder(schema: Schema) -> Pointer:
    """Return where properties belong in the body: below its only object, if it has but one property that is one."""
    if len(schema.properties) == 1:
        name, child = next(iter(schema.properties.items()))
        if child.properties:
            return (name,)
    return ()
