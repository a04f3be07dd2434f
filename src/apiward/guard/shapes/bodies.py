"""The bodies of one operation, compiled: which media types it takes, and what each must hold."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from jsonschema_rs import Draft202012Validator, ValidationError

from apiward.core.api import Body
from apiward.core.call import BodyKind, Call
from apiward.core.decision import Edit
from apiward.core.jsonvalue import Json, NotJson, Pointer
from apiward.core.schema import Schema
from apiward.guard.shapes.compiling import Strictness, definitions_in, validator
from apiward.guard.shapes.faults import NO_FORM_FITS, Excuse, Fault, Found, fault_of, faults_of, place_in
from apiward.guard.shapes.forms import FormRules, form_rules
from apiward.guard.shapes.settings import Handling, Handlings
from apiward.guard.shapes.strictness import Pruner

_NOT_JSON: Final = Fault("body", "body", "no JSON")
_EMPTY: Final = (b"", b"{}", b"null", b"[]")
_FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(frozen=True, slots=True)
class JsonRules:
    """One JSON body. `validator` is None where any value fits."""

    schema: Schema
    validator: Draft202012Validator | None
    definitions: Mapping[str, Schema]
    handlings: Handlings

    def found(self, call: Call, excuse: Excuse | None = None) -> Found:
        """Return what is wrong with the JSON of a call and not excused, or None."""
        value = call.value
        if isinstance(value, NotJson):
            return _NOT_JSON
        if self.validator is None:
            return None
        try:
            if self.validator.is_valid(value):
                return None
            if excuse is not None:
                return self._beyond(self.validator, value, excuse)
            return self._edited(self.validator, value) if self.handlings.drops else self._first(self.validator, value)
        except (ValueError, RecursionError):
            # text that is no Unicode, or nesting beyond what the validator takes
            return Fault("body", "body", "not as described")

    def _beyond(self, made: Draft202012Validator, value: Json, excuse: Excuse) -> Found:
        """Return what is wrong beside what is excused, which is taken out to look at the rest and yet passed on."""

        def excused(pointer: Pointer, is_read_only: bool) -> bool:  # noqa: FBT001 - as the pruner asks
            return excuse(Fault("read-only" if is_read_only else "undeclared", place_in("body", pointer)))

        rest, _ = self._pruned(value, (Handling.REFUSE, Handling.DROP), excused)
        bare, dropped = self._pruned(rest, (Handling.DROP,))
        for error in made.iter_errors(bare):
            for found in faults_of(error, "body"):
                fault = found
                if fault.saw == NO_FORM_FITS:
                    fault = self._pruned(bare, (Handling.REFUSE,))[1] or fault
                if not excuse(fault):
                    return fault
        if dropped is None:
            return None
        kept, _ = self._pruned(
            value, (Handling.DROP,), lambda pointer, is_read_only: not excused(pointer, is_read_only)
        )
        return dropped, _edit(kept)

    def _first(self, made: Draft202012Validator, value: Json) -> Fault | None:
        fault = _error(made, value)
        if fault is None or fault.saw != NO_FORM_FITS:
            return fault
        return self._pruned(value, (Handling.REFUSE,))[1] or fault

    def _edited(self, made: Draft202012Validator, value: Json) -> Found:
        kept, dropped = self._pruned(value, (Handling.DROP,))
        if dropped is None:
            return self._first(made, value)
        fault = _error(made, kept)
        if fault is not None:
            return fault
        return dropped, _edit(kept)

    def _pruned(
        self, value: Json, handled: tuple[Handling, ...], only: Callable[[Pointer, bool], bool] | None = None
    ) -> tuple[Json, Fault | None]:
        """Return `value` without the parts that are handled so, and the first of them."""
        handlings = self.handlings
        pruner = Pruner(self.definitions, handlings.undeclared in handled, handlings.read_only in handled, only)
        kept = pruner.pruned(value, self.schema)
        if pruner.first is None:
            return value, None
        rule = "read-only" if pruner.is_first_read_only else "undeclared"
        more = f"{pruner.dropped} in all" if pruner.dropped > 1 else ""
        return kept, Fault(rule, place_in("body", pruner.first), more)


@dataclass(frozen=True, slots=True)
class AnyRules:
    """A body that is not looked into: text, pictures, XML."""

    def found(self, call: Call, excuse: Excuse | None = None) -> Found:  # noqa: ARG002 - the same form as the others
        """Find nothing wrong."""
        return None


Rules: TypeAlias = JsonRules | FormRules | AnyRules
_ANY: Final = AnyRules()


@dataclass(frozen=True, slots=True)
class BodyRules:
    """The bodies of one operation by media type. `wide` are those with a `*`: what stands before it, and by kind."""

    exact: Mapping[str, Rules]
    wide: tuple[tuple[str, Mapping[BodyKind, Rules]], ...] = ()
    json: JsonRules | None = None
    is_required: bool = False
    _known: dict[bytes, Rules] = field(default_factory=dict)

    def wants(self, call: Call) -> bool:
        """Return whether the body must be read to be judged; pictures and texts need not."""
        raw = call.header.get(b"content-type", b"")
        return (self._known.get(raw) or self._chosen(raw, call)) is not _ANY

    def found(self, call: Call, excuse: Excuse | None = None) -> Found:
        """Return what is wrong with the body of a call and not excused, or None."""
        if not call.body and call.is_body_whole:
            return Fault("body-missing", "body", "missing") if self.is_required else None
        raw = call.header.get(b"content-type", b"")
        rules = self._known.get(raw) or self._chosen(raw, call)
        if rules is None:
            return Fault("content-type", "header content-type", "not a type that is described")
        if not call.is_body_whole and rules is not _ANY:
            return Fault("unread", "body", "larger than what is read")
        return rules.found(call, excuse)

    def _chosen(self, raw: bytes, call: Call) -> Rules | None:
        media_type = raw.partition(b";")[0].strip().lower().decode("latin-1")
        rules = self.exact.get(media_type)
        if rules is not None:
            if len(raw) < 40 and len(self._known) < 16:
                self._known[raw] = rules
            return rules
        if self.json is not None and _is_json(media_type, call):
            return self.json
        for start, by_kind in self.wide:
            if media_type.startswith(start):
                return by_kind.get(call.body_kind, _ANY)
        return None


class BodyCompiler:
    """Compiles bodies; those with one schema share what is compiled."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, Handlings, bool], tuple[Schema, JsonRules | FormRules]] = {}

    def rules(self, bodies: tuple[Body, ...], handlings: Handlings) -> BodyRules | None:
        """Compile what one operation takes; None where it takes no body."""
        if not bodies:
            return None
        exact = {one.media_type: self._rules(one, handlings) for one in bodies if "*" not in one.media_type}
        for one, other in (_FORMS, _FORMS[::-1]):
            if one in exact:
                # servers that read forms read both kinds
                exact.setdefault(other, exact[one])
        wide = tuple((one.media_type.partition("*")[0], self._wide(one, handlings)) for one in bodies
                     if "*" in one.media_type)  # fmt: skip
        known = [*exact.values(), *(by_kind[BodyKind.JSON] for _, by_kind in wide)]
        return BodyRules(
            exact=exact,
            wide=wide,
            json=next((rules for rules in known if isinstance(rules, JsonRules)), None),
            is_required=any(one.is_required for one in bodies),
        )

    def _rules(self, body: Body, handlings: Handlings) -> Rules:
        if body.media_type in _FORMS:
            return self._compiled(body.schema, handlings, is_form=True)
        if body.media_type == "application/json" or body.media_type.endswith("+json"):
            return self._compiled(body.schema, handlings, is_form=False)
        return _ANY

    def _wide(self, body: Body, handlings: Handlings) -> Mapping[BodyKind, Rules]:
        form = self._compiled(body.schema, handlings, is_form=True)
        json_rules = self._compiled(body.schema, handlings, is_form=False)
        return {BodyKind.JSON: json_rules, BodyKind.FORM: form, BodyKind.MULTIPART: form}

    def _compiled(self, schema: Schema, handlings: Handlings, *, is_form: bool) -> JsonRules | FormRules:
        key = (id(schema), handlings, is_form)
        if key not in self._known:
            definitions = definitions_in([schema])
            made = form_rules(schema, definitions, handlings) if is_form else _json(schema, definitions, handlings)
            # the schema is kept as well, so that its id stays its own
            self._known[key] = (schema, made)
        return self._known[key][1]


def is_nothing(body: bytes) -> bool:
    """Return whether a body says nothing, as clients send it where none is expected."""
    return len(body) < 16 and body.strip() in _EMPTY


def _is_json(media_type: str, call: Call) -> bool:
    """Whether it is another name for JSON, or no name was given to what is JSON."""
    if not media_type:
        return not isinstance(call.value, NotJson)
    return media_type == "application/json" or media_type.endswith("+json")


def _json(schema: Schema, definitions: Mapping[str, Schema], handlings: Handlings) -> JsonRules:
    strictness = Strictness(handlings.undeclared is not Handling.ALLOW, handlings.read_only is not Handling.ALLOW)
    return JsonRules(schema, validator(schema, strictness, definitions), definitions, handlings)


def _edit(value: Json) -> Edit:
    return Edit(body=json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), value=value)


def _error(made: Draft202012Validator, value: Json) -> Fault | None:
    try:
        made.validate(value)
    except ValidationError as error:
        return fault_of(error, "body")
    return None
