"""Is the description that is learned from traffic the true one? `python -m benchmarks.learned_description NAME=URL…`.

Each API runs already, on the loopback address; "demo" alone starts by itself. How to start the others stands in
`benchmarks/README.md`. The traffic (`learning_traffic`) is made from the true description and takes each operation
until 30 requests went well. The guard that only watches sees it, as in `apiward describe --learned --from FILE`.

Scored are operations that were taken at least once, and names that occurred in their traffic: nobody can learn what
never comes. Names that come though the true description does not know them are counted apart: there, it is wrong.
Then 10,000 valid requests more are made, and held against the bounds that were learned.

Exit code 1 unless templates and methods are all right, 98 % of names and types are, and no request is refused.
"""

import argparse
import asyncio
import random
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, unquote

from apiward.app.guarding.building import as_learned
from apiward.app.guarding.cases import Case
from apiward.app.guarding.judging import learn_from
from apiward.app.guarding.place import Place as GuardPlace
from apiward.app.learners import new_learner
from apiward.cli.demo_process import running_demo
from apiward.config.guarding import GuardConfig
from apiward.core.api import Api, Operation, Parameter, Place
from apiward.core.call import BodyKind, Call
from apiward.core.decision import Decision, Effect, Mode
from apiward.core.jsonvalue import NOT_JSON, Json, NotJson, parse_json
from apiward.core.schema import Schema
from apiward.guard.routing import RouteTable
from apiward.guard.stage import Parts
from apiward.guard.stages.shape import Shape
from apiward.spec.learning.describing import Learned, bare
from apiward.spec.learning.shapes import type_of
from apiward.spec.reading import read_description
from benchmarks.learning_apps import APPS, App
from benchmarks.learning_traffic import Driven, Maker, Traffic, drive

WANTED: Final = 30
ACCOUNTS: Final = 8
LATER: Final = 10_000
LEAST: Final = 0.98
_DEPTH: Final = 8


@dataclass
class Score:
    """What was right of one API."""

    name: str
    operations: int = 0
    left: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    methods: list[str] = field(default_factory=list)
    names: int = 0
    wrong_names: list[str] = field(default_factory=list)
    types: int = 0
    wrong_types: list[str] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)
    refused: list[str] = field(default_factory=list)
    sure: int = 0
    later: int = 0

    @property
    def name_share(self) -> float:
        """The share of names that are right."""
        return 1 - len(self.wrong_names) / max(self.names, 1)

    @property
    def type_share(self) -> float:
        """The share of types that are right."""
        return 1 - len(self.wrong_types) / max(self.types, 1)

    @property
    def is_good(self) -> bool:
        """Whether the bar is met."""
        is_close = self.name_share >= LEAST and self.type_share >= LEAST
        return is_close and not (self.paths or self.methods or self.refused)


def _schemas(operation: Operation) -> dict[str, Schema]:
    """Return the schemas of an operation by place: query names, bodies, good answers."""
    found = {f"query {one.name}": one.schema for one in operation.parameters if one.place == "query"}
    found |= {f"path {index}": one.schema for index, one in enumerate(_arguments(operation))}
    found |= {f"body {'form' if 'form' in one.media_type else 'json'}": one.schema for one in operation.bodies}
    for answer in operation.answers:
        if answer.status.startswith("2"):
            found |= {f"answer {answer.status}": body.schema for body in answer.bodies if "json" in body.media_type}
    return found


def _arguments(operation: Operation) -> list[Parameter]:
    """Return the parameters of the path in the order that they stand in it: a description may list them in any."""
    return sorted(operation.parameters_in(Place.PATH), key=lambda one: operation.path.find(f"{{{one.name}}}"))


def _flat(schema: Schema, way: str = "", depth: int = 0) -> Iterator[tuple[str, frozenset[str], bool]]:
    """Yield each place of a schema with its types but null, and whether anything may stand there."""
    variants = [schema]
    for one in variants:
        variants += [inner for inner in one.variants if len(variants) < 20]
    types = frozenset(kind for one in variants for kind in one.types) or frozenset(
        "object" for one in variants if one.properties
    )
    is_any = not types or any(
        one.is_recursive or (not one.types and not one.variants and not one.properties) for one in variants
    )
    is_map = "object" in types and not any(one.properties for one in variants)
    yield way, types, is_any or is_map
    if depth >= _DEPTH:
        return
    below: dict[str, list[Schema]] = {}
    for one in variants:
        for name, child in one.properties.items():
            below.setdefault(f"{way}.{name}", []).append(child)
        if one.items is not None:
            below.setdefault(f"{way}[]", []).append(one.items)
    for step, found in below.items():
        yield from _flat(found[0] if len(found) == 1 else Schema(variants=tuple(found)), step, depth + 1)


