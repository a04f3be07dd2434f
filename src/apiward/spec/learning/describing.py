"""What was seen, told as an API: each operation for people and for the guard, with how sure it is."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final
from urllib.parse import quote

from apiward.core.api import Answer, Api, Body, Operation, Parameter, Place, SchemeKind, SecurityScheme
from apiward.core.schema import Schema
from apiward.spec.learning import earning
from apiward.spec.learning.nodes import Node
from apiward.spec.learning.operations import Part, Seen
from apiward.spec.learning.readonly import with_read_only
from apiward.spec.learning.rendering import View, object_schema, schema_of, sensitive_kinds, text_schema
from apiward.spec.learning.shapes import Shape
from apiward.spec.learning.sureness import Sureness
from apiward.spec.learning.tallies import ENOUGH_CALLERS
from apiward.spec.learning.texts import Look, look_of
from apiward.spec.learning.tree import PathTree
from apiward.spec.meaning.naming import singular, words

TITLE: Final = "Learned from traffic"
_PARAMETER: Final = re.compile(r"\{[^{}]*\}")
_PLAIN: Final = "!$&'()+,;=:@-._~"
_ANY_BODY: Final = Body("*/*")
_KINDS: Final = {"bearer": SchemeKind.BEARER, "basic": SchemeKind.BASIC}
_PLACES: Final = {"cookie": Place.COOKIE, "header": Place.HEADER, "query": Place.QUERY}
_PHRASES: Final = {"2": "Success", "3": "Elsewhere", "4": "Refused", "5": "Failed"}
_MIN_SECURED: Final = 10
_NAMED_BY_LOOK: Final = {Look.DATE: "date", Look.DATE_TIME: "date", Look.EMAIL: "email", Look.IPV4: "address"}

Way = tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class LearnedOperation:
    """One operation. `guarded` holds earned bounds alone; `few` names what too few callers have shown to be told."""

    operation: Operation
    guarded: Operation
    sureness: Sureness
    callers: int
    shown: tuple[str, ...]
    sensitive: tuple[tuple[str, str], ...]
    earned: tuple[str, ...]
    few: tuple[str, ...]
    statuses: tuple[str, ...]
    first_s: float
    last_s: float


@dataclass(frozen=True, slots=True)
class Learned:
    """All that was learned: the operations, and ways to show who calls."""

    operations: tuple[LearnedOperation, ...]
    schemes: Mapping[str, SecurityScheme]

    def api(self) -> Api:
        """Return the API as people may read it: all operations, with the bounds that are earned."""
        return self._api(tuple(one.operation for one in self.operations))

    def guarded(self) -> Api:
        """Return the API as the guard may use it: what is sure, and holds nothing against a request that is not."""
        return self._api(tuple(one.guarded for one in self.operations if one.sureness.is_sure))

    def _api(self, operations: tuple[Operation, ...]) -> Api:
        return Api(TITLE, "1", operations, schemes=self.schemes, source="traffic", dialect="learned")


def bare(key: str) -> str:
    """Return the key of an operation without the names of its parameters, which are a matter of taste."""
    return _PARAMETER.sub("{}", key)


def learned(tree: PathTree) -> Learned:
    """Return what the tree knows."""
    schemes: dict[str, SecurityScheme] = {}
    found = [_operation(way, method, seen, schemes) for way, method, seen in tree.operations()]
    found.sort(key=lambda one: (one.operation.path, one.operation.method))
    return Learned(tuple(found), MappingProxyType(schemes))


def _operation(way: Way, method: str, seen: Seen, schemes: dict[str, SecurityScheme]) -> LearnedOperation:
    path, arguments = path_of(way)
    is_few = len(seen.crowd) < ENOUGH_CALLERS
    made = [_told(path, method, seen, arguments, View(is_guard=is_guard, is_few=is_few)) for is_guard in (False, True)]
    ways = tuple(sorted(_ways(seen, is_few=is_few)))
    shown = tuple(_scheme(one, schemes) for one in ways)
    for_people = replace(made[0], security=_security(seen, shown))
    node = way[-1][1] if way else Node()
    for_people, guarded = with_read_only(for_people, made[1], seen, node)
    return LearnedOperation(
        operation=for_people,
        guarded=guarded,
        sureness=Sureness.of(seen),
        callers=len(seen.crowd),
        shown=ways,
        sensitive=tuple(dict.fromkeys(_sensitive(seen, arguments))),
        earned=tuple(_earned(for_people)),
        few=tuple(_few(seen)) if not is_few else (),
        statuses=tuple(sorted(seen.statuses)),
        first_s=seen.first_s,
        last_s=seen.last_s,
    )


def path_of(way: Way) -> tuple[str, dict[str, Shape]]:
    """Return the path template of a way through the tree, and the values of its parameters."""
    parts: list[str] = []
    arguments: dict[str, Shape] = {}
    noun = ""
    for part, node in way:
        if not part.startswith("{}"):
            parts.append(quote(part, safe=_PLAIN))
            is_noun = words(part) and part.isascii() and look_of(part) is not Look.VERSION
            noun = singular(words(part)[-1]) if is_noun else noun
            continue
        name = _free(_argument_name(node, noun), arguments)
        arguments[name] = node.argument
        parts.append(f"{{{name}}}{quote(part[2:], safe=_PLAIN)}")
    return "/" + "/".join(parts), arguments


def _argument_name(node: Node, noun: str) -> str:
    if node.named.isidentifier():
        return node.named if node.named not in {"id", "name", "value"} or not noun else f"{noun}_{node.named}"
    looks = node.argument.texts.looks if node.argument.texts else {}
    named = {_NAMED_BY_LOOK.get(Look(look), "") for look in looks}
    if len(named) == 1 and "" not in named:
        return named.pop()
    return f"{noun}_id" if noun else "id"


def _free(name: str, taken: Mapping[str, Shape]) -> str:
    return next(one for one in (name, *(f"{name}_{count}" for count in range(2, 100))) if one not in taken)


def _told(path: str, method: str, seen: Seen, arguments: Mapping[str, Shape], view: View) -> Operation:
    return Operation(
        method=method,
        path=path,
        parameters=(*_path_parameters(arguments, view), *_query(seen, view), *_headers(seen, view)),
        bodies=tuple(_bodies(seen, view)),
        answers=tuple(_answers(seen, replace(view, is_request=False))),
    )


def _path_parameters(arguments: Mapping[str, Shape], view: View) -> Iterator[Parameter]:
    for name, shape in arguments.items():
        is_few = view.is_few or shape.callers < ENOUGH_CALLERS
        yield Parameter(name, Place.PATH, text_schema(shape, replace(view, is_few=is_few)), is_required=True)


def _query(seen: Seen, view: View) -> Iterator[Parameter]:
    for name, part in seen.query.items():
        if not view.told(part.tally):
            continue
        schema = text_schema(part.shape, view)
        is_once = not part.repeated.count and earning.is_exact([part.tally])
        is_many = part.repeated.count > 0 and view.told(part.repeated)
        if is_many or (view.is_guard and not is_once):
            schema = Schema(types=("array",), items=schema)
        is_required = earning.is_exact([part.tally]) and part.tally.count == seen.count
        yield Parameter(name, Place.QUERY, schema, is_required=is_required)


def _headers(seen: Seen, view: View) -> Iterator[Parameter]:
    if not view.is_guard:
        told = (name for name, tally in seen.headers.items() if view.told(tally))
        yield from (Parameter(name, Place.HEADER, Schema(types=("string",))) for name in told)


def _bodies(seen: Seen, view: View) -> Iterator[Body]:
    is_required = not seen.bodiless and earning.is_exact([part.tally for part in seen.bodies.values()])
    told = {name: part for name, part in seen.bodies.items() if view.told(part.tally)}
    for name, part in told.items():
        yield Body(name, _body_schema(name, part, view), is_required)
    others = [part.tally for name, part in seen.bodies.items() if name not in told]
    if view.is_guard and not earning.is_exact([part.tally for part in told.values()], others):
        yield _ANY_BODY


def _body_schema(media_type: str, part: Part, view: View) -> Schema:
    if not part.shape.types:
        return Schema()
    return object_schema(part.shape, view) if "form" in media_type else schema_of(part.shape, view)


def _answers(seen: Seen, view: View) -> Iterator[Answer]:
    by_status: dict[str, list[Body]] = {status: [] for status in sorted(seen.statuses)}
    for key, part in seen.answers.items():
        status, _, media_type = key.partition(" ")
        if media_type and status in by_status and view.told(part.tally):
            schema = schema_of(part.shape, view) if part.shape.types else Schema()
            by_status[status].append(Body(media_type, schema))
    for status, bodies in by_status.items():
        yield Answer(status, _PHRASES.get(status[0], "Other"), tuple(bodies))


def _ways(seen: Seen, *, is_few: bool) -> Iterable[str]:
    return (way for way, tally in seen.shown.items() if earning.is_told(tally, few=is_few))


def _scheme(way: str, schemes: dict[str, SecurityScheme]) -> str:
    place, _, field_name = way.partition(" ")
    name = "_".join(words(way)) or "key"
    if place in _KINDS:
        schemes[name] = SecurityScheme(name, _KINDS[place])
    else:
        schemes[name] = SecurityScheme(name, SchemeKind.API_KEY, _PLACES.get(place, Place.HEADER), field_name)
    return name


def _security(seen: Seen, schemes: tuple[str, ...]) -> tuple[tuple[str, ...], ...] | None:
    """Return what callers showed; an empty alternative where some showed nothing, None where too little is known."""
    if not seen.unshown:
        is_clear = bool(schemes) and (seen.count >= _MIN_SECURED or seen.turned_away > 0)
        return tuple((name,) for name in schemes) if is_clear else None
    if not schemes:
        return () if seen.count >= _MIN_SECURED else None
    return (*((name,) for name in schemes), ())


def _sensitive(seen: Seen, arguments: Mapping[str, Shape]) -> Iterator[tuple[str, str]]:
    for name, shape in arguments.items():
        yield from ((f"path {name}", kind) for kind in sensitive_kinds(shape.texts))
    for name, part in seen.query.items():
        yield from ((f"query {name}", kind) for kind in sensitive_kinds(part.shape.texts))
    for part in seen.bodies.values():
        yield from _sensitive_below(part.shape, "body")
    for part in seen.answers.values():
        yield from _sensitive_below(part.shape, "answer")


def _sensitive_below(shape: Shape, place: str) -> Iterator[tuple[str, str]]:
    yield from ((place, kind) for kind in sensitive_kinds(shape.texts))
    for name, below in shape.properties.items():
        yield from _sensitive_below(below, f"{place}.{name}")
    if shape.items is not None:
        yield from _sensitive_below(shape.items, f"{place}[]")
    if shape.others is not None:
        yield from _sensitive_below(shape.others, f"{place}.*")


def _few(seen: Seen) -> Iterator[str]:
    for name, part in seen.query.items():
        if not part.tally.is_shown_by_enough:
            yield f"query {name}"
    for part in seen.bodies.values():
        yield from _few_below(part.shape, "body")


def _few_below(shape: Shape, place: str) -> Iterator[str]:
    for name, below in shape.properties.items():
        if below.callers < ENOUGH_CALLERS:
            yield f"{place}.{name}"
        else:
            yield from _few_below(below, f"{place}.{name}")
    if shape.items is not None:
        yield from _few_below(shape.items, f"{place}[]")


def _earned(operation: Operation) -> Iterator[str]:
    """Yield the bounds that requests are held against, in words."""
    for parameter in operation.parameters:
        yield from _bounds(parameter.schema, f"{parameter.place} {parameter.name}")
        if parameter.is_required and parameter.place is not Place.PATH:
            yield f"{parameter.place} {parameter.name}: must be there"
    for body in operation.bodies:
        yield from _bounds(body.schema, "body")


def _bounds(schema: Schema, place: str) -> Iterator[str]:
    if schema.enum:
        yield f"{place}: one of {len(schema.enum)}"
    if schema.format:
        yield f"{place}: {schema.format}"
    if schema.max_length is not None:
        yield f"{place}: at most {schema.max_length} letters"
    if schema.minimum is not None or schema.maximum is not None:
        yield f"{place}: from {schema.minimum:g} to {schema.maximum:g}"
    if schema.max_items is not None:
        yield f"{place}: at most {schema.max_items} entries"
    for name in sorted(schema.required):
        yield f"{place}.{name}: must be there"
    if not schema.is_open:
        yield f"{place}: nothing else"
    for name, below in schema.properties.items():
        yield from _bounds(below, f"{place}.{name}")
    if schema.items is not None:
        yield from _bounds(schema.items, f"{place}[]")
