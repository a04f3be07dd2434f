"""What a field of a GraphQL schema would be if it were called by HTTP alone: method, path, and what stands where.

`note(id)` reads as `GET /notes/{id}`, `updateNote(id, input)` as `PATCH /notes/{id}`, `login(…)` as `POST /login`.
"""

from dataclasses import dataclass
from typing import Final

from apiward.spec.graphql.model import Field, GraphqlSchema, Input, Kind
from apiward.spec.meaning import naming

_READ: Final = frozenset("get fetch find list all show read query load view lookup search".split())
_MAKE: Final = frozenset(
    "create add new make insert place submit book write post schedule reserve request upload order open".split()
)
_ACT: Final = frozenset(
    "cancel close reopen activate deactivate archive approve reject confirm complete finish refund pay capture void "
    "fulfill publish unpublish send resend assign unassign enable disable transfer accept decline lock unlock".split()
)
_NOUNS_TOO: Final = frozenset("order book post request schedule place set open".split())
_CHANGE: Final = frozenset("update edit modify change patch set rename save replace".split())
_DELETE: Final = frozenset("delete remove destroy erase".split())
_ABOUT_ACCESS: Final = frozenset(
    "login logout signin signup signout logon logoff register registration token tokens password session sessions "
    "jwt auth authenticate otp forgot reset".split()
)
_CALLER: Final = frozenset({"me", "viewer", "currentuser", "whoami", "myself", "loggedinuser", "self"})
_PEOPLE: Final = frozenset("user account customer client member profile person".split())
_ENDS: Final = frozenset("list connection collection page paginated".split())
_OWN_IDS: Final = frozenset({"id", "uuid", "guid", "pk", "key", "slug"})


@dataclass(frozen=True, slots=True)
class Shape:
    """Method and path template of a field, and which of its arguments stand in the path."""

    method: str
    path: str
    in_path: tuple[str, ...] = ()


def query_shape(schema: GraphqlSchema, field: Field, *, only_type: str = "") -> Shape:
    """Return the shape of a query."""
    if naming.plain(field.name) in _CALLER:
        return Shape("GET", "/me")
    words = _noun_words(only_type or field.name)
    target = None if _is_many(schema, field) else _told(field.arguments, words)
    if target is None:
        return Shape("GET", f"/{_path(words)}")
    return Shape("GET", f"/{_path(_plural(words))}/{{{target}}}", (target,))


def mutation_shape(field: Field, leaves: frozenset[str], candidates: tuple[Input, ...]) -> Shape:
    """Return the shape of a mutation. Its leaves have these names; any of `candidates` may stand in the path."""
    words = naming.words(field.name) or (field.name.lower(),)
    kebab = "-".join(words)
    joined = {"".join(words[at : at + 2]) for at in range(len(words) - 1)}
    if any(map(naming.is_password_name, leaves)) or _ABOUT_ACCESS & {*words, *joined}:
        return Shape("POST", f"/{kebab}")
    verb, nouns = _verb_and_nouns(words)
    if verb in _MAKE and nouns and nouns[0] != "to":
        return Shape("POST", f"/{_path(_plural(nouns))}")
    target = _target(candidates, nouns)
    if verb in _CHANGE or verb in _DELETE:
        method = "PATCH" if verb in _CHANGE else "DELETE"
        if target is not None:
            return Shape(method, f"/{_path(_plural(nouns))}/{{{target}}}", (target,))
        is_own = bool(nouns) and nouns[-1] in _PEOPLE | {"me"}
        return Shape(method, "/me" if is_own and len(nouns) == 1 else f"/{_path(nouns or words)}")
    if target is not None and nouns:
        return Shape("POST", f"/{_path(_plural(nouns))}/{{{target}}}/{verb}", (target,))
    return Shape("POST", f"/{kebab}")


def _noun_words(name: str) -> tuple[str, ...]:
    """Return the words of a name that say what is read: `getOrderById` gives (order)."""
    words = naming.words(name)
    kept = words[: words.index("by")] if "by" in words[1:] else words
    if kept[:1] == ("my",) and len(kept) > 1:
        return ("me", *kept[1:])
    while len(kept) > 1 and kept[0] in _READ:
        kept = kept[1:]
    while len(kept) > 1 and kept[-1] in _ENDS:
        kept = (*kept[:-2], _many(kept[-2]))
    return kept or (name.lower(),)


def _verb_and_nouns(words: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Return what is done, and to what: `updateNote` and `noteUpdate` give (update, note)."""
    known = _MAKE | _CHANGE | _DELETE | _ACT
    ends_with_verb = len(words) > 1 and words[-1] in known - _NOUNS_TOO
    if ends_with_verb and (words[0] not in known or words[0] in _NOUNS_TOO):
        return words[-1], words[:-1]
    if len(words) == 1 and words[0] in _NOUNS_TOO:
        return words[0], words
    return words[0], tuple(word for word in words[1:] if word not in ("my", "the", "a"))


def _is_many(schema: GraphqlSchema, field: Field) -> bool:
    if field.type.is_list:
        return True
    return bool({"edges", "nodes"} & {one.name for one in schema.fields_of(field.type.name)})


def _told(arguments: tuple[Input, ...], nouns: tuple[str, ...]) -> str | None:
    """Return the argument that says which one is read: an identifier, or the only one that must be told."""
    plain = [one for one in arguments if not one.type.is_list]
    must = [one.name for one in plain if one.is_required and _takes_name(one)]
    if len(must) == 1:
        return must[0]
    return next((name for name in must if naming.is_id_name(name)), None) or _target(tuple(plain), nouns)


def _takes_name(one: Input) -> bool:
    """Whether an argument takes a text or a number that may name something."""
    return one.type.name in ("ID", "Int", "String", "UUID") or one.type.name.endswith("ID")


def _target(candidates: tuple[Input, ...], nouns: tuple[str, ...]) -> str | None:
    """Return the argument that names the very thing that is meant."""
    named = {f"{nouns[-1]}{end}" for end in ("id", "uuid", "key", "slug")} if nouns else set()
    if nouns:
        named |= {f"{naming.singular(nouns[-1])}{end}" for end in ("id", "uuid")} | {f"{''.join(nouns)}id"}
    for wanted in (_OWN_IDS, named):
        for one in candidates:
            if naming.plain(one.name) in wanted and _takes_name(one):
                return one.name
    return None


def _path(words: tuple[str, ...]) -> str:
    return "me/" + "-".join(words[1:]) if words[0] == "me" and len(words) > 1 else "-".join(words)


def _plural(words: tuple[str, ...]) -> tuple[str, ...]:
    return (*words[:-1], _many(words[-1])) if words else ()


def _many(noun: str) -> str:
    if naming.singular(noun) != noun:
        return noun
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("ss", "x", "ch", "sh")) else f"{noun}s"


def is_input_object(schema: GraphqlSchema, one: Input) -> bool:
    """Whether an argument takes one whole object."""
    return not one.type.is_list and schema.kind_of(one.type.name) is Kind.INPUT
