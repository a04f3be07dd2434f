"""What `apiward guard status` does: tells how the guard stands, as text or JSON."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Final

from apiward.app.guarding.place import Place
from apiward.app.guarding.standing import SHOW_ALL, GuardStanding, moment, standing
from apiward.cli.exits import ExitCode
from apiward.cli.guarding import settings
from apiward.cli.speaking import say, write_out
from apiward.config.guarding import GuardConfig
from apiward.config.rules_file import load_rules_file
from apiward.core.decision import Mode
from apiward.guard.policy import ModeRule
from apiward.guard.readiness import NOBODY, Standing, State, WouldBe, counted
from apiward.prove.neutral import one_line

SCHEMA: Final = "apiward.guard-status/1"
MAX_SHOWN: Final = 20
MAX_WHY: Final = 3
_LEARNED: Final = "There, route and shape only watch until the autopilot or you say otherwise."
_UNDESCRIBED: Final = "Requests that nothing describes"


def status(given: Mapping[str, object]) -> int:
    """Tell how the guard stands; return 3 where its events cannot be read. Raises AdvisedError."""
    file, config = settings(given)
    place = Place.of(file, config)
    config = load_rules_file(place.base).applied(config)
    found = standing(place, config, time.time())
    if given.get("form") == "json":
        write_out(json.dumps(_document(found, config), indent=2) + "\n")
    else:
        lines = [*_modes(found), *_operations(found, is_all=bool(given.get("is_all"))), *_autopilot(found)]
        write_out("".join(f"{line}\n" for line in lines))
        if not (given.get("is_all") and found.next_command == SHOW_ALL):
            write_out(f"Next: {found.next_command}\n")
    if found.is_away:
        say(found.problem)
    return ExitCode.NOT_ENOUGH if found.is_away else ExitCode.HOLDS


def _modes(found: GuardStanding) -> Iterator[str]:
    for mode in (Mode.ENFORCE, Mode.WATCH, Mode.OFF):
        names = [name.value for name, one in found.modes if one is mode]
        if names:
            yield f"{_MODE_WORDS[mode]} {', '.join(names)}"
    if found.learned:
        yield f"Learned from traffic: {counted(found.learned, 'operation')}. {_LEARNED}"
    if found.allowed:
        yield f"Let through by exclusion: {found.allowed} (apiward allow list)"
    if found.ended:
        yield f"Exclusions that have ended: {', '.join(map(one_line, found.ended))}"


def _operations(found: GuardStanding, *, is_all: bool) -> Iterator[str]:
    if found.problem:
        yield f"There is no evidence. {found.problem}"
        return
    many = [(operation, list(group)) for operation, group in groupby(found.standings, key=lambda one: one.operation)]
    many.sort(key=lambda item: (item[0] == NOBODY, -item[1][0].traffic.requests, item[0]))
    called = [(operation, group) for operation, group in many if is_all or not _is_quiet(group)]
    for operation, group in called if is_all else called[:MAX_SHOWN]:
        yield from _operation(operation, group)
    if len(called) > MAX_SHOWN and not is_all:
        yield f"and {len(called) - MAX_SHOWN} more operations: --all"
    if len(many) > len(called):
        yield f"{counted(len(many) - len(called), 'operation')} of which nothing was seen yet: --all"


def _is_quiet(group: Sequence[Standing]) -> bool:
    """Whether there is nothing to tell of an operation but that nobody has called it."""
    is_told = any(one.would_be or one.state in _STATE_WORDS for one in group)
    return group[0].traffic.requests == 0 and not is_told


def _operation(operation: str, group: Sequence[Standing]) -> Iterator[str]:
    traffic = group[0].traffic
    amounts = ((traffic.requests, "request"), (traffic.callers, "caller"), (traffic.days, "day"))
    yield f"{one_line(operation) or _UNDESCRIBED}: {', '.join(counted(number, noun) for number, noun in amounts)}"
    for state in (State.ENFORCES, State.READY, State.YOURS):
        names = [one.stage.value for one in group if one.state is state]
        if names:
            yield f"  {_STATE_WORDS[state]} {', '.join(names)}"
    waiting = [one for one in group if one.state is State.NOT_YET]
    few = sorted((one for one in waiting if not one.would_be), key=lambda one: one.why)
    for why, many in groupby(few, key=lambda one: one.why):
        yield f"  not yet:  {', '.join(one.stage.value for one in many)}. {one_line(why)}"
    for one in waiting:
        if one.would_be:
            yield f"  not yet:  {one.stage.value}. It would refuse:"
            yield from map(_would_be, one.would_be[:MAX_WHY])
        if len(one.would_be) > MAX_WHY:
            yield f"    and {len(one.would_be) - MAX_WHY} more: --format json"


def _would_be(one: WouldBe) -> str:
    where = f" at {one_line(one.place)}" if one.place else ""
    times = f"{counted(one.times, 'request')} of {counted(one.callers, 'caller')}"
    return f"    {one.rule}{where}: {times}, last on {moment(one.last_s)}"


def _autopilot(found: GuardStanding) -> Iterator[str]:
    state = "on" if found.is_autopilot_on else "off"
    yield f"Autopilot: {state}." + (f" {found.notes.paused}" if found.notes.paused else "")
    if found.notes.problem:
        yield f"  It could not look: {one_line(found.notes.problem)}"
    for rule in found.switched:
        yield f"  {rule.since} {rule.stage} on {one_line(rule.operation)}: {rule.mode} ({one_line(rule.reason)})"
    if found.ready and not found.is_autopilot_on:
        yield f"  {counted(len(found.ready), 'stage')} could enforce now. It needs your consent."


def _document(found: GuardStanding, config: GuardConfig) -> dict[str, object]:
    return {
        "schema": SCHEMA,
        "modes": {name.value: mode.value for name, mode in found.modes},
        "autopilot": {
            "enabled": found.is_autopilot_on,
            "paused": found.notes.paused,
            "problem": found.notes.problem,
            "looked": moment(found.notes.looked_s) if found.notes.looked_s else None,
            "thresholds": asdict(config.autopilot),
            "switched": [_rule(rule) for rule in found.switched],
            "said": [{"at": moment(event.at_s), "said": event.said} for event in found.spoken],
        },
        "excluded": {"active": found.allowed, "ended": list(found.ended)},
        "problem": found.problem,
        "is_cut": found.is_cut,
        "standings": [_standing(one) for one in found.standings],
        "next": found.next_command,
    }


def _standing(one: Standing) -> dict[str, object]:
    return {
        "operation": one.operation,
        "stage": one.stage.value,
        "mode": one.mode.value,
        "state": one.state.value,
        "why": one.why,
        "requests": one.traffic.requests,
        "callers": one.traffic.callers,
        "days": one.traffic.days,
        "would_be_refusals": sum(refusal.times for refusal in one.would_be),
        "would_be": [
            {
                "rule": refusal.rule,
                "place": refusal.place,
                "times": refusal.times,
                "callers": refusal.callers,
                "last": moment(refusal.last_s),
            }
            for refusal in one.would_be
        ],
    }


def _rule(rule: ModeRule) -> dict[str, object]:
    return asdict(rule)


_MODE_WORDS: Final = {Mode.ENFORCE: "Enforce:", Mode.WATCH: "Only watch:", Mode.OFF: "Off:"}
_STATE_WORDS: Final = {State.ENFORCES: "enforces:", State.READY: "ready:   ", State.YOURS: "yours:   "}
