"""What a patch asks of a request, compiled into one test."""

import re
from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

import re2

from apiward.core.api import Api
from apiward.core.call import Call
from apiward.core.decision import Decision
from apiward.core.jsonvalue import NOT_JSON, Json, NotJson
from apiward.guard.patching import Patch, PatchError, PatchKind, operation_key

MAX_VALUES: Final = 10_000
"""Values of one target in one body that are looked at; a body with more is refused."""
Condition: TypeAlias = Callable[[Call], Decision | None]
"""Returns a refusal, or None where the request may go on."""

_STEPS: Final = re.compile(r"[^\[\].]+")


def condition(patch: Patch, api: Api | None) -> Condition:
    """Return the test that a patch stands for. Raises PatchError where it does not fit the description."""
    match patch.kind:
        case PatchKind.METHOD_OFF:
            return lambda _: _refused("patches.off", patch)
        case PatchKind.REQUIRE_PRINCIPAL:
            return lambda call: _refused("patches.principal", patch) if call.principal.is_anonymous else None
        case PatchKind.REQUIRE_ROLE:
            roles = frozenset(patch.roles)
            return lambda call: _role(patch, roles, call)
        case PatchKind.OWN_OBJECT:
            index = _argument_index(patch, api)
            return lambda call: _own(patch, index, call)
        case PatchKind.PROPERTY_ABSENT:
            return lambda call: _each(patch, call, _values(patch, None, call), lambda _: False)
        case PatchKind.PROPERTY_FIXED:
            fixed = patch.fixed_value
            return lambda call: _each(patch, call, _values(patch, None, call), lambda value: _is_same(value, fixed))
        case PatchKind.PARAMETER_PATTERN:
            matches = _pattern(patch)
            place = _argument_index(patch, api) if patch.place == "path" else None
            return lambda call: _each(patch, call, _values(patch, place, call), lambda value: matches(_text(value)))
        case PatchKind.PARAMETER_MAX:
            place = _argument_index(patch, api) if patch.place == "path" else None
            return lambda call: _each(patch, call, _values(patch, place, call), lambda value: _fits(value, patch.most))


def _refused(rule: str, patch: Patch) -> Decision:
    return Decision(rule, place=patch.target, saw=f"patch {patch.id}")


def _role(patch: Patch, roles: frozenset[str], call: Call) -> Decision | None:
    if call.principal.is_anonymous:
        return _refused("patches.principal", patch)
    return None if roles & call.principal.roles else _refused("patches.role", patch)


def _own(patch: Patch, index: int, call: Call) -> Decision | None:
    principal = call.principal
    if principal.is_anonymous:
        return _refused("patches.principal", patch)
    if not principal.roles.isdisjoint(patch.roles):
        return None
    own = _text(principal.claims.get(patch.claim)) if patch.claim else principal.id
    asked = call.path_arguments[index] if index < len(call.path_arguments) else ""
    return None if own and asked == own else _refused("patches.own-object", patch)


def _each(patch: Patch, call: Call, values: Iterator[Json], holds: Callable[[Json], bool]) -> Decision | None:
    if patch.place == "body" and _is_unread(call):
        return _refused("patches.unread", patch)
    for count, value in enumerate(values):
        if count >= MAX_VALUES or not holds(value):
            return _refused("patches.value", patch)
    return None


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


def _paired(pairs: list[tuple[str, str]], steps: tuple[str, ...]) -> Iterator[Json]:
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
