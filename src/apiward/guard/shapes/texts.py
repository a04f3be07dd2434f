"""Values that stand as text in paths, queries, headers and forms, read as the schema means them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from apiward.core.jsonvalue import Json
from apiward.core.schema import Schema
from apiward.guard.shapes.compiling import OPEN, validator

_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,40}")
_SHORT_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,15}")
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,3})?")
_TRUE: Final = frozenset({"true", "1", "yes", "on", "t", "y"})
_FALSE: Final = frozenset({"false", "0", "no", "off", "f", "n"})
_WRONG_TYPE: Final = "another type than described"
_NOT_DESCRIBED: Final = "not as described"

TextCheck: TypeAlias = Callable[[str], str]
"""Returns what is wrong with a text, or an empty text."""


@dataclass(frozen=True, slots=True)
class ValueForm:
    """How one parameter is read. `separator` splits lists in one text; `check` judges one (item of a) text.

    `most` and `least` bound how many items a list may have.
    """

    check: TextCheck | None
    is_list: bool = False
    separator: str = ""
    least: int = 0
    most: int | None = None

    def fault(self, text: str) -> str:
        """Return what is wrong with one text, or an empty text."""
        if not self.separator:
            return self.check(text) if self.check else ""
        items = text.split(self.separator)
        wrong = self.count_fault(len(items))
        return wrong or next(filter(None, map(self.check, items)), "") if self.check else wrong

    def judge(self) -> TextCheck | None:
        """Return what judges one text, None where any is good."""
        return self.fault if self.separator else self.check

    def count_fault(self, count: int) -> str:
        """Return what is wrong with the number of items, or an empty text."""
        if self.most is not None and count > self.most:
            return "too many entries"
        return "too few entries" if count < self.least else ""


_ANY: Final = ValueForm(None, is_list=True)


def value_form(schema: Schema, *, separator: str, definitions: Mapping[str, Schema]) -> ValueForm:
    """Return how texts for `schema` are read. Objects and mixed forms pass unread, as their spelling varies."""
    if schema.variants:
        return _ANY if any(_is_built(one) for one in schema.variants) else ValueForm(_text_check(schema, definitions))
    if "array" in schema.types:
        items = schema.items or Schema()
        check = None if _is_built(items) else _text_check(items, definitions)
        return ValueForm(check, is_list=True, separator=separator, least=schema.min_items or 0, most=schema.max_items)
    return _ANY if _is_built(schema) else ValueForm(_text_check(schema, definitions))


def readings(schema: Schema) -> tuple[str, ...]:
    """Return the JSON types that a text for `schema` may mean."""
    if schema.variants and not schema.types:
        return tuple(dict.fromkeys(name for one in schema.variants for name in readings(one)))
    if schema.types:
        return schema.types
    kinds = {bool: "boolean", int: "integer", float: "number"}
    return tuple(dict.fromkeys([kinds.get(type(value), "string") for value in schema.enum])) or ("string",)


def _whole(text: str) -> Json:
    if _WHOLE.fullmatch(text):
        return int(text)
    raise ValueError


def _number(text: str) -> Json:
    if _NUMBER.fullmatch(text):
        return float(text)
    raise ValueError


def _truth(text: str) -> Json:
    low = text.lower()
    if low in _TRUE or low in _FALSE:
        return low in _TRUE
    raise ValueError


def _as_it_is(text: str) -> Json:
    return text


_READERS: Final[Mapping[str, Callable[[str], Json]]] = {
    "integer": _whole,
    "number": _number,
    "boolean": _truth,
    "string": _as_it_is,
}
"""Reads a text as a value of a JSON type; raises ValueError where it is none."""


def _is_built(schema: Schema) -> bool:
    """Whether a value has parts of its own, which texts spell in many ways."""
    return bool(schema.properties or schema.items or {"object", "array"} & set(schema.types))


def _text_check(schema: Schema, definitions: Mapping[str, Schema]) -> TextCheck | None:
    kinds = readings(schema)
    if kinds == ("integer",) and _is_plain_text(schema):
        return _whole_fault
    check = _read_and_held(schema, kinds, definitions)
    if check is not None and kinds == ("integer",) and _is_plain_text(replace(schema, minimum=None, maximum=None)):
        return _bounded(schema.minimum, schema.maximum, check)
    return check


def _read_and_held(schema: Schema, kinds: tuple[str, ...], definitions: Mapping[str, Schema]) -> TextCheck | None:
    made = validator(schema, OPEN, definitions)
    if made is None or (kinds == ("string",) and _is_plain_text(schema)):
        return None
    fits, readers = made.is_valid, tuple(_READERS[kind] for kind in kinds if kind in _READERS)

    def check(text: str) -> str:
        fault = _WRONG_TYPE
        for read in readers:
            try:
                if fits(read(text)):
                    return ""
            except ValueError:
                continue
            fault = _NOT_DESCRIBED
        return fault

    return check


def _whole_fault(text: str) -> str:
    """Return what is wrong with a text that may be any whole number: no validator is asked."""
    return "" if _WHOLE.fullmatch(text) else _WRONG_TYPE


def _bounded(least: float | None, most: float | None, check: TextCheck) -> TextCheck:
    """Return what tells by itself that a short whole number lies within bounds, and leaves all else to `check`."""

    def held(text: str) -> str:
        if _SHORT_WHOLE.fullmatch(text):
            number = int(text)
            if (least is None or number >= least) and (most is None or number <= most):
                return ""
        return check(text)

    return held


def _is_plain_text(schema: Schema) -> bool:
    limits = (schema.pattern, schema.min_length, schema.max_length, schema.format, schema.minimum, schema.maximum)
    return not schema.enum and not schema.variants and all(limit is None for limit in limits)
