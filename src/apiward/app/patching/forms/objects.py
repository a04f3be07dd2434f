"""Ownership rules: whose a record is, by the id that the finding changed."""

import re
from collections.abc import Iterator
from typing import Final

from apiward.app.patching.cases import Case, Made, Rule, Unheld, patch
from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import Json, NotJson, walk
from apiward.spec.meaning import naming

_PEOPLE: Final = frozenset("user account customer client member person patient student profile employee owner".split())
_NAMES_OWNER: Final = re.compile(
    r"(owner|user|account|customer|client|member|patient|student|author|creator|created_?by|owned_?by|belongs_?to|sub)"
    r"(_?(id|uuid|name|email|mail|login))?|user_?name"
)


def owner(case: Case) -> Made:
    """Hold a record shut for everybody but its owner; where the id names an account, for all but that account."""
    rules = object_rules(case)
    return rules or Unheld("the finding does not tell where the id of the record stands")


def object_rules(case: Case) -> tuple[Rule, ...]:
    """Return the rules; none where no id is to be seen."""
    operation = case.operation
    if operation is None:
        return ()
    place, name = _slot(case, operation)
    if not name:
        return ()
    if place == "path" and _names_account(operation, name):
        return (patch("own-object", operation.key, target=f"path.{name}", principals=case.staff),)
    template = f"{operation.base_path}{operation.path}"
    operations = _related(case, operation, name) if place == "path" else [operation.key]
    values: dict[str, object] = {
        "id": _kind(operation, name) if place == "path" else naming.singular(_stem(name)) or "record",
        "operations": operations,
        "place": f"{place}.{name}",
        "mode": "enforce",
    }
    if place == "path" and (field := _owner_field(case, template)):
        values["owner_field"] = field
    if case.staff:
        values["principals"] = case.staff
    return (Rule("object", values),)


def _slot(case: Case, operation: Operation) -> tuple[str, str]:
    """Return the place of the id: that of the finding, else the last parameter of the path."""
    place, _, name = case.finding.place.partition(" ")
    if place == "body" and name:
        return "body", name
    names = re.findall(r"\{([^{}]+)\}", operation.path)
    return ("path", names[-1]) if names else ("", "")


def _names_account(operation: Operation, name: str) -> bool:
    """Whether the path parameter is the name or the number of an account."""
    stem = naming.words(name)
    if {"user", "username", "account", "login"} & set(stem):
        return True
    return naming.noun_before(operation.path, name) in _PEOPLE


def _related(case: Case, operation: Operation, name: str) -> list[str]:
    """Return the operations on the same object: those whose path is the same up to its id."""
    head = f"{operation.base_path}{operation.path}".partition("{" + name + "}")[0]
    same = [
        one.key
        for one in case.api.operations
        if f"{one.base_path}{one.path}".startswith(head + "{") and _first_after(one, head) == name
    ]
    return same or [operation.key]


def _first_after(operation: Operation, head: str) -> str:
    return f"{operation.base_path}{operation.path}"[len(head) :].partition("}")[0].removeprefix("{")


def _kind(operation: Operation, name: str) -> str:
    return naming.noun_before(operation.path, name) or _stem(name) or "record"


def _stem(name: str) -> str:
    parts = [word for word in naming.words(name) if not naming.is_id_name(word)]
    return "-".join(parts)


def _owner_field(case: Case, template: str) -> str:
    """Return the field of the answers that names the owner: one that reads so, and that is there in every answer."""
    evidence = case.finding.evidence
    shown = [one for one in (evidence.attack, *evidence.more) if _is_of(one, template)]
    found = [set(_owner_fields(one)) for one in shown if one.is_success]
    found = [fields for fields in found if fields]
    common = set.intersection(*found) if found else set()
    return min(common, key=lambda field: (field.count("."), len(field)), default="")


def _is_of(exchange: Exchange, template: str) -> bool:
    path = re.sub(r"^\w+://[^/]+", "", exchange.request.url).partition("?")[0]
    form = "".join("[^/]+" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{[^{}]*\})", template))
    return exchange.request.method == "GET" and re.fullmatch(f"(/.*)?{form}", path) is not None


def _owner_fields(exchange: Exchange) -> Iterator[str]:
    body = exchange.response.json() if exchange.response else NotJson.NOT_JSON
    if isinstance(body, NotJson):
        return
    for pointer, value in walk(body, depth=4):
        steps = [step for step in pointer if isinstance(step, str)]
        if not steps or not _is_name(value):
            continue
        spoken = naming.words(steps[-1])
        parent = "_".join(naming.words(steps[-2])) if len(steps) > 1 else ""
        is_owner = _NAMES_OWNER.fullmatch("_".join(spoken)) is not None
        if is_owner or (parent in ("owner", "user", "author") and spoken[-1:] in (("id",), ("email",), ("username",))):
            yield ".".join(steps)


def _is_name(value: Json) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool) and str(value) != ""
