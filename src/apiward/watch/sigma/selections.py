"""A selection: what an event must look like. A table asks for all of its lines, a list for one of its entries."""

from typing import Final

from apiward.core.event import Event
from apiward.core.jsonvalue import Json, Pointer
from apiward.watch.sigma.fields import NOT_KEPT, OWN, USUAL, Getter, getter, whole_text
from apiward.watch.sigma.tree import Document
from apiward.watch.sigma.values import PLACING, Check, Modifiers, Predicate, ValueProblem

MAX_VALUES: Final = 2_000
"""Values of one line at most."""


def selection(document: Document, pointer: Pointer, value: Json) -> Predicate:
    """Return the test that one selection of a rule makes of an event. Raises SigmaError with its line."""
    if isinstance(value, dict):
        if not value:
            raise document.error(pointer, "This selection is empty.", "Write a field and its value.")
        return every([_line(document, (*pointer, key), key, inner) for key, inner in value.items()])
    if not isinstance(value, list):
        return _line(document, pointer, "", value)
    if not value:
        raise document.error(pointer, "This selection is empty.", "Write a field and its value.")
    if not any(isinstance(one, dict | list) for one in value):
        return _line(document, pointer, "", value)
    return some([selection(document, (*pointer, index), one) for index, one in enumerate(value)])


def every(tests: list[Predicate]) -> Predicate:
    """Return the test that all of `tests` hold."""
    if len(tests) == 1:
        return tests[0]
    if len(tests) == 2:
        first, second = tests
        return lambda event: first(event) and second(event)

    def test(event: Event) -> bool:
        for one in tests:  # noqa: SIM110 - a generator would cost more than a test
            if not one(event):
                return False
        return True

    return test


def some(tests: list[Predicate]) -> Predicate:
    """Return the test that one of `tests` holds."""
    if len(tests) == 1:
        return tests[0]

    def test(event: Event) -> bool:
        for one in tests:  # noqa: SIM110 - the same
            if one(event):
                return True
        return False

    return test


def _line(document: Document, pointer: Pointer, key: str, value: Json) -> Predicate:
    name, *names = key.split("|")
    values: list[Json] = value if isinstance(value, list) else [value]
    modifiers = Modifiers(tuple(names))
    try:
        modifiers.check()
        _check_values(values, name, modifiers)
        if not name:
            return _keywords(values, modifiers)
        field = _field(name)
        if "fieldref" in names:
            tests = [modifiers.reference(one, field) for one in values]
            return every(tests) if modifiers.is_all else some(tests)
        return _of(field, [modifiers.test(one) for one in values], is_all=modifiers.is_all)
    except ValueProblem as problem:
        raise document.error(pointer, problem.what, problem.advice) from None


def _check_values(values: list[Json], name: str, modifiers: Modifiers) -> None:
    if len(values) > MAX_VALUES:
        raise ValueProblem(f"There are more than {MAX_VALUES:,} values here.", "Split them.")
    if any(isinstance(one, dict | list) for one in values):
        raise ValueProblem("A value must be a text, a number, true, false or null.", "Write a flat list of values.")
    if not values and modifiers.names:
        raise ValueProblem("There is no value here.", "Write one, or null.")
    if not name and (any(one is None or isinstance(one, bool) for one in values) or not values):
        raise ValueProblem("A keyword must be a text or a number.", "Put it into quotes.")


def _field(name: str) -> Getter:
    found = getter(name)
    if found is not None:
        return found
    if name.lower() in NOT_KEPT:
        raise ValueProblem(f"No event has a field {name!r}: {NOT_KEPT[name.lower()]}", "Leave the line out.")
    near = next((one for one in (*OWN, *USUAL) if one.lower() == name.lower().replace("-", "_")), "")
    advice = f"Did you mean {near}?" if near else "See: apiward rules fields"
    raise ValueProblem(f"No event has a field {name[:60]!r}.", advice)


def _of(field: Getter, checks: list[Check], *, is_all: bool) -> Predicate:
    if not checks:
        return lambda event: field(event) is None
    if len(checks) == 1:
        check = checks[0]
        return lambda event: check(field(event))

    def test(event: Event) -> bool:
        value = field(event)
        for check in checks:  # no generator: it would cost more than a check
            if check(value) is not is_all:
                return not is_all
        return is_all

    return test


def _keywords(values: list[Json], modifiers: Modifiers) -> Predicate:
    names = modifiers.names
    if {"cidr", "exists", "fieldref", "lt", "lte", "gt", "gte"} & set(names):
        raise ValueProblem("This modifier needs a field.", "Write the field's name before it.")
    if "re" not in names and not PLACING & set(names):
        modifiers = Modifiers((*names, "contains"))
    return _of(whole_text, [modifiers.test(one) for one in values], is_all=modifiers.is_all)
