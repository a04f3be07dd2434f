"""What `apiward learned` does: reads what was learned, and says it; with --drift, how it differs from what is given."""

import asyncio
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from apiward.app.guarding.building import read_bytes
from apiward.app.guarding.description import known_api
from apiward.app.guarding.learning import FOLDER, read_learned
from apiward.app.guarding.place import Place
from apiward.app.guarding.recordings import learned_from
from apiward.catalogue.drift import load_drift
from apiward.cli.exits import ExitCode
from apiward.cli.guarding import settings, typed_place
from apiward.cli.speaking import write_out
from apiward.config.errors import AdvisedError
from apiward.config.guarding import GuardConfig
from apiward.core.api import Api
from apiward.core.finding import Severity
from apiward.prove.neutral import one_line
from apiward.spec.learning.describing import Learned, LearnedOperation
from apiward.spec.learning.drift import Drift, drift

SCHEMA: Final = "apiward.learned-operations/1"
DRIFT_SCHEMA: Final = "apiward.drift/1"
_MOST_NAMED: Final = 8


def show(given: Mapping[str, object]) -> int:
    """Say what was learned; return 0, or 1 where --drift finds something that is severe enough. Raises AdvisedError."""
    file, config = settings(given)
    if given.get("spec") and not given.get("drift"):
        raise AdvisedError(
            "--spec belongs to --drift.",
            "What was learned is not of a given description.",
            "To compare: apiward learned --drift --spec FILE",
        )
    if given.get("spec"):
        config = replace(config, description=typed_place(str(given["spec"])))
    place = Place.of(file, config)
    if given.get("drift"):
        return _show_drift(given, config, place)
    known = learned_of(given, config, place, None)
    write_out(_as_json(known) if given.get("form") == "json" else "\n".join(_lines(known)) + "\n")
    return ExitCode.HOLDS


def learned_of(given: Mapping[str, object], config: GuardConfig, place: Place, api: Api | None) -> Learned:
    """Return what was learned, by the guard or from a recording. Raises AdvisedError."""
    if given.get("recording"):
        known = learned_from(Path(str(given["recording"])), config, place, api, bytes(32)).learned()
    else:
        try:
            known = read_learned(place.data, read_bytes(place.data / "pepper")).learned()
        except OSError:
            raise AdvisedError(
                "Nothing was learned yet.",
                f"{place.data / FOLDER} holds nothing: no guard has run here.",
                "Run: apiward guard URL --watch, or learn from a recording with --from FILE.",
            ) from None
    if not known.operations:
        why = "No request went well that could be learned from."
        raise AdvisedError("Nothing was learned yet.", why, "Use the API for a while through the guard.")
    return known


def _show_drift(given: Mapping[str, object], config: GuardConfig, place: Place) -> int:
    known = asyncio.run(known_api(config.upstream, config.description, place.base))
    if known.api is None:
        why = f"There is no description to compare with. {known.why}".strip()
        raise AdvisedError("Drift cannot be told.", why, "Name it with --spec, or as guard.description.")
    seen = learned_of(given, config, place, known.api)
    found = drift(known.api, seen, now_s=time.time(), unused_days=config.learn.unused_days)
    write_out(_drift_json(found) if given.get("form") == "json" else "\n".join(_drift_lines(found)) + "\n")
    bar = str(given.get("fail_on") or "medium")
    words = load_drift()
    is_bad = bar != "never" and any(words[one.kind].severity >= Severity[bar.upper()] for one in found)
    return ExitCode.BROKEN if is_bad else ExitCode.HOLDS


def _lines(known: Learned) -> Iterator[str]:
    sure = sum(one.sureness.is_sure for one in known.operations)
    yield f"Learned from traffic: {len(known.operations)} operations, {sure} of them sure"
    for one in known.operations:
        yield ""
        yield f"{one_line(one.operation.key)}"
        yield f"  {one.sureness}; {_sure_words(one)}"
        yield from _details(one)


def _sure_words(one: LearnedOperation) -> str:
    return "sure" if one.sureness.is_sure else f"not sure yet: needs {one.sureness.missing}"


def _details(one: LearnedOperation) -> Iterator[str]:
    yield f"  answers: {', '.join(one.statuses)}"
    if one.operation.security is not None:
        ways = ", ".join(one.shown) or "none"
        yield f"  log-in: {one_line(ways)}{'' if all(one.operation.security) else ', or none'}"
    names = (("takes", _taken(one)), ("holds", [f"{place} ({kind})" for place, kind in one.sensitive]))
    for word, found in (*names, ("earned", list(one.earned)), ("seen from too few callers", list(one.few))):
        if found:
            more = f", and {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else ""
            yield f"  {word}: {one_line(', '.join(found[:_MOST_NAMED]))}{more}"


def _taken(one: LearnedOperation) -> list[str]:
    names = [f"{parameter.place} {parameter.name}" for parameter in one.operation.parameters]
    return names + [f"body {name}" for body in one.operation.bodies for name in body.schema.properties]


def _as_json(known: Learned) -> str:
    operations = [
        {
            "operation": one.operation.key,
            "requests": one.sureness.requests,
            "callers": one.callers,
            "requests_without_news": one.sureness.quiet,
            "sure": one.sureness.is_sure,
            "missing": one.sureness.missing,
            "statuses": one.statuses,
            "log_in": one.shown,
            "takes": _taken(one),
            "sensitive": [{"place": place, "kind": kind} for place, kind in one.sensitive],
            "earned": one.earned,
            "seen_from_too_few": one.few,
            "first": _day(one.first_s),
            "last": _day(one.last_s),
        }
        for one in known.operations
    ]
    return json.dumps({"schema": SCHEMA, "operations": operations}, indent=2) + "\n"


def _day(at_s: float) -> str:
    return datetime.fromtimestamp(at_s, UTC).date().isoformat()


def _drift_lines(found: tuple[Drift, ...]) -> Iterator[str]:
    if not found:
        yield "Traffic and description agree, as far as was seen."
        return
    words = load_drift()
    last = ""
    for one in found:
        entry = words[one.kind]
        if one.kind != last:
            if last:
                yield ""
            yield f"{entry.title} ({entry.severity.word})"
            yield f"  {entry.meaning}"
            yield f"  What to do: {entry.fix}"
            last = one.kind
        yield f"  - {one_line(f'{one.operation} {one.place}'.rstrip())}: {one_line(one.saw)}"


def _drift_json(found: tuple[Drift, ...]) -> str:
    words = load_drift()
    rows = [
        {
            "kind": one.kind.value,
            "check": words[one.kind].check,
            "severity": words[one.kind].severity.word,
            "operation": one.operation,
            "place": one.place,
            "saw": one.saw,
        }
        for one in found
    ]
    return json.dumps({"schema": DRIFT_SCHEMA, "drift": rows}, indent=2) + "\n"
