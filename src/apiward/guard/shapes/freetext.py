"""Which texts of a request have room for anything: what `inspect` reads, and what it need not.

A text is left out only where the description gives it a narrow form *and* the value really has it:
a field that should hold a date and holds something else is given. So nothing is missed where this
guard only watches shapes, or where the description is wrong. Without a description all texts are given.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias

from apiward.core.api import Operation, Place
from apiward.core.jsonvalue import Json, NotJson, Pointer
from apiward.core.schema import Schema
from apiward.guard.shapes.compiling import definitions_in
from apiward.guard.shapes.strictness import members_of
from apiward.guard.templates import names_in

Harmless: TypeAlias = Callable[[str], object]
"""Returns something true where a text has the narrow form that is described."""

_NARROW: Final = re.compile(r"[A-Za-z0-9_.:@+\-]{0,256}").fullmatch
_NUMBER: Final = re.compile(r"[+-]?[0-9]{0,40}(?:\.[0-9]{0,40})?(?:[eE][+-]?[0-9]{1,4})?").fullmatch
_TRUTH: Final = re.compile(r"(?i:true|false|yes|no|on|off|[01tfyn])?").fullmatch
_FORMATS: Final = {
    "uuid": re.compile(r"[0-9a-fA-F-]{0,36}").fullmatch,
    "date": re.compile(r"[0-9TtZz:+\-. /]{0,40}").fullmatch,
    "date-time": re.compile(r"[0-9TtZz:+\-. /]{0,40}").fullmatch,
    "time": re.compile(r"[0-9TtZz:+\-. /]{0,40}").fullmatch,
    "ipv4": re.compile(r"[0-9.]{0,15}").fullmatch,
    "ipv6": re.compile(r"[0-9a-fA-F:.]{0,45}").fullmatch,
    "email": re.compile(r"[A-Za-z0-9._+\-]{0,64}@[A-Za-z0-9.\-]{0,253}").fullmatch,
}
_NARROW_PATTERN: Final = re.compile(
    r"\^(?>(?:\\[dw.\-]|[A-Za-z0-9_:@-]|\[(?>(?:[A-Za-z0-9_.:@+-]|\\[dw.\-])+)\]|\((?:\?:)?|[)|?+*]|\{[0-9]+(?:,[0-9]*)?\})*)\$"
)
"""Patterns that can only match letters, digits and a few signs."""
_PLAIN_KEY: Final = re.compile(r"(?!__)[A-Za-z_][A-Za-z0-9_-]{0,63}").fullmatch
_SPECIAL_KEYS: Final = frozenset({"constructor", "prototype"})
_SHORTEST: Final = 3
"""In so few characters there is no room."""


class Hint(NamedTuple):
    """What is known of a text: the name of its field, its longest described length, its format."""

    name: str = ""
    max_length: int | None = None
    format: str | None = None
    is_key: bool = False


Text: TypeAlias = tuple[Pointer, str, Hint]
"""Where a text stands, the text, and what is known of it."""
PairText: TypeAlias = tuple[str, str, Hint]
"""The name of a parameter, its text, and what is known of it."""

KEY_HINT: Final = Hint(is_key=True)


@dataclass(slots=True)
class TextFields:
    """Finds the texts with room in JSON values of one schema. `children` is None where nothing is known."""

    hint: Hint = field(default_factory=Hint)
    harmless: tuple[Harmless, ...] = ()
    children: "dict[str, TextFields] | None" = None
    items: "TextFields | None" = None

    def texts(self, value: Json) -> Iterator[Text]:
        """Return the texts of `value` that have room for anything, in their order; in time linear to its size."""
        if isinstance(value, str):
            return iter(() if self.is_harmless(value) else [((), value, self.hint)])
        return self._texts_below(value)

    def _texts_below(self, value: Json) -> Iterator[Text]:
        waiting = [_members((), value, self)]
        while waiting:
            pointer, fields, members = waiting[-1]
            children, items = fields.children, fields.items
            for step, child in members:
                below = items
                if isinstance(step, str):
                    below = children.get(step) if children else None
                    if below is None and (not _PLAIN_KEY(step) or step in _SPECIAL_KEYS):
                        yield (*pointer, step), step, KEY_HINT
                if isinstance(child, str):
                    if below is None:
                        yield (*pointer, step), child, fields.hint_below(step)
                    elif not (below.harmless and below.is_harmless(child)):
                        yield (*pointer, step), child, below.hint
                elif isinstance(child, dict | list):
                    waiting.append(_members((*pointer, step), child, below or TextFields(fields.hint_below(step))))
                    break
            else:
                waiting.pop()

    def is_harmless(self, text: str) -> bool:
        """Return whether a text has the narrow form that is described."""
        for fits in self.harmless:  # noqa: SIM110 - a generator takes three times as long
            if fits(text):
                return True
        return False

    def hint_below(self, step: str | int) -> Hint:
        """Return what is known of a part that is not described: its name."""
        return Hint(step[:64]) if isinstance(step, str) else self.hint


def _members(
    pointer: Pointer, value: Json, fields: TextFields
) -> tuple[Pointer, TextFields, Iterator[tuple[str | int, Json]]]:
    if isinstance(value, dict):
        return pointer, fields, iter(value.items())
    return pointer, fields, enumerate(value) if isinstance(value, list) else iter(())


@dataclass(frozen=True, slots=True)
class PairTexts:
    """Finds the texts with room in names and values: a query, a form, the arguments of a path."""

    fields: Mapping[str, TextFields]

    def texts(self, pairs: Iterable[tuple[str, str]]) -> list[PairText]:
        """Return the values that have room for anything, and names that are neither described nor plain."""
        found: list[PairText] = []
        for name, text in pairs:
            known = self.fields.get(name)
            if known is None:
                if not _PLAIN_KEY(name) or name in _SPECIAL_KEYS:
                    found.append((name, name, KEY_HINT))
                found.append((name, text, Hint(name[:64])))
            else:
                for fits in known.harmless:
                    if fits(text):
                        break
                else:
                    found.append((name, text, known.hint))
        return found


@dataclass(frozen=True, slots=True)
class OperationTexts:
    """All texts with room in the requests of one operation; `bodies` by media type."""

    names: tuple[str, ...]
    path: PairTexts
    query: PairTexts
    bodies: Mapping[str, TextFields]
    form: PairTexts

    def path_texts(self, arguments: Sequence[str]) -> list[PairText]:
        """Return the path arguments that have room for anything, with their names."""
        return self.path.texts(zip(self.names, arguments, strict=False))

    def json_texts(self, media_type: str, value: Json | NotJson) -> Iterator[Text]:
        """Yield the texts of a JSON body that have room for anything."""
        if isinstance(value, NotJson):
            return iter(())
        return self.bodies.get(media_type, _UNKNOWN).texts(value)


def free_text_fields(schema: Schema | None, definitions: Mapping[str, Schema] | None = None) -> TextFields:
    """Compile a schema; None stands for "nothing is known". `definitions` as in `compiling.validator`."""
    if schema is None:
        return _UNKNOWN
    return _Compiler(definitions or definitions_in([schema])).fields((schema,), "")


def operation_texts(operation: Operation) -> OperationTexts:
    """Compile all that an operation takes."""
    parameters = {place: operation.parameters_in(place) for place in Place}
    compiler = _Compiler(definitions_in([one.schema for one in operation.parameters]))

    def pairs(place: Place) -> PairTexts:
        return PairTexts({one.name: _flat(compiler.fields((one.schema,), one.name)) for one in parameters[place]})

    bodies = {body.media_type: free_text_fields(body.schema) for body in operation.bodies}
    forms = [fields for name, fields in bodies.items() if "json" not in name]
    return OperationTexts(
        names=names_in(operation.base_path + operation.path),
        path=pairs(Place.PATH),
        query=pairs(Place.QUERY),
        bodies=bodies,
        form=PairTexts({name: _flat(one) for fields in forms for name, one in (fields.children or {}).items()}),
    )


class _Compiler:
    """Compiles shared schemas once each, cycles too."""

    def __init__(self, definitions: Mapping[str, Schema]) -> None:
        self._definitions = definitions
        self._known: dict[tuple[tuple[int, ...], str], TextFields] = {}

    def fields(self, schemas: tuple[Schema, ...], name: str) -> TextFields:
        """Return what is to be read of values that fit any of `schemas`."""
        key = (tuple(id(one) for one in schemas), name)
        known = self._known.get(key)
        if known is not None:
            return known
        leaves = _leaves(schemas)
        made = self._known[key] = TextFields(_hint(leaves, name), tuple(dict.fromkeys(_tests(leaves))))
        members = members_of(schemas, self._definitions)
        if members.properties:
            made.children = {child: self.fields(found, child) for child, found in members.properties.items() if found}
        if members.items:
            made.items = self.fields(members.items, name)
        return made


def _flat(fields: TextFields) -> TextFields:
    """Return how one text is read that may stand for a list (`?ids=1&ids=2`)."""
    return fields.items if fields.items is not None else fields


def _leaves(schemas: tuple[Schema, ...]) -> list[Schema]:
    found: list[Schema] = []
    waiting = list(schemas)
    while waiting and len(found) < 64:
        schema = waiting.pop(0)
        waiting += schema.variants
        found.append(schema)
    return found


def _hint(schemas: list[Schema], name: str) -> Hint:
    texts = [one for one in schemas if not one.types or "string" in one.types]
    lengths = [one.max_length for one in texts if not one.variants]
    longest = None if None in lengths or not lengths else max(length for length in lengths if length is not None)
    return Hint(name, longest, next((one.format for one in texts if one.format), None))


def _tests(schemas: list[Schema]) -> Iterable[Harmless]:
    for one in schemas:
        listed = frozenset(value for value in one.enum if isinstance(value, str))
        if listed:
            yield listed.__contains__
        if "integer" in one.types or "number" in one.types:
            yield _NUMBER
        if "boolean" in one.types:
            yield _TRUTH
        if "string" in one.types or not one.types:
            yield from _tests_of_text(one)


def _tests_of_text(schema: Schema) -> Iterable[Harmless]:
    if schema.format in _FORMATS:
        yield _FORMATS[schema.format]
    if schema.pattern and _NARROW_PATTERN.fullmatch(schema.pattern):
        yield _NARROW
    if schema.max_length is not None and schema.max_length <= _SHORTEST:
        yield _is_short


def _is_short(text: str) -> bool:
    return len(text) <= _SHORTEST


_UNKNOWN: Final = TextFields()
