"""What is wrong with a request, and where; never the value itself."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from jsonschema_rs import ValidationError

from apiward.core.decision import Edit
from apiward.core.jsonvalue import Pointer, dotted

_PLAIN_NAME: Final = re.compile(r"[A-Za-z_$@][A-Za-z0-9_$@-]{0,63}")
_MOST_STEPS: Final = 12
NO_FORM_FITS: Final = "none of the forms that are described"
_SAID: Final = {
    "type": "another type than described",
    "enum": "none of the listed values",
    "constant": "none of the listed values",
    "pattern": "not in the form that is described",
    "maxLength": "too long",
    "minLength": "too short",
    "maximum": "too large",
    "minimum": "too small",
    "maxItems": "too many entries",
    "minItems": "too few entries",
    "anyOf": NO_FORM_FITS,
}
_AMONG_FORMS: Final = "unevaluatedProperties"
_UNDECLARED: Final = frozenset({"additionalProperties", _AMONG_FORMS})


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: the rule (without `shape.`), the place as people write it, a short fact."""

    rule: str
    place: str
    saw: str = ""


Found: TypeAlias = Fault | tuple[Fault, Edit] | None
"""What is wrong, with an edit where that part can be dropped; None where all is well."""
Excuse: TypeAlias = Callable[[Fault], bool]
"""Returns whether the owner has allowed a fault at its place; then it is looked for another one."""


def place_in(root: str, pointer: Iterable[str | int]) -> str:
    """Return the place as people write it: `body.items[0].price`. Odd names, which a caller chose, are not echoed."""
    steps: Pointer = tuple(pointer)[:_MOST_STEPS]
    named = dotted(tuple(step if isinstance(step, int) else shown_name(step) for step in steps))
    if not named:
        return root
    return f"{root}{named}" if named.startswith("[") else f"{root}.{named}"


def shown_name(name: str) -> str:
    """Return a name as it may be shown and logged, or `?` where it is no ordinary one."""
    return name if _PLAIN_NAME.fullmatch(name) else "?"


def faults_of(error: ValidationError, root: str) -> Iterator[Fault]:
    """Yield all that one finding of a validator stands for: it names many undeclared properties at once."""
    if error.kind.name not in _UNDECLARED:
        yield fault_of(error, root)
        return
    saw = NO_FORM_FITS if error.kind.name == _AMONG_FORMS else ""
    for name in getattr(error.kind, "unexpected", None) or [""]:
        yield Fault("undeclared", place_in(root, (*error.instance_path, name)), saw)


def fault_of(error: ValidationError, root: str) -> Fault:
    """Return what a validator found, as a fault below `root` ("body")."""
    kind, pointer = error.kind.name, error.instance_path
    if kind in _UNDECLARED:
        unexpected = getattr(error.kind, "unexpected", None) or [""]
        saw = NO_FORM_FITS if kind == _AMONG_FORMS else ""
        return Fault("undeclared", place_in(root, (*pointer, unexpected[0])), saw)
    if kind == "falseSchema":
        if _UNDECLARED.intersection(map(str, error.schema_path[-1:])):
            # an object that may hold nothing at all
            return Fault("undeclared", place_in(root, pointer))
        return Fault("read-only", place_in(root, pointer))
    if kind == "required":
        return Fault(root, place_in(root, (*pointer, str(getattr(error.kind, "property", "")))), "missing")
    return Fault(root, place_in(root, pointer), _SAID.get(kind, "not as described"))
