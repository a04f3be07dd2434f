"""Form bodies against their schema: declared names, values read as the schema means them, nothing missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from apiward.core.call import BodyKind, Call
from apiward.core.decision import Edit
from apiward.core.schema import Schema
from apiward.guard.shapes.faults import Excuse, Fault, Found, shown_name
from apiward.guard.shapes.settings import Handling, Handlings
from apiward.guard.shapes.strictness import members_of
from apiward.guard.shapes.texts import ValueForm, value_form

_OF_FRAMEWORKS: Final = frozenset(
    "csrfmiddlewaretoken authenticity_token _csrf _csrf_token csrf_token _token utf8 commit submit".split()
)
"""Fields that pages of web frameworks add to each form; no description names them."""


@dataclass(frozen=True, slots=True)
class FormRules:
    """One form body. `built` are names whose values have parts, spelled `name[part]` or `name.part`."""

    forms: Mapping[str, ValueForm]
    required: frozenset[str]
    files: frozenset[str]
    read_only: frozenset[str]
    built: frozenset[str]
    is_free: bool
    handlings: Handlings

    def found(self, call: Call, excuse: Excuse | None = None) -> Found:
        """Return what is wrong with the form of a call and not excused, or None."""
        sent: set[str] = set()
        barred: set[str] = set()
        first: Fault | None = None
        for pair in call.form_pairs:
            name = self._declared(pair[0])
            sent.add(name)
            rule = self._barred(name)
            if rule:
                fault = Fault(rule, f"body.{shown_name(pair[0])}")
                if excuse is not None and excuse(fault):
                    continue
                first = first or fault
                if self._handling(rule) is not Handling.DROP or call.body_kind is BodyKind.MULTIPART:
                    return fault
                barred.add(pair[0])
                continue
            form = self.forms.get(name)
            wrong = form.fault(pair[1]) if form is not None and pair[1] else ""
            if wrong:
                fault = Fault("body", f"body.{shown_name(name)}", wrong)
                if excuse is None or not excuse(fault):
                    return fault
        missing = self.required - sent - (self.files if call.body_kind is BodyKind.MULTIPART else frozenset())
        for name in sorted(missing):
            fault = Fault("body", f"body.{shown_name(name)}", "missing")
            if excuse is None or not excuse(fault):
                return fault
        return (first, _without(barred, call)) if first else None

    def _declared(self, name: str) -> str:
        if name in self.forms:
            return name
        stem = name.partition("[")[0].partition(".")[0]
        return stem if stem in self.built or (name.endswith("[]") and stem in self.forms) else name

    def _barred(self, name: str) -> str:
        if name in self.read_only and self.handlings.read_only is not Handling.ALLOW:
            return "read-only"
        is_known = self.is_free or name in self.forms or name in _OF_FRAMEWORKS
        return "" if is_known or self.handlings.undeclared is Handling.ALLOW else "undeclared"

    def _handling(self, rule: str) -> Handling:
        return self.handlings.read_only if rule == "read-only" else self.handlings.undeclared


def form_rules(schema: Schema, definitions: Mapping[str, Schema], handlings: Handlings) -> FormRules:
    """Compile the schema of a form."""
    members = members_of((schema,), definitions)
    declared = {name: _joined(found) for name, found in members.properties.items()}
    read_only = frozenset(name for name, found in members.properties.items() if all(o.is_read_only for o in found))
    return FormRules(
        forms={name: value_form(one, separator="", definitions=definitions) for name, one in declared.items()},
        required=frozenset(schema.required) - read_only,
        files=frozenset(name for name, one in declared.items() if _is_file(one)),
        read_only=read_only,
        built=frozenset(name for name, one in declared.items() if _has_parts(one)),
        is_free=members.is_free,
        handlings=handlings,
    )


def _without(names: set[str], call: Call) -> Edit:
    return Edit(body=urlencode([pair for pair in call.form_pairs if pair[0] not in names]).encode())


def _joined(schemas: tuple[Schema, ...]) -> Schema:
    if len(schemas) == 1:
        return schemas[0]
    return Schema(variants=schemas) if schemas else Schema()


def _has_parts(schema: Schema) -> bool:
    return bool(schema.properties or schema.items or schema.variants or {"object", "array"} & set(schema.types))


def _is_file(schema: Schema) -> bool:
    return schema.format in ("binary", "byte") or (schema.items is not None and _is_file(schema.items))
