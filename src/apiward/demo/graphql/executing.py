"""Runs what a document asks for, field by field, and says what was wrong in GraphQL's way."""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from apiward.demo.calls import Call, Refusal
from apiward.demo.desk import Desk
from apiward.demo.graphql.documents import Asked, BadDocumentError, Picked, Variable
from apiward.demo.graphql.resolving import ROOTS, notes_of, owner_of
from apiward.demo.graphql.schema import SCHEMA
from apiward.demo.graphql.telling import told
from apiward.spec.graphql.model import Field, Kind, TypeRef

_CODES = {400: "BAD_REQUEST", 401: "UNAUTHENTICATED", 403: "FORBIDDEN", 404: "NOT_FOUND", 422: "BAD_USER_INPUT"}
MOST_VALUES = 20_000
"""Even the weak twin stops somewhere: it has to answer the next caller, too."""


@dataclass(slots=True)
class Run:
    """One operation under way."""

    desk: Desk
    call: Call
    asked: Asked
    variables: Mapping[str, Any]
    left: int = MOST_VALUES


def check(run: Run) -> None:
    """Hold what is asked for against the schema. Raises BadDocumentError."""
    root = SCHEMA.mutation if run.asked.kind == "mutation" else SCHEMA.query
    _check(run, run.asked.fields, root)


def execute(run: Run) -> dict[str, Any]:
    """Return the whole answer: `data`, and `errors` where a field could not be had."""
    data: dict[str, Any] = {}
    errors: list[dict[str, Any]] = []
    for picked in _flat(run, run.asked.fields, ""):
        key = picked.alias or picked.name
        try:
            data[key] = _root(run, picked)
        except Refusal as refusal:
            data[key] = None
            errors.append(_error(refusal, key))
    return {"data": data, "errors": errors} if errors else {"data": data}


def _error(refusal: Refusal, key: str) -> dict[str, Any]:
    code = _CODES.get(refusal.status, "TOO_MANY_REQUESTS")
    return {"message": str(refusal), "path": [key], "extensions": {"code": code}}


def _root(run: Run, picked: Picked) -> Any:  # noqa: ANN401 - any JSON value
    if picked.name == "__typename":
        return SCHEMA.mutation if run.asked.kind == "mutation" else SCHEMA.query
    if picked.name == "__schema":
        return _shown(run, told(SCHEMA), picked.inner)
    if picked.name == "__type":
        wanted = _given(run, picked).get("name")
        found = next((one for one in told(SCHEMA)["types"] if one["name"] == wanted), None)
        return _shown(run, found, picked.inner)
    field = _field(run, SCHEMA.mutation if run.asked.kind == "mutation" else SCHEMA.query, picked.name)
    given = _given(run, picked)
    for argument in field.arguments:
        _fit(argument.type, given.get(argument.name), argument.name)
    return _completed(run, ROOTS[field.name](run.desk, run.call, given), field.type, picked)


def _completed(run: Run, value: Any, of: TypeRef, picked: Picked) -> Any:  # noqa: ANN401 - any JSON value
    run.left -= 1
    if run.left < 0:
        raise Refusal(400, "The query took too long")
    if value is None:
        return None
    if of.is_list:
        return [_completed(run, one, of.inner(), picked) for one in value]
    if SCHEMA.kind_of(of.name) is not Kind.OBJECT:
        return str(value) if of.name == "ID" else value
    shown: dict[str, Any] = {}
    for one in _flat(run, picked.inner, of.name):
        if one.name == "__typename":
            shown[one.alias or one.name] = of.name
        else:
            field = _field(run, of.name, one.name)
            shown[one.alias or one.name] = _completed(run, _below(run, of.name, value, one.name), field.type, one)
    return shown


def _below(run: Run, type_name: str, value: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401 - any JSON value
    if (type_name, name) == ("Client", "notes"):
        return notes_of(run.desk, value["id"])
    if (type_name, name) == ("Note", "owner"):
        return owner_of(run.desk, value["owner"])
    return value[name]


def _shown(run: Run, value: Any, inner: tuple[Picked, ...]) -> Any:  # noqa: ANN401 - any JSON value
    """Return of plain data what is asked for."""
    if isinstance(value, list):
        return [_shown(run, one, inner) for one in value]
    if not isinstance(value, dict) or not inner:
        return value
    return {one.alias or one.name: _shown(run, value.get(one.name), one.inner) for one in _flat(run, inner, "")}


def _check(run: Run, fields: tuple[Picked, ...], type_name: str) -> None:
    for one in _flat(run, fields, type_name):
        if one.name.startswith("__"):
            continue
        field = _field(run, type_name, one.name)
        known = {argument.name for argument in field.arguments}
        for name in one.arguments:
            if name not in known:
                raise BadDocumentError(f"Unknown argument {name!r} on field '{type_name}.{one.name}'.")
        is_object = SCHEMA.kind_of(field.type.name) is Kind.OBJECT
        if is_object is not bool(one.inner):
            raise BadDocumentError(f"Field {one.name!r} of type '{field.type.text}' is asked for in the wrong way.")
        _check(run, one.inner, field.type.name)


def _flat(run: Run, fields: tuple[Picked, ...], type_name: str) -> Iterator[Picked]:
    """Yield the fields with those of all fragments."""
    for one in fields:
        if one.spread:
            yield from _flat(run, run.asked.fragments[one.spread], type_name)
        elif one.only_on is not None:
            yield from _flat(run, one.inner, type_name) if one.only_on in ("", type_name) else ()
        else:
            yield one


def _field(run: Run, type_name: str, name: str) -> Field:
    fields = {one.name: one for one in SCHEMA.fields_of(type_name)}
    if name in fields:
        return fields[name]
    message = f"Cannot query field '{name}' on type '{type_name}'."
    near = difflib.get_close_matches(name, fields, n=3)
    if near and run.desk.weak("graphql-suggestions"):
        message += f" Did you mean {' or '.join(repr(one) for one in near)}?"
    raise BadDocumentError(message)


def _given(run: Run, picked: Picked) -> dict[str, Any]:
    return {name: value for name, one in picked.arguments.items() if (value := _value(run, one)) is not None}


def _value(run: Run, value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, Variable):
        return run.variables.get(value.name, run.asked.defaults.get(value.name))
    if isinstance(value, list):
        return [_value(run, one) for one in value]
    if isinstance(value, dict):
        return {name: _value(run, one) for name, one in value.items()}
    return value


def _fit(of: TypeRef, value: Any, where: str) -> None:  # noqa: ANN401 - any JSON value
    """Refuse a value that is not of its type."""
    if value is None:
        if of.is_required:
            raise Refusal(422, f"'{where}' is required")
        return
    kind = SCHEMA.types.get(of.name)
    if kind is not None:
        if not isinstance(value, dict):
            raise Refusal(422, f"'{where}' must be an object")
        known = {one.name: one for one in kind.inputs}
        for name in value:
            if name not in known:
                raise Refusal(422, f"Field {name!r} is not defined by type '{of.name}'.")
        for one in kind.inputs:
            _fit(one.type, value.get(one.name), one.name)
    elif not isinstance(value, str) and not (of.name == "ID" and type(value) is int):
        raise Refusal(422, f"'{where}' must be a text")
