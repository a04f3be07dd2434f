"""The evidence of a guard: what its events say of each stage on each operation, and from when on they count."""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from apiward.app.guarding.upkeep import store_url
from apiward.config.guarding import GuardConfig
from apiward.core.api import Api
from apiward.core.decision import Mode
from apiward.core.evidence import Evidence, EvidenceSource
from apiward.core.jsonvalue import Json, NotJson, parse_json
from apiward.guard.allowing import wide_place
from apiward.guard.outlines import outline
from apiward.guard.readiness import (
    NOBODY,
    SWITCHED,
    AutopilotSettings,
    Place,
    Standing,
    attackers,
    standings,
)
from apiward.guard.stage import StageName
from apiward.guard.switching import AUTOPILOT, DAY_S
from apiward.stores.events.database import open_database
from apiward.stores.events.evidence import SqlEvidence

FILE: Final = "evidence.json"
SCHEMA: Final = "apiward.evidence/1"
MAX_OPERATIONS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Notes:
    """What the guard that runs has written down: since when each operation is judged as it is now, and what it found.

    `starts` are digest and time by operation; `silent` the stages that have nothing to say there; `learned` the
    operations that nobody described, so that what depends on the description only watches there.
    """

    looked_s: float = 0.0
    paused: str = ""
    problem: str = ""
    starts: Mapping[str, tuple[str, float]] = field(default_factory=dict)
    silent: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    learned: frozenset[str] = frozenset()


def open_evidence(folder: Path, config: GuardConfig) -> SqlEvidence:
    """Return what reads the events of the guard whose data is in `folder`."""
    return SqlEvidence(open_database(store_url(folder, config)))


def gathered(
    source: EvidenceSource, config: GuardConfig, notes: Notes, operations: Iterable[str], now_s: float
) -> tuple[tuple[Standing, ...], Evidence]:
    """Judge every stage on every operation by the events of the window. Raises OSError where they are away."""
    settings = config.autopilot
    since_s = now_s - settings.window_days * DAY_S
    starts = {operation: start_s for operation, (_, start_s) in notes.starts.items()}
    denials, is_cut = source.denials(since_s)
    denials = tuple(one for one in denials if one.last_s >= starts.get(one.operation, 0.0))
    traffic = source.traffic(since_s, starts=starts, without=attackers(denials))
    evidence = Evidence(since_s, traffic, denials, is_cut)
    known = dict.fromkeys([*operations, *traffic, *(one.operation for one in denials)])
    places = [place_of(config, key, notes) for key in list(known)[:MAX_OPERATIONS]]
    allowed = {(one.operation, one.rule, wide_place(one.place)) for one in config.allowed if one.expires_s > now_s}
    return standings(places, evidence, settings, allowed), evidence


def place_of(config: GuardConfig, operation: str, notes: Notes) -> Place:
    """Return what is known of one operation beside its evidence."""
    path = operation.partition(" ")[2]
    policy = replace(config.policy, learned=notes.learned)
    modes = dict(zip(StageName, policy.modes_for(operation, path), strict=True))
    silent = frozenset(StageName(name) for name in notes.silent.get(operation, ()) if name in frozenset(StageName))
    return Place(operation, modes, silent, _owned(config, operation, path))


def started(config: GuardConfig, api: Api | None, notes: Notes, now_s: float) -> dict[str, tuple[str, float]]:
    """Return since when each operation is judged as it is now: the evidence of before is of something else."""
    found = {}
    settings = [getattr(config, name.value) for name in SWITCHED]
    settings += [config.issuers, config.signers]
    for one in (api.operations if api else ())[:MAX_OPERATIONS]:
        modes = config.policy.modes_for(one.key, one.key.partition(" ")[2])
        off = [name for name, mode in zip(StageName, modes, strict=True) if mode is Mode.OFF]
        digest = outline(one, off, settings)
        before = notes.starts.get(one.key)
        found[one.key] = before if before is not None and before[0] == digest else (digest, now_s)
    return found


def read_notes(folder: Path) -> Notes:
    """Return what the guard has written down; nothing where there is none, or where it cannot be read."""
    try:
        document = parse_json((folder / FILE).read_bytes())
    except OSError:
        return Notes()
    if isinstance(document, NotJson) or not isinstance(document, dict) or document.get("schema") != SCHEMA:
        return Notes()
    try:
        return _notes(document)
    except (LookupError, TypeError, ValueError, AttributeError):
        return Notes()


def write_notes(folder: Path, notes: Notes) -> None:
    """Write the notes as a whole. Raises OSError."""
    document = {
        "schema": SCHEMA,
        "looked_s": notes.looked_s,
        "paused": notes.paused,
        "problem": notes.problem,
        "starts": {operation: list(start) for operation, start in notes.starts.items()},
        "silent": {operation: list(stages) for operation, stages in notes.silent.items()},
        "learned": sorted(notes.learned),
    }
    fresh = folder / f".{FILE}.{os.getpid()}"
    fresh.write_text(json.dumps(document), "utf-8")
    fresh.replace(folder / FILE)


def _notes(document: Mapping[str, Json]) -> Notes:
    starts, silent, learned = document["starts"], document["silent"], document.get("learned", [])
    if not isinstance(starts, dict) or not isinstance(silent, dict) or not isinstance(learned, list):
        raise TypeError
    return Notes(
        looked_s=_number(document["looked_s"]),
        paused=str(document["paused"]),
        problem=str(document["problem"]),
        starts={operation: _start(start) for operation, start in starts.items()},
        silent={operation: tuple(map(str, stages)) for operation, stages in silent.items() if isinstance(stages, list)},
        learned=frozenset(map(str, learned)),
    )


def _start(start: Json) -> tuple[str, float]:
    if not isinstance(start, list):
        raise TypeError
    return str(start[0]), _number(start[1])


def _number(value: Json) -> float:
    if not isinstance(value, int | float):
        raise TypeError
    return float(value)


def _owned(config: GuardConfig, operation: str, path: str) -> frozenset[StageName]:
    """Return the stages of which the owner has said something here: the autopilot does not contradict."""
    owned = {StageName(name) for name in config.modes}
    for one in config.exceptions:
        if operation != NOBODY and one.covers(operation, path):
            owned |= set(StageName) if one.mode else {StageName(name) for name in one.modes}
    owned |= {StageName(rule.stage) for rule in config.switched if rule.operation == operation and rule.by != AUTOPILOT}
    return frozenset(owned)


__all__ = [
    "AutopilotSettings",
    "Notes",
    "gathered",
    "open_evidence",
    "place_of",
    "read_notes",
    "started",
    "write_notes",
]
