"""Shapes as schemas: for people with all that enough callers have shown, for the guard with what is earned alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from apiward.core.schema import Schema
from apiward.spec.learning import earning
from apiward.spec.learning.scalars import Numbers, Texts
from apiward.spec.learning.shapes import Shape
from apiward.spec.learning.tallies import ENOUGH_CALLERS, Tally
from apiward.spec.learning.texts import Look

_ORDER: Final = ("boolean", "integer", "number", "string", "array", "object")
_FORMATS: Final = {
    Look.UUID: "uuid",
    Look.DATE: "date",
    Look.DATE_TIME: "date-time",
    Look.EMAIL: "email",
    Look.URI: "uri",
    Look.IPV4: "ipv4",
}
_FORMS: Final = frozenset({Look.UUID, Look.DATE, Look.DATE_TIME})
_LENGTH_ROOM: Final = 8
_LEAST_LENGTH: Final = 64
_NUMBER_ROOM: Final = 100
_ITEMS_ROOM: Final = 10
_LEAST_ITEMS: Final = 100
_MAP_KEYS: Final = 8
_MAP_SHARE: Final = 0.4
_SENSITIVE_SHARE: Final = 0.2


@dataclass(frozen=True, slots=True)
class View:
    """For whom a shape is told. `is_few` says that fewer callers are known than must agree, so all is told."""

    is_guard: bool = False
    is_request: bool = True
    is_few: bool = False

    def told(self, tally: Tally) -> bool:
        """Whether it is told."""
        return earning.is_told(tally, few=self.is_few)


def schema_of(shape: Shape, view: View) -> Schema:
    """Return the schema of JSON values."""
    told, others = _split(shape.types, view)
    types = {kind for kind in told if kind != "null"}
    if "number" in types:
        types.discard("integer")
    if view.is_guard and not earning.has_type(told.values(), others):
        types = set()
    is_free = "null" not in told and earning.is_exact(told.values(), others)
    is_nullable = "null" in told or (view.is_guard and view.is_request and not is_free)
    if view.is_guard and view.is_request and types == {"integer"} and not earning.is_exact(told.values(), others):
        types = {"number"}
    made = Schema(
        types=tuple(kind for kind in _ORDER if kind in types),
        is_nullable=is_nullable and bool(types or not view.is_guard),
        description=description_of(shape.texts),
    )
    made = _with_texts(made, shape, view)
    made = _with_numbers(made, shape.numbers, told)
    made = _with_items(made, shape, view, told)
    return _with_members(made, shape, view, told)


def text_schema(shape: Shape, view: View) -> Schema:
    """Return the schema of values that stand as text: in a path, a query or a form."""
    texts = shape.texts
    if texts is None:
        return Schema() if view.is_guard else Schema(types=("string",))
    looks = {look: tally for look, tally in texts.looks.items() if look != Look.EMPTY}
    told, others = _split(looks, view)
    kind = _text_type(frozenset(told))
    if view.is_guard and (kind == "string" or not earning.has_type(told.values(), others)):
        return _with_texts(Schema(description=description_of(texts)), shape, view)
    if view.is_guard and kind == "integer" and not earning.is_exact(told.values(), others):
        kind = "number"
    return _with_texts(Schema(types=(kind,), description=description_of(texts)), shape, view)


def object_schema(shape: Shape, view: View) -> Schema:
    """Return the schema of a form: an object whose values stand as text."""
    told, _ = _split(shape.types, view)
    properties = {
        name: _form_field(below, view) for name, below in shape.properties.items() if _is_told_of(below, view)
    }
    made = Schema(types=("object",), properties=MappingProxyType(properties))
    return replace(made, required=_required(shape, properties, view, told), is_open=not _is_closed(shape, view, told))


def description_of(texts: Texts | None) -> str:
    """Return one line on what sensitive data stands there, or nothing."""
    kinds = sensitive_kinds(texts)
    return f"Holds: {', '.join(kinds)}." if kinds else ""


def sensitive_kinds(texts: Texts | None) -> tuple[str, ...]:
    """Return the kinds of sensitive data that a place mostly holds."""
    if texts is None or not texts.kinds:
        return ()
    least = max(_SENSITIVE_SHARE * texts.looked_at, 1)
    return tuple(sorted(kind for kind, count in texts.kinds.items() if count >= least))


def is_map(shape: Shape) -> bool:
    """Whether the names of the properties are data: many, each of them in a few values only, all of one type."""
    if shape.others is not None and not shape.properties:
        return True
    objects = shape.types.get("object", Tally()).count
    below = list(shape.properties.values())
    if len(below) < _MAP_KEYS or objects < _MAP_KEYS:
        return False
    kinds = {frozenset(one.types) for one in below}
    return len(kinds) == 1 and max(one.count for one in below) < _MAP_SHARE * objects


def _split(tallies: Mapping[str, Tally], view: View) -> tuple[dict[str, Tally], list[Tally]]:
    """Return what is told, and the tallies of what is not."""
    told = {key: tally for key, tally in tallies.items() if view.told(tally)}
    if not told:  # many callers, none of whom agree: all of it is as likely
        told = dict(tallies)
    return told, [tally for key, tally in tallies.items() if key not in told]


def _text_type(looks: frozenset[str]) -> str:
    if looks and looks <= {Look.INTEGER}:
        return "integer"
    if looks and looks <= {Look.INTEGER, Look.NUMBER}:
        return "number"
    return "boolean" if looks == {Look.TRUTH} else "string"


def _with_texts(schema: Schema, shape: Shape, view: View) -> Schema:
    texts = shape.texts
    if texts is None or (schema.types and "string" not in schema.types):
        return schema
    told, others = _split(texts.looks, view)
    listed = tuple(sorted(texts.listed.values())) if texts.values is not None else ()
    if listed and set(shape.types) <= {"string", "null"} and _is_list(texts):
        return replace(schema, enum=listed)
    longest = None
    if earning.has_room(told.values()):
        longest = max(int(min(texts.lengths.agreed, 2**40)) * _LENGTH_ROOM, _LEAST_LENGTH)
    return replace(schema, format=_format(told, others, view), max_length=longest)


def _is_list(texts: Texts) -> bool:
    values = texts.values or {}
    told = [tally for digest, tally in values.items() if digest in texts.listed]
    return earning.is_exact(told, [tally for digest, tally in values.items() if digest not in texts.listed])


def _format(told: Mapping[str, Tally], others: Iterable[Tally], view: View) -> str | None:
    if len(told) != 1:
        return None
    look = Look(next(iter(told)))
    if look not in _FORMATS:
        return None
    if not view.is_request and not view.is_guard:
        is_earned = sum(tally.count for tally in told.values()) >= earning.SHOWN_VALUES
    elif look in _FORMS:
        is_earned = earning.has_form(told.values(), others)
    else:
        is_earned = earning.is_exact(told.values(), others)
    return _FORMATS[look] if is_earned else None


def _with_numbers(schema: Schema, numbers: Numbers | None, told: Mapping[str, Tally]) -> Schema:
    counted = [told[kind] for kind in ("integer", "number") if kind in told]
    if numbers is None or not {"integer", "number"} & set(schema.types) or not earning.has_room(counted):
        return schema
    lowest, highest = numbers.below.agreed, max(numbers.above.agreed, 1.0)
    least = 0.0 if lowest == 0 and earning.is_exact(counted) else -max(lowest, 1.0) * _NUMBER_ROOM
    return replace(schema, minimum=least, maximum=highest * _NUMBER_ROOM)


def _with_items(schema: Schema, shape: Shape, view: View, told: Mapping[str, Tally]) -> Schema:
    if "array" not in told or (schema.types and "array" not in schema.types):
        return schema
    most = None
    if earning.has_room([told["array"]]):
        most = max(int(min(shape.counts.agreed, 2**40)) * _ITEMS_ROOM, _LEAST_ITEMS)
    return replace(schema, items=schema_of(shape.items, view) if shape.items is not None else None, max_items=most)


def _with_members(schema: Schema, shape: Shape, view: View, told: Mapping[str, Tally]) -> Schema:
    if "object" not in told or (schema.types and "object" not in schema.types) or is_map(shape):
        return schema
    properties = {name: schema_of(below, view) for name, below in shape.properties.items() if _is_told_of(below, view)}
    return replace(
        schema,
        properties=MappingProxyType(properties),
        required=_required(shape, properties, view, told),
        is_open=not _is_closed(shape, view, told),
    )


def _is_told_of(shape: Shape, view: View) -> bool:
    return view.is_few or shape.callers >= ENOUGH_CALLERS


def _required(shape: Shape, names: Iterable[str], view: View, told: Mapping[str, Tally]) -> frozenset[str]:
    objects = told.get("object", Tally())
    if view.is_request:
        is_earned = earning.is_exact([objects])
    else:
        is_earned = not view.is_guard and objects.count >= earning.TYPE_VALUES
    if not is_earned:
        return frozenset()
    return frozenset(name for name in names if shape.properties[name].count == objects.count)


def _is_closed(shape: Shape, view: View, told: Mapping[str, Tally]) -> bool:
    if not view.is_request or shape.others is not None:
        return False
    rare = [
        tally for below in shape.properties.values() if not _is_told_of(below, view) for tally in below.types.values()
    ]
    return earning.is_exact([told.get("object", Tally())], rare)


def _form_field(shape: Shape, view: View) -> Schema:
    if shape.items is not None:
        return Schema(types=("array",), items=text_schema(shape.items, view))
    return text_schema(shape, view)