def _seen(value: Json, way: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    if depth > _DEPTH:
        return
    yield way, type_of(value)
    if isinstance(value, dict):
        for name, child in value.items():
            yield from _seen(child, f"{way}.{name}", depth + 1)
    elif isinstance(value, list):
        for child in value:
            yield from _seen(child, f"{way}[]", depth + 1)


def _came(case: Case, operation: Operation) -> Iterator[tuple[str, str, str]]:
    """Yield what stood in an exchange: the place, the way in it, the type."""
    for name, _ in parse_qsl(case.target.partition("?")[2], keep_blank_values=True):
        yield f"query {name}", "", "text"
    for index, _ in enumerate(_arguments(operation)):
        yield f"path {index}", "", "text"
    kind = dict(case.headers).get(b"content-type", b"")
    if b"json" in kind:
        value = parse_json(case.body)
        if not isinstance(value, NotJson):
            yield from (("body json", way, one) for way, one in _seen(value))
    elif b"form" in kind:
        yield "body form", "", "object"
        yield from (("body form", f".{name}", "text") for name, _ in parse_qsl(case.body.decode()))
    if case.answer is not None and b"json" in dict(case.answer.headers).get(b"content-type", b""):
        value = parse_json(case.answer.body)
        if not isinstance(value, NotJson):
            yield from ((f"answer {case.answer.status}", way, one) for way, one in _seen(value))


def score(app: str, true: Api, driven: Driven, known: Learned) -> Score:
    """Return how right the learned description is."""
    made = Score(app)
    taken = {key for key, count in driven.taken.items() if count}
    made.operations = len(taken)
    made.left = sorted(key for key, count in driven.taken.items() if not count)
    by_bare = {bare(one.operation.key): one for one in known.operations}
    true_paths = {bare(key).partition(" ")[2] for key in taken}
    learned_paths = {key.partition(" ")[2] for key in by_bare}
    made.paths = [f"missing {path}" for path in sorted(true_paths - learned_paths)]
    made.paths += [f"wrong {path}" for path in sorted(learned_paths - true_paths)]
    true_keys = {bare(key) for key in taken}
    made.methods = [f"missing {key}" for key in sorted(true_keys - by_bare.keys())]
    made.methods += [f"wrong {key}" for key in sorted(by_bare.keys() - true_keys)]
    made.sure = sum(one.sureness.is_sure for one in known.operations)
    operations = {one.key: one for one in true.operations}
    routes = RouteTable(true)
    came: dict[str, set[tuple[str, str, str]]] = {}
    for case in driven.cases:
        if case.answer is not None and 200 <= case.answer.status < 300:
            key = routes.match(case.method, _decoded(case)).operation_key
            came.setdefault(key, set()).update(_came(case, operations[key]) if key in operations else ())
    for key in sorted(taken):
        found = by_bare.get(bare(key))
        if found is not None:
            _compare(made, operations[key], found.operation, came.get(key, set()))
    return made


def _decoded(case: Case) -> str:
    return unquote(case.target.partition("?")[0])


def _compare(made: Score, true: Operation, learned: Operation, came: set[tuple[str, str, str]]) -> None:
    occurred = {(place, way) for place, way, _ in came}
    right = {
        (place, way): (types, free) for place, schema in _schemas(true).items() for way, types, free in _flat(schema)
    }
    told = {(place, way): types for place, schema in _schemas(learned).items() for way, types, _ in _flat(schema)}
    places = {place for place, _ in right}
    for spot in sorted(occurred | told.keys()):
        where = f"{true.key} {spot[0]} {spot[1]}".rstrip()
        is_unsaid = spot[0] not in places or (spot not in right and _is_below_free(spot, right))
        if is_unsaid and spot[0].startswith(("answer", "path")):
            continue  # the description does not say what stands there
        if spot not in right:
            if spot in occurred and spot in told:
                made.unknown.add(where)
            elif spot in told:
                made.names += 1
                made.wrong_names.append(f"made up: {where}")
            continue
        if spot not in occurred:
            continue
        made.names += 1
        if spot not in told:
            made.wrong_names.append(f"missing: {where}")
            continue
        _compare_types(
            made, where, right[spot], told[spot], {kind for place, way, kind in came if (place, way) == spot}
        )


def _compare_types(
    made: Score, where: str, right: tuple[frozenset[str], bool], told: frozenset[str], kinds: set[str]
) -> None:
    types, is_free = right
    possible = types | {"null", *(["integer"] if "number" in types else [])}
    if types and "text" not in kinds and not kinds & possible:
        made.unknown.add(f"{where}: {'|'.join(sorted(kinds))}, described as {'|'.join(sorted(types))}")
    elif types and not is_free and kinds != {"null"} and told:
        made.types += 1
        if not told <= types:
            made.wrong_types.append(f"{where}: {'|'.join(sorted(told))}, truly {'|'.join(sorted(types))}")


def _is_below_free(spot: tuple[str, str], right: dict[tuple[str, str], tuple[frozenset[str], bool]]) -> bool:
    place, way = spot
    return any(place == other and way.startswith(start) and free for (other, start), (_, free) in right.items())


def refusals(true: Api, traffic: Traffic, driven: Driven, known: Learned) -> tuple[list[str], int]:
    """Make valid requests, and return what the learned bounds would refuse or take out, with how many were made."""
    api = known.guarded()
    config = GuardConfig(mode=Mode.ENFORCE)
    settings, _ = as_learned(config, config.policy, api)
    routes = RouteTable(api)
    shape = Shape(settings.shape, Parts(api, time.time, None, None, None, random.Random(1)))  # type: ignore[arg-type]
    operations = [one for one in true.operations if driven.taken.get(one.key)]
    makers = [Maker(traffic, one) for one in operations]
    wrong: list[str] = []
    count = misses = 0
    while count < LATER and misses < 10 * LATER:
        made = makers[(count + misses) % len(makers)].make(traffic.rng.choice(traffic.people))
        if made is None:
            misses += 1
            continue
        count += 1
        call = _call(made.method, made.target, made.body, made.media_type, made.value)
        match = routes.match(call.method, call.path)
        call.operation, call.operation_key, call.path_arguments = match.operation, match.operation_key, match.arguments
        said = [one for judge in (shape.on_head, shape.on_body) for one in _decisions(judge(call))]
        wrong += [f"{call.operation_key}: {one.rule} {one.place} {one.saw}" for one in said]
    return wrong, count


def _decisions(said: object) -> list[Decision]:
    found = said if isinstance(said, tuple) else (said,)
    return [one for one in found if isinstance(one, Decision) and one.effect in {Effect.DENY, Effect.EDIT}]


def _call(method: str, target: str, body: bytes, media_type: str, value: Json) -> Call:
    path, _, query = target.partition("?")
    headers = [(b"content-type", media_type.encode())] if media_type else []
    is_json = "json" in media_type
    kind = BodyKind.JSON if is_json else BodyKind.FORM if "form" in media_type else BodyKind.NONE
    call = Call(method, path.encode(), query.encode(), headers, "127.0.0.1", header=dict(headers), path=unquote(path))
    call.body, call.body_kind = body, kind
    call.value = value if is_json else NOT_JSON
    call.query_pairs = parse_qsl(query, keep_blank_values=True)
    call.form_pairs = parse_qsl(body.decode(), keep_blank_values=True) if kind is BodyKind.FORM else []
    return call


def measure(name: str, app: App, url: str, seed: int) -> Score:
    """Drive one API, learn, and score."""
    with urllib.request.urlopen(url.rstrip("/") + app.description, timeout=20) as answer:
        true = read_description(answer.read(), source=url)
    traffic = Traffic(url, true, app.log_in, random.Random(seed))
    traffic.begin(ACCOUNTS)
    driven = drive(traffic, wanted=WANTED, rounds=5 * WANTED, leaves=app.leaves)
    learner = new_learner(bytes(32))
    place = GuardPlace(None, Path(), Path("/nonexistent"))
    asyncio.run(learn_from(GuardConfig(), place, None, driven.cases, learner))
    known = learner.learned()
    made = score(name, true, driven, known)
    made.refused, made.later = refusals(true, traffic, driven, known)
    return made


def _show(made: Score, *, shows_all: bool) -> None:
    seen = "seen before" if APPS[made.name].is_for_development else "unseen"
    print(
        f"{made.name:18} {seen:12} {made.operations:4} operations ({made.sure} sure), "
        f"paths {_ok(made.paths)}, methods {_ok(made.methods)}, names {made.name_share:.1%} of {made.names}, "
        f"types {made.type_share:.1%} of {made.types}, "
        f"{len(made.refused)} of {made.later:,} later requests refused"
    )
    for title, lines in (
        ("never taken, left out", made.left),
        ("paths", made.paths),
        ("methods", made.methods),
        ("names", made.wrong_names),
        ("types", made.wrong_types),
        ("refused", sorted(set(made.refused))),
        ("not in the true description, though it comes", sorted(made.unknown)),
    ):
        shown = lines if shows_all else lines[:8]
        for line in shown:
            print(f"    {title}: {line}")
        if len(lines) > len(shown):
            print(f"    {title}: and {len(lines) - len(shown)} more")


def _ok(wrong: list[str]) -> str:
    return "100 %" if not wrong else f"{len(wrong)} wrong"


def main() -> int:
    """Measure each API that is named; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("apps", nargs="+", metavar="NAME=URL", help=f"{', '.join(APPS)}; demo needs no address")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--all", action="store_true", help="show all that is wrong")
    given = parser.parse_args()
    scores = []
    for one in given.apps:
        name, _, url = one.partition("=")
        if name not in APPS:
            sys.exit(f"{name} is unknown; known are {', '.join(APPS)}")
        with ExitStack() as stack:
            if name == "demo" and not url:
                url = stack.enter_context(running_demo(weak="none", port=0)).address
            made = measure(name, APPS[name], url, given.seed)
        scores.append(made)
        _show(made, shows_all=given.all)
    return 0 if all(made.is_good for made in scores) else 1


if __name__ == "__main__":
    sys.exit(main())
