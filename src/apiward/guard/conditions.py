"""What a patch asks of a request, compiled into one test."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeAlias

import re2

from apiward.core.api import Api
from apiward.core.call import Call, Pairs
from apiward.core.decision import Decision
from apiward.core.jsonvalue import NOT_JSON, Json, NotJson
from apiward.core.principal import Principal, PrincipalKind
from apiward.guard.patching import Patch, PatchError, PatchKind, is_described, operation_key

MAX_VALUES: Final = 10_000
"""Values of one target in one body that are looked at; a body with more is refused."""
Condition: TypeAlias = Callable[[Call], Decision | None]
"""Returns a refusal, or None where the request may go on."""

_STEPS: Final = re.compile(r"[^\[\].]+")
_PERSONAL: Final = frozenset(
    "sub id uid user_id userid user_name username preferred_username login email account_id customer_id client_id "
    "member_id".split()
)
_UNKNOWN: Final = PrincipalKind.TOKEN
"""What nobody here can check, and what was not seen when the API gave it out."""


def condition(patch: Patch, api: Api | None) -> Condition:
    """Return the test that a patch stands for. Raises PatchError where it does not fit the description."""
    make = _MADE.get(patch.kind)
    return (lambda _: None) if make is None else make(patch, api)


def _off(patch: Patch, api: Api | None) -> Condition:
    rule = "patches.off" if is_described(patch, api) else "patches.hidden"
    return lambda _: _refused(rule, patch)


def _principal(patch: Patch, _: Api | None) -> Condition:
    return lambda call: _refused("patches.principal", patch) if call.principal.is_anonymous else None


def _issued(patch: Patch, _: Api | None) -> Condition:
    return lambda call: _refused("patches.issued", patch) if call.principal.kind is _UNKNOWN else None


def _own_object(patch: Patch, api: Api | None) -> Condition:
    index = _argument_index(patch, api)
    return lambda call: _own(patch, index, call)


def _properties(patch: Patch, _: Api | None) -> Condition:
    allowed = _names(patch.names)
    return lambda call: _only(patch, allowed, call)


def _absent(patch: Patch, _: Api | None) -> Condition:
    return lambda call: _each(patch, call, _values(patch, None, call), lambda _: False)


def _fixed(patch: Patch, _: Api | None) -> Condition:
    fixed = patch.fixed_value
    return lambda call: _each(patch, call, _values(patch, None, call), lambda value: _is_same(value, fixed))


def _matching(patch: Patch, api: Api | None) -> Condition:
    matches = _pattern(patch)
    place = _argument_index(patch, api) if patch.place == "path" else None
    return lambda call: _each(patch, call, _values(patch, place, call), lambda value: matches(_text(value)))


def _at_most(patch: Patch, api: Api | None) -> Condition:
    place = _argument_index(patch, api) if patch.place == "path" else None
    return lambda call: _each(patch, call, _values(patch, place, call), lambda value: _fits(value, patch.most))


_MADE: Final[Mapping[PatchKind, Callable[[Patch, Api | None], Condition]]] = {
    PatchKind.METHOD_OFF: _off,
    PatchKind.REQUIRE_PRINCIPAL: _principal,
    PatchKind.REQUIRE_ROLE: lambda patch, _: lambda call: _role(patch, call),
    PatchKind.CREDENTIAL_ISSUED: _issued,
    PatchKind.OWN_OBJECT: _own_object,
    PatchKind.PROPERTIES_ONLY: _properties,
    PatchKind.PROPERTY_ABSENT: _absent,
    PatchKind.PROPERTY_FIXED: _fixed,
    PatchKind.PARAMETER_PATTERN: _matching,
    PatchKind.PARAMETER_MAX: _at_most,
}
"""Kinds that ask nothing of a request are not among them."""


def _refused(rule: str, patch: Patch) -> Decision:
    return Decision(rule, place=patch.target, saw=f"patch {patch.id}")


def _role(patch: Patch, call: Call) -> Decision | None:
    if call.principal.is_anonymous:
        return _refused("patches.principal", patch)
    return None if _is_staff(patch, call) else _refused("patches.role", patch)


def _is_staff(patch: Patch, call: Call) -> bool:
    """Whether the caller has one of the roles, or is named."""
    return not call.principal.roles.isdisjoint(patch.roles) or call.principal.key in patch.principals


def _own(patch: Patch, index: int, call: Call) -> Decision | None:
    principal = call.principal
    if principal.is_anonymous:
        return _refused("patches.principal", patch)
    if _is_staff(patch, call):
        return None
    asked = call.path_arguments[index] if index < len(call.path_arguments) else ""
    return None if asked and _names_caller(patch, asked, principal) else _refused("patches.own-object", patch)


def _names_caller(patch: Patch, asked: str, principal: Principal) -> bool:
    """Whether an id is the caller's own.

    Of sessions that were learned, the name at the log-in counts in any case, and so does what the token that the API
    gave out says of its holder: nobody told which of them the path uses.
    """
    if patch.claim:
        return asked == _text(principal.claims.get(patch.claim))
    if principal.is_verified or principal.kind is not PrincipalKind.USER:
        return asked == principal.id
    named = (_text(value) for name, value in principal.claims.items() if name.lower() in _PERSONAL)
    return asked.casefold() == principal.id.casefold() or asked in named


def _each(patch: Patch, call: Call, values: Iterator[Json], holds: Callable[[Json], bool]) -> Decision | None:
    if patch.place == "body" and _is_unread(call):
        return _refused("patches.unread", patch)
    for count, value in enumerate(values):
        if count >= MAX_VALUES or not holds(value):
            return _refused("patches.value", patch)
    return None


def _only(patch: Patch, allowed: frozenset[tuple[str, ...]], call: Call) -> Decision | None:
    """Refuse a property that the list does not name, at any depth; what stands below a named one is free."""
    if _is_unread(call):
        return _refused("patches.unread", patch)
    found = {tuple(_steps(name)) for name, _ in call.form_pairs}
    if isinstance(call.value, dict | list):
        found |= set(_paths(call.value))
    wrong = next((path for path in found if not _is_named(path, allowed)), None)
    if wrong is None:
        return None
    return Decision("patches.value", place=f"body.{'.'.join(wrong)}"[:120], saw=f"patch {patch.id}")


def _paths(value: Json) -> Iterator[tuple[str, ...]]:
    """Yield the way to each property, in small letters and without the positions in lists."""
    waiting: list[tuple[tuple[str, ...], Json]] = [((), value)]
    seen = 0
    while waiting and seen <= MAX_VALUES:
        way, node = waiting.pop()
        seen += 1
        if isinstance(node, list):
            waiting += [(way, child) for child in node]
        elif isinstance(node, dict):
            for name, child in node.items():
                yield (*way, name.lower())
                waiting.append(((*way, name.lower()), child))
    if waiting:
        yield ("too many",)


def _is_named(path: tuple[str, ...], allowed: frozenset[tuple[str, ...]]) -> bool:
    """Whether a property, what it stands in, or something within it is on the list."""
    above = any(path[:length] in allowed for length in range(1, len(path) + 1))
    return above or any(one[: len(path)] == path for one in allowed)


def _names(names: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(_steps(name)) for name in names)


def _steps(name: str) -> list[str]:
    return [part for part in _STEPS.findall(name.lower()) if not part.isdigit()]


def _is_unread(call: Call) -> bool:
    """Whether there is a body of which nobody could say what stands in it."""
    return not call.is_body_whole or (bool(call.body) and isinstance(call.value, NotJson) and not call.form_pairs)


def _values(patch: Patch, index: int | None, call: Call) -> Iterator[Json]:
    """Yield every value that stands at the target of a patch. Names are compared as lax servers do: in any case."""
    steps = tuple(_STEPS.findall(patch.name.lower()))
    if patch.place == "path":
        if index is not None and index < len(call.path_arguments):
            yield call.path_arguments[index]
    elif patch.place == "query":
        yield from _paired(call.query_pairs, steps)
    elif patch.place == "header":
        wanted = patch.name.lower().encode("latin-1", "replace")
        yield from (value.decode("latin-1") for name, value in call.headers if name == wanted)
    else:
        if not isinstance(call.value, NotJson):
            yield from _at(call.value, steps)
        yield from _paired(call.form_pairs, steps)


def _paired(pairs: Pairs, steps: tuple[str, ...]) -> Iterator[Json]:
    """Yield the values of a form or query under a name that may be written `user.role` or `user[role]`."""
    last = steps[-1]
    for name, value in pairs:
        lower = name.lower()
        if last in lower and tuple(part for part in _STEPS.findall(lower) if not part.isdigit()) == steps:
            yield value


def _at(value: Json, steps: tuple[str, ...]) -> Iterator[Json]:
    """Yield what stands at the end of `steps`, in every element of the lists on the way."""
    waiting: list[tuple[Json, tuple[str, ...]]] = [(value, steps)]
    while waiting:
        node, rest = waiting.pop()
        if not rest:
            yield node
        elif isinstance(node, list):
            waiting += [(item, rest) for item in node]
        elif isinstance(node, dict):
            waiting += [(child, rest[1:]) for name, child in node.items() if name.lower() == rest[0]]


def _argument_index(patch: Patch, api: Api | None) -> int:
    key = operation_key(patch, api)
    names = [part.partition("}")[0] for part in key.split("{")[1:]]
    if patch.name in names:
        return names.index(patch.name)
    raise PatchError(f"patch {patch.id}: target: the path has no {patch.name!r}; it has {', '.join(names) or 'none'}")


def _pattern(patch: Patch) -> Callable[[str], bool]:
    options = re2.Options()
    options.log_errors = False
    try:
        compiled = re2.compile(patch.pattern, options)
    except re2.error:
        raise PatchError(f"patch {patch.id}: pattern: {patch.pattern!r} cannot be read") from None
    return lambda text: compiled.fullmatch(text) is not None


def _text(value: object) -> str:
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: ""}[value]
    return value if isinstance(value, str) else str(value)[:400]


def _fits(value: Json, most: float) -> bool:
    if isinstance(value, bool) or value is None:
        return True
    if isinstance(value, int | float):
        return value <= most
    if isinstance(value, str):
        number = _number(value)
        return number <= most if number is not None else len(value) <= most
    return len(value) <= most


def _number(text: str) -> float | None:
    try:
        return float(text) if len(text) <= 40 else None
    except ValueError:
        return None


def _is_same(value: Json, fixed: Json | NotJson) -> bool:
    if isinstance(fixed, NotJson) or isinstance(value, bool) is not isinstance(fixed, bool):
        return fixed is NOT_JSON
    return value == fixed or (isinstance(value, str) and not isinstance(fixed, str) and value == _text(fixed))
