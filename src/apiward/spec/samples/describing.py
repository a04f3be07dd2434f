"""From samples to an API: what the learner makes of them, and what they tell besides."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from apiward.core.api import Api, Operation, Place, Problem, SchemeKind, SecurityScheme
from apiward.core.jsonvalue import Json, NotJson
from apiward.core.observation import Observation
from apiward.spec.learning.describing import bare
from apiward.spec.learning.learner import Learner
from apiward.spec.samples.sample import Sample

MAX_SAMPLES: Final = 20_000
TAKEN: Final = 200
_PLACE: Final = re.compile(r"\{[^{}]*\}")
_UNTOLD: Final = frozenset({"HEAD", "OPTIONS", "TRACE", "CONNECT"})
_ABSENT: Final = frozenset({404, 405, 410, 501})
"""Answers that say: there is no such operation, or no such thing."""
_METHOD: Final = re.compile(r"[A-Z]{3,10}")
_UNKNOWN_LOGIN: Final = SecurityScheme("login", SchemeKind.BEARER)


def described(
    samples: Iterable[Sample],
    learner: Learner,
    *,
    title: str,
    source: str,
    dialect: str,
    servers: tuple[str, ...] = (),
    problems: tuple[Problem, ...] = (),
) -> Api:
    """Return the API that the samples make. What strangers were refused asks for a log-in; how, is often a guess."""
    told = [one for one in samples if _is_told(one)][:MAX_SAMPLES]
    for number, sample in enumerate(told):
        learner.learn(_observation(sample, number))
    learned = learner.learned()
    schemes = dict(learned.schemes)
    by_key = _by_operation(told, learned.api().operations)
    names = _told_names(told)
    operations = tuple(
        _renamed(_told(one, by_key.get(one.key, []), schemes), names) for one in learned.api().operations
    )
    return Api(
        title, "1", operations, MappingProxyType(schemes), servers=servers, source=source, dialect=dialect,
        problems=problems,
    )  # fmt: skip


def _is_told(sample: Sample) -> bool:
    is_call = _METHOD.fullmatch(sample.method) is not None and sample.method not in _UNTOLD
    return is_call and sample.status not in _ABSENT


def _observation(sample: Sample, number: int) -> Observation:
    is_form = "form" in sample.body_type
    return Observation(
        at_s=float(number + 1),
        method=sample.method,
        path=sample.path,
        principal="sample",
        # nobody sends a request on purpose that is not taken: what was not answered counts as taken
        status=sample.status if 200 <= sample.status < 300 else TAKEN,
        query=sample.query,
        headers=sample.headers,
        body_type=sample.body_type,
        body=sample.body,
        form=_pairs(sample.body) if is_form else (),
        answer_type=sample.answer_type if _is_answered(sample) else "",
        answer=sample.answer if _is_answered(sample) else NotJson.NOT_JSON,
        shown=sample.shown,
        template=_PLACE.sub("{}", sample.template),
    )


def _is_answered(sample: Sample) -> bool:
    return 200 <= sample.status < 300


def _pairs(body: Json | NotJson) -> tuple[tuple[str, str], ...]:
    if not isinstance(body, dict):
        return ()
    return tuple((name, value if isinstance(value, str) else str(value)) for name, value in body.items())


def _by_operation(samples: Iterable[Sample], operations: Iterable[Operation]) -> dict[str, list[Sample]]:
    """Return the samples of each operation, by its key."""
    whole = list(operations)
    by_bare = {bare(one.key): one.key for one in whole}
    shapes = [(one.method, _pattern(one.path), one.key) for one in whole]
    found: dict[str, list[Sample]] = {}
    for sample in samples:
        key = by_bare.get(f"{sample.method} {_PLACE.sub('{}', sample.template or sample.path)}")
        if key is None:
            key = next((key for method, shape, key in shapes if method == sample.method and shape(sample.path)), "")
        found.setdefault(key, []).append(sample)
    return found


def _pattern(path: str) -> "_Shape":
    return _Shape(path)


class _Shape:
    """Whether a path belongs to a template: part by part, so that nobody's path costs much."""

    def __init__(self, template: str) -> None:
        self._parts = template.split("/")

    def __call__(self, path: str) -> bool:
        parts = path.split("/")
        return len(parts) == len(self._parts) and all(
            "{" in own or own == part for own, part in zip(self._parts, parts, strict=True)
        )


def _told(operation: Operation, samples: list[Sample], schemes: dict[str, SecurityScheme]) -> Operation:
    """Add what only the samples know: whether strangers are refused, what was never answered, what it is for."""
    if not any(map(_is_answered, samples)):
        operation = replace(operation, answers=())
    summary = next((one.summary for one in samples if one.summary), "")
    if summary:
        operation = replace(operation, summary=summary)
    shown = tuple(dict.fromkeys(_names(samples, schemes)))
    if any(one.is_refused for one in samples):
        if not shown and not schemes:
            schemes[_UNKNOWN_LOGIN.name] = _UNKNOWN_LOGIN
        return replace(operation, security=tuple((name,) for name in shown or tuple(schemes)[:1]), scopes=())
    if shown and all(one.shown for one in samples):
        return replace(operation, security=tuple((name,) for name in shown), scopes=())
    is_open = any(_is_answered(one) and one.is_anonymous for one in samples)
    return replace(operation, security=() if is_open else None, scopes=())


def _told_names(samples: Iterable[Sample]) -> dict[str, str]:
    """Return the names that samples tell for values, by the way to each: `/books/{}` is a title."""
    found: dict[str, str] = {}
    for sample in samples:
        way = ""
        for part in sample.template.split("/")[1:]:
            way += f"/{_PLACE.sub('{}', part)}"
            if _PLACE.fullmatch(part) and part != "{}":
                found.setdefault(way, part[1:-1])
    return found


def _renamed(operation: Operation, told: Mapping[str, str]) -> Operation:
    """Give the parameters of the path the names that samples tell."""
    way, parts, names = "", list[str](), dict[str, str]()
    for part in operation.path.split("/")[1:]:
        way += f"/{_PLACE.sub('{}', part)}"
        name = told.get(way, "") if _PLACE.fullmatch(part) else ""
        if name and name not in names.values():
            names[part[1:-1]] = name
            part = f"{{{name}}}"  # noqa: PLW2901 - the same part under its own name
        parts.append(part)
    others = {one.name for one in operation.parameters if one.place is Place.PATH and one.name not in names}
    if not names or others & set(names.values()):
        return operation
    renamed = (
        replace(one, name=names.get(one.name, one.name)) if one.place is Place.PATH else one
        for one in operation.parameters
    )
    return replace(operation, path="/" + "/".join(parts), parameters=tuple(renamed))


def _names(samples: Iterable[Sample], schemes: Mapping[str, SecurityScheme]) -> Iterator[str]:
    """Yield the schemes that samples have shown."""
    for sample in samples:
        for way in sample.shown:
            place, _, name = way.partition(" ")
            for scheme in schemes.values():
                if scheme.kind.value == place or (name and scheme.field_name == name):
                    yield scheme.name
