"""What `apiward drill` does: makes up an attack, plays it, and says how long everything took."""

import json
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path
from typing import Final

from apiward.app.guarding.cases import Case, WrittenAnswer
from apiward.app.guarding.telling import who
from apiward.app.incidents.desk import IncidentDesk, open_record
from apiward.app.incidents.drilling import Drill, Drilled, Played, played_events
from apiward.cli.block_desk import shut_desk
from apiward.cli.exits import ExitCode
from apiward.cli.speaking import say, write_out
from apiward.cli.store_places import place_of, usable
from apiward.config.errors import AdvisedError
from apiward.config.notifying import NotifyConfig, load_notify
from apiward.demo.traffic.callers import AUDIENCE, ISSUER, SECRET
from apiward.demo.traffic.description import description
from apiward.demo.traffic.fortnight import traffic
from apiward.demo.traffic.settings import Attack, TrafficSettings
from apiward.demo.traffic.values import Kind, Step

SCHEMA: Final = "apiward.drill/1"
USERS: Final = 20
DAYS: Final = 5
FROM_DAY: Final = 3.0
"""Whose things are whose is learned in three days."""
SETTINGS: Final = f"""
[guard]
description = "openapi.json"
mode = "watch"
[[guard.issuers]]
issuer = "{ISSUER}"
audience = ["{AUDIENCE}"]
secret_file = "secret"
"""


def drill(given: Mapping[str, object]) -> int:
    """Play an exercise; returns the exit code. Raises AdvisedError."""
    place, config = place_of(given)
    notify = replace(load_notify(place.file), gather_s=0.0, quiet_hours="") if given.get("tell") else NotifyConfig()
    shut = shut_desk(given)
    with ExitStack() as stack:
        record = stack.enter_context(open_record(place, config))
        say("Making up the days before the attack, and the attack. This takes a few seconds.")
        base = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="apiward-drill-")))
        seed = given["seed"]
        kind = str(given["kind"])
        events = played_events(_played(kind, seed if isinstance(seed, int) else 1, base, time.time()), SETTINGS, base)
        played = Drill(record, IncidentDesk(record, shut, place.data, by=who()), shut)
        with usable():
            drilled = played.notice(events, kind)
            if drilled.is_noticed:
                played.tell(drilled, notify, place.data, place.base)
                played.contain(drilled)
                played.close(drilled)
    if given.get("is_json"):
        write_out(json.dumps({"schema": SCHEMA, **asdict(drilled)}, indent=2) + "\n")
    else:
        write_out("".join(f"{line}\n" for line in _lines(drilled)))
    return _code(drilled, is_told=bool(given.get("tell")))


def _played(kind: str, seed: int, base: Path, now_s: float) -> list[Played]:
    """Return the requests of some days, the last one of which was just now."""
    (base / "openapi.json").write_text(json.dumps(description()))
    (base / "secret").write_text(SECRET)
    attack = Attack(Kind(kind), from_day=FROM_DAY, per_day=1.0)
    simulated = TrafficSettings(users=USERS, days=DAYS, seed=seed, attacks=(attack,))
    length_s = _until_attack(simulated)[-1].at_s - simulated.start_s
    # Tokens hold their own times, so it is simulated once more for a time that ends now, and not shifted.
    steps = _until_attack(replace(simulated, start_s=now_s - length_s - 1.0))
    actor = steps[-1].truth.actor
    return [
        Played(_case(step, number), step.truth.is_attack and step.truth.actor == actor)
        for number, step in enumerate(steps, 1)
    ]


def _until_attack(simulated: TrafficSettings) -> list[Step]:
    """Return what happens up to the end of the first attack: what comes then is of no use. Raises AdvisedError."""
    steps = list(traffic(simulated))
    actor = next((step.truth.actor for step in steps if step.truth.is_attack), None)
    if actor is None:
        raise AdvisedError("This seed makes up no such attack.", "Nobody was there to attack.", "Try another --seed.")
    ends = max(at for at, step in enumerate(steps) if step.truth.is_attack and step.truth.actor == actor)
    return steps[: ends + 1]


def _case(step: Step, number: int) -> Case:
    return Case(
        number,
        step.method,
        step.target,
        list(step.headers),
        step.body,
        client=step.address,
        started_s=step.at_s,
        answer=WrittenAnswer(step.status, list(step.answer_headers), step.answer),
    )


def _lines(drilled: Drilled) -> Iterator[str]:
    others = drilled.requests - drilled.attack_requests
    yield f"Exercise: {drilled.kind}, {drilled.attack_requests} requests among {others} others."
    if not drilled.is_noticed:
        yield "Noticed: no. Nothing was told."
        return
    minutes = drilled.noticed_s / 60
    yield (
        f"Noticed: after {drilled.noticed_after} of these requests, {minutes:.1f} minutes after the first one "
        f"({drilled.title})."
    )
    told = ", ".join(f"{name} in {seconds:.1f} s" for name, seconds in sorted(drilled.told_s.items()))
    yield f"Told: {told or 'nobody'}."
    for name, why in drilled.not_told.items():
        yield f"Not told: {name}. {why}"
    if drilled.contained_s is None:
        yield f"Held off: no. {drilled.why_not_contained}"
    else:
        undone = f"{drilled.undone_s:.1f} s" if drilled.undone_s is not None else "vain"
        yield f"Held off: in {drilled.contained_s:.1f} s, as the guard says; let in again in {undone}."
    yield f"Kept as evidence: {drilled.evidence}. The incident {drilled.incident} is closed."


def _code(drilled: Drilled, *, is_told: bool) -> int:
    if not drilled.is_noticed or drilled.not_told:
        return ExitCode.BROKEN
    is_enough = drilled.contained_s is not None and (bool(drilled.told_s) or not is_told)
    return ExitCode.HOLDS if is_enough else ExitCode.NOT_ENOUGH
