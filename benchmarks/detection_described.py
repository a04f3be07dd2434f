"""Detection with a description of the API: the whole guard judges, and knows what each path takes.

Run: python -m benchmarks.detection_described REQUESTS.jsonl [--list]

The file is the one of `benchmarks/detection.py`. The description is made from it: the bodies of the ordinary requests
say which properties there are and of which type; what attacks alone use (a parameter to put them in) is described as
free text, since an attacker picks the fields that take any text. Paths that only attacks ask for are not described.
"""

import argparse
import asyncio
import base64
import json
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from apiward.app.guarding.cases import Case, Expected, read_cases
from apiward.app.guarding.judging import Judged, Outcome, judge_all
from apiward.app.guarding.place import Place
from apiward.config.guarding import parse_guard
from apiward.core.api import Api
from apiward.spec.reading import read_description

ATTACKS_SEEN: Final = 0.97
_TYPES: Final[Mapping[type, str]] = {str: "string", bool: "boolean", int: "integer", float: "number"}
_SETTINGS: Final = """
[guard]
upstream = "http://127.0.0.1:9"
mode = "enforce"
[guard.route]
undescribed = "refuse"
"""


def merged(values: Iterable[Any]) -> dict[str, Any]:
    """Return the schema that all `values` keep to, with no more than they show."""
    found = list(values)
    types = {_TYPES.get(type(value), "null") for value in found if not isinstance(value, dict | list)}
    schema: dict[str, Any] = {}
    if objects := [value for value in found if isinstance(value, dict)]:
        types.add("object")
        members: dict[str, list[Any]] = defaultdict(list)
        for one in objects:
            for name, value in one.items():
                members[name].append(value)
        schema["properties"] = {name: merged(below) for name, below in members.items()}
    if lists := [value for value in found if isinstance(value, list)]:
        types.add("array")
        schema["items"] = merged(item for one in lists for item in one)
    if types:
        schema["type"] = sorted(types)
    return schema


def described(requests: list[dict[str, Any]]) -> Api:
    """Return a description of what the ordinary requests ask for, and of where the attacks stand."""
    bodies: dict[tuple[str, str, str], list[Any]] = defaultdict(list)
    queries: dict[tuple[str, str], set[str]] = defaultdict(set)
    known = {urlsplit(one["target"]).path for one in requests if one["expected"] == "allow"} | {"/"}
    for one in requests:
        target = urlsplit(one["target"])
        if target.path not in known:
            continue
        names = {name for name, _ in parse_qsl(target.query, keep_blank_values=True)}
        queries[target.path, one["method"].lower()] |= names
        kind = next((value for name, value in one["headers"] if name.lower() == "content-type"), "")
        value = _body(kind, base64.b64decode(one["body_b64"] or ""))
        if value is not None:
            is_attack = one["expected"] == "block"
            bodies[target.path, one["method"].lower(), kind.partition(";")[0]].append(
                _as_text(value) if is_attack else value
            )
    return _read(queries, bodies)


def _read(queries: Mapping[tuple[str, str], set[str]], bodies: Mapping[tuple[str, str, str], list[Any]]) -> Api:
    paths: dict[str, dict[str, Any]] = defaultdict(dict)
    for (path, method), names in queries.items():
        text = {"type": "string"}
        paths[path][method] = {
            "parameters": [{"name": name, "in": "query", "schema": text} for name in sorted(names)],
            "responses": {"200": {"description": "ok"}},
        }
    for (path, method, kind), values in bodies.items():
        content = paths[path][method].setdefault("requestBody", {"content": {}})["content"]
        content[kind] = {"schema": merged(values)}
    document = {"openapi": "3.1.0", "info": {"title": "detection", "version": "1"}, "paths": paths}
    return read_description(json.dumps(document).encode(), source="detection")


def _body(kind: str, raw: bytes) -> Any:  # noqa: ANN401 - JSON
    if "json" in kind:
        try:
            return json.loads(raw)
        except ValueError:
            return None
    return dict(parse_qsl(raw.decode("latin-1"), keep_blank_values=True)) if "form" in kind else None


def _as_text(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return an attack's body with each text emptied: the fields that it uses, and nothing of what it says."""
    if isinstance(value, dict):
        return {name: _as_text(below) for name, below in value.items() if name.isidentifier()}
    return [] if isinstance(value, list) else "" if isinstance(value, str) else value


def judged(api: Api, cases: tuple[Case, ...]) -> list[Judged]:
    """Return what the guard, with all stages in enforce, makes of each request as if it were the first."""
    config, problems = parse_guard(_SETTINGS)
    assert not problems, problems
    with tempfile.TemporaryDirectory() as folder:
        place = Place(None, Path(folder), Path(folder))
        return asyncio.run(judge_all(config, place, api, cases, is_apart=True))


def main() -> int:
    """Judge, print, and return 1 where a bar is missed."""
    reader = argparse.ArgumentParser(description="Detection with a description")
    reader.add_argument("file", type=Path)
    reader.add_argument("--list", action="store_true", help="show what was judged wrongly, and by which rule")
    asked = reader.parse_args()
    requests = [json.loads(line) for line in asked.file.read_text(encoding="utf-8").splitlines()]
    source_of = {one["id"]: one["source"] for one in requests}
    found = judged(described(requests), read_cases(asked.file))
    totals: Counter[tuple[bool, str]] = Counter()
    refused: Counter[tuple[bool, str]] = Counter()
    for one in found:
        key = (one.case.expected is Expected.BLOCK, source_of[one.case.id])
        is_refused = one.outcome is Outcome.REFUSED
        totals[key] += 1
        refused[key] += is_refused
        if asked.list and is_refused is not key[0]:
            print(one.case.id, one.outcome, [ruling.decision.rule for ruling in one.rulings])
    for key, total in sorted(totals.items()):
        print(f"{'attacks' if key[0] else 'ordinary':9} {key[1]:28} {refused[key]:5} of {total:5} refused")
    seen = {is_attack: sum(n for key, n in refused.items() if key[0] is is_attack) for is_attack in (True, False)}
    share = seen[True] / sum(n for key, n in totals.items() if key[0])
    print(f"attacks refused: {share:.2%} (bar {ATTACKS_SEEN:.0%}); ordinary requests refused: {seen[False]} (bar 0)")
    return int(share < ATTACKS_SEEN or seen[False] > 0)


if __name__ == "__main__":
    sys.exit(main())
