"""Several descriptions of one API as one, and where they disagree."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from types import MappingProxyType

from apiward.core.api import Api, Operation
from apiward.spec.learning.describing import bare


@dataclass(frozen=True, slots=True)
class Joined:
    """One API, and for each further input what it names that the ones before do not, and the other way round."""

    api: Api
    differences: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]


def joined(first: Api, others: Iterable[Api]) -> Joined:
    """Return all operations of all inputs. Where two name the same one, the earlier tells what it takes.

    The later adds the parameters, bodies and answers that the earlier leaves out altogether.
    """
    operations = {bare(one.key): one for one in first.operations}
    schemes = dict(first.schemes)
    differences: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = []
    problems = list(first.problems)
    for other in others:
        theirs = {bare(one.key): one for one in other.operations}
        more = tuple(one.key for key, one in theirs.items() if key not in operations)
        less = tuple(one.key for key, one in operations.items() if key not in theirs)
        differences.append((other.source, more, less))
        for key, one in theirs.items():
            operations[key] = _both(operations[key], one) if key in operations else one
        schemes = {**other.schemes, **schemes}
        problems += other.problems
    whole = replace(
        first, operations=tuple(operations.values()), schemes=MappingProxyType(schemes), problems=tuple(problems)
    )
    return Joined(whole, tuple(differences))


def _both(one: Operation, other: Operation) -> Operation:
    known = {(parameter.place, parameter.name) for parameter in one.parameters}
    in_path = any(parameter.place.value == "path" for parameter in one.parameters)
    added = [
        parameter
        for parameter in other.parameters
        if (parameter.place, parameter.name) not in known and not (in_path and parameter.place.value == "path")
    ]
    return replace(
        one,
        parameters=(*one.parameters, *added),
        bodies=one.bodies or other.bodies,
        answers=one.answers or other.answers,
        security=one.security if one.security is not None else other.security,
        summary=one.summary or other.summary,
    )
