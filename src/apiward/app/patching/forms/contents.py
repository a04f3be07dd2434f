"""Rules about what a body may hold: the fields that callers may send, and those that do not leave."""

import re
from collections.abc import Iterator
from typing import Final

from apiward.app.patching.cases import Case, Made, Unheld, patch
from apiward.core.api import Operation
from apiward.core.jsonvalue import NotJson, leaves, parse_json, walk

_MAX_NAMES: Final = 100
_FIELD: Final = r"[^\s,.;]+(?:\.[^\s,.;]+)*"


def properties(case: Case) -> Made:
    """Take the fields that the description names, and no other; without one, refuse those of the finding."""
    operation = case.operation
    if operation is None:
        return Unheld("the operation is not described")
    wanted = case.finding.place.partition(" ")[2]
    if not wanted:
        return Unheld("the finding names no field")
    declared = _declared(operation)
    if declared and len(declared) <= _MAX_NAMES and not _is_declared(wanted, declared):
        return (patch("properties-only", operation.key, names=tuple(declared)),)
    ways = _ways(case, wanted.rpartition(".")[2]) or [wanted]
    return tuple(patch("property-absent", operation.key, target=f"body.{way}") for way in ways)


def answer(case: Case) -> Made:
    """Take the fields of the finding out of the answer."""
    if case.operation is None:
        return (patch("method-off", case.key),)
    ways = list(dict.fromkeys(_shown(case)))
    if not ways:
        return Unheld("the finding does not tell which fields of the answer it is about")
    return tuple(patch("answer-without", case.operation.key, target=f"answer.{way}") for way in ways)


def _declared(operation: Operation) -> list[str]:
    schema = operation.body_schema()
    if schema is None:
        return []
    names = (".".join(step for step in pointer if isinstance(step, str)) for pointer, _ in schema.fields())
    return list(dict.fromkeys(name for name in names if name))


def _is_declared(name: str, declared: list[str]) -> bool:
    last = name.rpartition(".")[2].lower()
    return any(one.rpartition(".")[2].lower() == last for one in declared)


def _ways(case: Case, name: str) -> list[str]:
    """Return where a field stood in the request that set it."""
    body = parse_json(case.finding.evidence.attack.request.body)
    if isinstance(body, NotJson):
        return []
    ways = ([step for step in pointer if isinstance(step, str)] for pointer, _ in walk(body))
    return list(dict.fromkeys(".".join(way) for way in ways if way and way[-1].lower() == name.lower()))


def _shown(case: Case) -> Iterator[str]:
    """Yield the fields that the finding names, and where it names only some of them, all that hold what was masked."""
    saw = case.finding.saw
    named = re.search(rf" in ({_FIELD}(?:, {_FIELD})*)( and more)?\.?$", saw)
    if named is None:
        return
    yield from named[1].split(", ")
    response = case.finding.evidence.attack.response
    body = response.json() if response is not None else NotJson.NOT_JSON
    if named[2] is None or isinstance(body, NotJson):
        return
    for pointer, text in leaves(body):
        steps = [step for step in pointer if isinstance(step, str)]
        if steps and isinstance(text, str) and "…" in text:
            yield ".".join(steps)
