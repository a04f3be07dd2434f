"""What `apiward allow` does: shows what would be let through, asks, and writes it."""

import getpass
import json
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Final

import click

from apiward.app.guarding.allowing import LAST, REPLAYED_DAYS, AllowDesk, Proposal, allow_desk, day
from apiward.app.guarding.place import Place
from apiward.catalogue.rules import load_rules
from apiward.cli.either import misplaced
from apiward.cli.exits import ExitCode
from apiward.cli.further import ALLOW
from apiward.cli.guarding import settings
from apiward.cli.speaking import say, write_out
from apiward.config.errors import AdvisedError
from apiward.config.guarding import GuardConfig
from apiward.config.rules_file import load_rules_file
from apiward.core.event import Event
from apiward.guard.allowing import Allowance
from apiward.guard.readiness import counted
from apiward.prove.neutral import one_line

SCHEMA: Final = "apiward.allowed/1"
MAX_NAMED: Final = 5


def allow(given: Mapping[str, object]) -> int:
    """Let through what was refused; return 1 where attacks would have passed, too. Raises AdvisedError."""
    place, config = _place(given)
    incident = str(given["incident"]).strip()
    slip = misplaced(incident, "apiward allow", ALLOW) if incident != LAST else None
    if slip is not None:
        raise slip
    if incident == LAST and given.get("yes"):
        why = "Another refusal may have come since, and it may be an attack."
        raise AdvisedError("last and --yes cannot be used together.", why, "Name the number of the incident.")
    with allow_desk(place.base, place.data, config, time.time()) as desk:
        event = desk.event(incident)
        proposals = desk.proposals(event)
        days = given["days"]
        if not isinstance(days, int):
            raise TypeError
        write_out("".join(f"{line}\n" for line in _told(event, proposals, days)))
        standing = [desk.standing(one.exclusion) for one in proposals]
        if all(standing):
            say(f"It is let through already, as {', '.join(one.id for one in standing if one)}.")
            return ExitCode.HOLDS
        if any(one.replay.attacks for one in proposals) and not given.get("anyway"):
            say("Nothing was changed: attacks would have passed, too. If you know better: --anyway")
            return ExitCode.BROKEN
        if given.get("dry_run"):
            say(f"Nothing was changed. To let it through: apiward allow {event.id}")
            return ExitCode.HOLDS
        _ask(given, event.id)
        _write(desk, event, proposals, given, days)
    return ExitCode.HOLDS


def list_allowed(given: Mapping[str, object]) -> int:
    """List the exclusions. Raises AdvisedError."""
    place, config = _place(given)
    now_s = time.time()
    if given.get("form") == "json":
        entries = [{**asdict(one), "has_ended": one.expires_s <= now_s} for one in config.allowed]
        write_out(json.dumps({"schema": SCHEMA, "allowed": entries}, indent=2) + "\n")
        return ExitCode.HOLDS
    if not config.allowed:
        say(f"Nothing is let through by exclusion for the guard in {place.base}.")
    for one in config.allowed:
        write_out("".join(f"{line}\n" for line in _shown(one, now_s)))
    return ExitCode.HOLDS


def remove_allowed(given: Mapping[str, object]) -> int:
    """Take an exclusion back. Raises AdvisedError."""
    place, config = _place(given)
    wanted = str(given["exclusion"])
    with allow_desk(place.base, place.data, config, time.time()) as desk:
        one = desk.remove(wanted)
    say(f"{one.id} is taken back: {one.rule} refuses again at {_spot(one.operation, one.place)}.")
    return ExitCode.HOLDS


def _place(given: Mapping[str, object]) -> tuple[Place, GuardConfig]:
    file, config = settings(given)
    place = Place.of(file, config)
    return place, load_rules_file(place.base).applied(config)


def _told(event: Event, proposals: tuple[Proposal, ...], days: int) -> Iterator[str]:
    what = event.operation or f"{event.method} {event.path}"
    verb = "was refused" if event.outcome == "refused" else "would have been refused"
    yield f"{event.id}: {one_line(what)} {verb}."
    for proposal in proposals:
        one, rule = proposal.exclusion, load_rules().rules.get(proposal.exclusion.rule)
        yield f"  by {one.rule}" + (f" at {one_line(one.place)}" if one.place else "")
        if rule is not None:
            yield f"  {rule.owner}"
        yield f"Let through would be: this rule at {_spot(one.operation, one.place)}, for {counted(days, 'day')}."
        yield f"All else is judged as before. In the last {REPLAYED_DAYS} days it {_replayed(proposal)}"


def _replayed(proposal: Proposal) -> str:
    found = proposal.replay
    if not found.requests:
        return "would have let through nothing else: 0 attacks."
    text = (
        f"would also have let through {counted(found.requests, 'request')} of {counted(found.callers, 'caller')}: "
        f"{counted(found.attacks, 'attack')}."
    )
    if found.hostile:
        shown = ", ".join(one_line(name) for name in found.hostile[:MAX_NAMED])
        text += f" They came from {shown}" + (" and others." if len(found.hostile) > MAX_NAMED else ".")
    return text + (" There were more refusals than could be looked at." if found.is_cut else "")


def _ask(given: Mapping[str, object], incident: str) -> None:
    if given.get("yes"):
        return
    if not sys.stdin.isatty():
        raise AdvisedError(
            "Nothing was changed.", "There is nobody to ask here.", f"Say it outright: apiward allow {incident} --yes"
        )
    click.confirm("Let it through?", abort=True, err=True)


def _write(
    desk: AllowDesk, event: Event, proposals: tuple[Proposal, ...], given: Mapping[str, object], days: int
) -> None:
    fresh = tuple(one for one in proposals if desk.standing(one.exclusion) is None)
    reason = one_line(str(given.get("reason") or "")) or "It was refused wrongly."
    made = desk.allow(event, fresh, reason=reason, owner=_owner(given), days=days)
    for one in made:
        say(f"It is let through as {one.id} until {day(one.expires_s)}. A guard that runs knows it within a second.")
    say(f"To take it back: apiward allow remove {made[0].id}")


def _owner(given: Mapping[str, object]) -> str:
    named = str(given.get("owner") or "")
    if named:
        return one_line(named)
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # an account without a name, as in some containers
        return ""


def _shown(one: Allowance, now_s: float) -> Iterator[str]:
    ended = f"ended on {day(one.expires_s)}" if one.expires_s <= now_s else f"until {day(one.expires_s)}"
    yield f"{one.id}  {ended}"
    yield f"  {one.rule} at {_spot(one.operation, one.place)}"
    facts = [one_line(one.reason).rstrip("."), f"by {one_line(one.owner)}" if one.owner else ""]
    yield f"  {', '.join(fact for fact in facts if fact) or 'Nobody said why'}."


def _spot(operation: str, place: str) -> str:
    return f"{one_line(place)} of {one_line(operation)}" if place else one_line(operation)
