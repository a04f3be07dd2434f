"""The parameters of one operation, compiled: each must be as described, and none may be missing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from apiward.core.api import Operation, Parameter, Place
from apiward.core.call import Call, Pairs
from apiward.core.schema import Schema
from apiward.guard.shapes.faults import Excuse, Fault, shown_name
from apiward.guard.shapes.texts import TextCheck, ValueForm, value_form
from apiward.guard.templates import names_in

_IGNORED_HEADERS: Final = frozenset({"accept", "content-type", "authorization", "cookie", "host", "content-length"})
"""Headers that OpenAPI leaves out of descriptions, or that other stages judge."""
_SEPARATORS: Final = {"spaceDelimited": " ", "pipeDelimited": "|"}
_UNREAD_STYLES: Final = frozenset({"matrix", "label", "deepObject"})


@dataclass(frozen=True, slots=True)
class QueryRules:
    """The query parameters of one operation. `stems` begin the names of objects (`filter[name]`)."""

    forms: Mapping[str, ValueForm]
    required: frozenset[str]
    stems: frozenset[str]
    _tested: dict[str, TextCheck] = field(init=False, repr=False, compare=False)
    """What those of `forms` say of a single text that judge one."""

    def __post_init__(self) -> None:
        tested = {name: judge for name, form in self.forms.items() if (judge := form.judge()) is not None}
        object.__setattr__(self, "_tested", tested)

    def fault(self, pairs: Pairs, excuse: Excuse | None = None) -> Fault | None:
        """Return the first thing that is wrong with a query and not excused, or None."""
        if excuse is None and not self.required and self._is_plain(pairs):
            return None
        return self._first_fault(pairs, excuse)

    def _is_plain(self, pairs: Pairs) -> bool:
        """Whether no name comes twice, none is a spelling of another, and no text is wrong: as nearly always."""
        if len(dict(pairs)) != len(pairs):
            return False
        tested = self._tested
        for name, text in pairs:
            judge = tested.get(name)
            if (name[-2:] == "[]") if judge is None else (text and judge(text)):
                return False
        return True

    def _first_fault(self, pairs: Pairs, excuse: Excuse | None) -> Fault | None:
        forms, seen = self.forms, set()
        for name, text in pairs:
            form = forms.get(name)
            if form is None:
                name = name.removesuffix("[]")  # noqa: PLW2901 - ids[]=1 is another way to write ids=1
                form = forms.get(name)
                if form is None:
                    continue
            wrong = "sent more than once" if name in seen and not form.is_list else ""
            seen.add(name)
            if not wrong and (text or name in self.required):
                wrong = form.fault(text) if form.check is not None or form.separator else ""
            if wrong:
                fault = Fault("query", f"query {shown_name(name)}", wrong)
                if excuse is None or not excuse(fault):
                    return fault
        return self._missing(seen, pairs, excuse) if self.required else None

    def are_known(self, pairs: Pairs) -> bool:
        """Return whether all names are described as they are written; else `unknown` tells."""
        return dict(pairs).keys() <= self.forms.keys()

    def unknown(self, pairs: Pairs) -> Iterator[str]:
        """Yield the names that are not described."""
        for name, _ in pairs:
            if name not in self.forms and not self._is_spelling(name):
                yield shown_name(name)

    def _is_spelling(self, name: str) -> bool:
        stem = name.partition("[")[0]
        return stem != name and (stem in self.stems or name.removesuffix("[]") in self.forms)

    def _missing(self, seen: set[str], pairs: Pairs, excuse: Excuse | None) -> Fault | None:
        if self.required <= seen:
            return None
        stems = {name.partition("[")[0] for name, _ in pairs}
        missing = sorted(self.required - seen - (stems & self.stems))
        faults = (Fault("query", f"query {name}", "missing") for name in missing)
        return next((fault for fault in faults if excuse is None or not excuse(fault)), None)


@dataclass(frozen=True, slots=True)
class ParameterRules:
    """All parameters of one operation. Path checks stand in the order of the template."""

    path: tuple[tuple[str, TextCheck], ...]
    query: QueryRules
    headers: tuple[tuple[bytes, str, ValueForm, bool], ...]
    cookies: tuple[tuple[str, ValueForm, bool], ...]

    def fault(self, call: Call, excuse: Excuse | None = None) -> Fault | None:
        """Return the first thing that is wrong with the parameters of a call and not excused, or None."""
        if self.path:
            for (name, judge), text in zip(self.path, call.path_arguments, strict=False):
                wrong = judge(text)
                if wrong:
                    found = Fault("path", f"path {shown_name(name)}", wrong)
                    if excuse is None or not excuse(found):
                        return found
        pairs = call.query_pairs
        if pairs or self.query.required:
            fault = self.query.fault(pairs, excuse)
            if fault is not None:
                return fault
        if self.headers:
            fault = self._header_fault(call, excuse)
            if fault is not None:
                return fault
        return self._cookie_fault(call, excuse) if self.cookies else None

    def _header_fault(self, call: Call, excuse: Excuse | None) -> Fault | None:
        for raw_name, name, form, is_required in self.headers:
            value = call.header.get(raw_name)
            wrong = ("missing" if is_required else "") if value is None else form.fault(value.decode("latin-1"))
            if wrong:
                fault = Fault("header", f"header {name}", wrong)
                if excuse is None or not excuse(fault):
                    return fault
        return None

    def _cookie_fault(self, call: Call, excuse: Excuse | None) -> Fault | None:
        sent = _cookies(call.header.get(b"cookie", b""))
        for name, form, is_required in self.cookies:
            text = sent.get(name)
            wrong = ("missing" if is_required else "") if text is None else form.fault(text)
            if wrong:
                fault = Fault("cookie", f"cookie {shown_name(name)}", wrong)
                if excuse is None or not excuse(fault):
                    return fault
        return None


def parameter_rules(
    operation: Operation, definitions: Mapping[str, Schema], known_query: Iterable[str] = ()
) -> ParameterRules:
    """Compile the parameters of one operation; `known_query` are names that credentials travel under."""
    by_place = {place: operation.parameters_in(place) for place in Place}
    forms = {(one.place, one.name): _form(one, definitions) for one in operation.parameters}
    headers = [one for one in by_place[Place.HEADER] if one.name.lower() not in _IGNORED_HEADERS]
    names = names_in(operation.base_path + operation.path)
    anything = ValueForm(None)
    return ParameterRules(
        path=_trimmed(tuple((name, forms.get((Place.PATH, name), anything)) for name in names)),
        query=_query_rules(by_place[Place.QUERY], forms, known_query),
        headers=tuple(
            (one.name.lower().encode(), one.name.lower(), forms[Place.HEADER, one.name], one.is_required)
            for one in headers
        ),
        cookies=tuple((one.name, forms[Place.COOKIE, one.name], one.is_required) for one in by_place[Place.COOKIE]),
    )


def _query_rules(
    parameters: tuple[Parameter, ...], forms: Mapping[tuple[Place, str], ValueForm], known: Iterable[str]
) -> QueryRules:
    stems = {one.name.partition("[")[0] for one in parameters if one.style == "deepObject" or _is_object(one.schema)}
    free = {name: ValueForm(None, is_list=True) for name in known}
    # an object without a name for its members spreads them: ?a=1&b=2
    spread = {
        name: ValueForm(None, is_list=True)
        for one in parameters
        if _is_object(one.schema) and one.style != "deepObject"
        for name in one.schema.properties
    }
    own = {one.name: forms[Place.QUERY, one.name] for one in parameters}
    required = {one.name for one in parameters if one.is_required and not _is_object(one.schema)}
    return QueryRules({**free, **spread, **own}, frozenset(required), frozenset(stems))


def _form(parameter: Parameter, definitions: Mapping[str, Schema]) -> ValueForm:
    if parameter.style in _UNREAD_STYLES or _is_object(parameter.schema):
        return ValueForm(None, is_list=True)
    separator = _SEPARATORS.get(parameter.style or "", ",")
    is_spread = parameter.explode if parameter.explode is not None else parameter.style in (None, "form")
    if parameter.place in (Place.QUERY, Place.COOKIE) and is_spread:
        separator = ""
    return value_form(parameter.schema, separator=separator, definitions=definitions)


def _is_object(schema: Schema) -> bool:
    return bool(schema.properties) or "object" in schema.types


def _trimmed(path: tuple[tuple[str, ValueForm], ...]) -> tuple[tuple[str, TextCheck], ...]:
    """Return what judges each path parameter; nothing where none has anything to check."""
    judges = [(name, form.judge()) for name, form in path]
    return tuple((name, judge or _good) for name, judge in judges) if any(judge for _, judge in judges) else ()


def _good(_: str) -> str:
    return ""


def _cookies(raw: bytes) -> dict[str, str]:
    pairs = (pair.partition("=") for pair in raw.decode("latin-1").split(";"))
    return {name.strip(): text.strip().strip('"') for name, _, text in pairs}
