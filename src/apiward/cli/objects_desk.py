"""What `apiward objects` does: kinds of objects and would-be refusals to stdout, all talk to stderr."""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from apiward.app.guarding.objects import KindState, ObjectsDesk, Refusal
from apiward.app.guarding.place import Place
from apiward.cli.columns import in_columns
from apiward.cli.exits import ExitCode
from apiward.cli.guarding import settings
from apiward.cli.speaking import say, write_out
from apiward.config.errors import AdvisedError
from apiward.core.objects import ObjectMode
from apiward.prove.neutral import one_line, shortened

SCHEMA: Final = "apiward.objects/1"
_COLUMNS: Final = ("kind", "whose", "mode", "objects", "quiet days", "reached at")
_LONGEST_CELL: Final = 70
_LISTED: Final = 20


def list_objects(given: Mapping[str, object]) -> int:
    """List all kinds, and what would have been refused. Raises AdvisedError."""
    days = given.get("days")
    states = _desk(given).states(days=days if isinstance(days, int) else 7)
    if given.get("form") == "json":
        kinds = [{**asdict(state), "mode": str(state.mode), "is_ready": state.is_ready} for state in states]
        write_out(json.dumps({"schema": SCHEMA, "kinds": kinds}, indent=2) + "\n")
        return ExitCode.HOLDS
    if not states:
        say("Nothing has been learned yet. Let the guard run in front of your API for a few days.")
        return ExitCode.HOLDS
    write_out("".join(f"{line}\n" for line in in_columns(_COLUMNS, map(_row, states), longest=_LONGEST_CELL)))
    refusals = sorted((one for state in states for one in state.refusals), key=lambda one: one.at_s)
    write_out("".join(f"{line}\n" for line in _told(refusals)))
    ready = [state.name for state in states if state.is_ready and state.mode is not ObjectMode.ENFORCE]
    if ready:
        say(f"Ready to be enforced: {', '.join(ready)}. Do it with: apiward objects enforce {ready[0]}")
    return ExitCode.HOLDS


def set_mode(mode: str, given: Mapping[str, object]) -> int:
    """Set the mode of one kind. Raises AdvisedError."""
    desk, wanted = _desk(given), ObjectMode(mode)
    state = desk.state(str(given["kind"]))
    if wanted is ObjectMode.ENFORCE and not state.is_ready and not given.get("anyway"):
        raise _not_ready(state)
    desk.set_mode(state.name, wanted, reason=str(given.get("reason") or ""))
    what = {
        ObjectMode.ENFORCE: "Access to other people's is refused from now on.",
        ObjectMode.SHADOW: "Access to other people's is noted, and not refused.",
        ObjectMode.OBSERVE: "Nothing is said of it; the guard goes on learning.",
    }
    say(f"{state.name} is set to {wanted}. {what[wanted]} Take it back with: apiward objects undo")
    return ExitCode.HOLDS


def share(given: Mapping[str, object]) -> int:
    """Write that two callers are colleagues. Raises AdvisedError."""
    first, second, kind = str(given["first"]), str(given["second"]), str(given.get("kind") or "")
    desk = _desk(given)
    name = desk.state(kind).name if kind else ""
    desk.share(first, second, kind=name, thing=str(given.get("thing") or ""), reason=str(given.get("reason") or ""))
    say(f"{one_line(first)} and {one_line(second)} may reach each other's. Take it back with: apiward objects undo")
    return ExitCode.HOLDS


def undo(given: Mapping[str, object]) -> int:
    """Take back what was written last. Raises AdvisedError."""
    say(f"Taken back: {one_line(_desk(given).undo())}.")
    return ExitCode.HOLDS


def _desk(given: Mapping[str, object]) -> ObjectsDesk:
    file, config = settings(given)
    data = given.get("data")
    if data:
        config = replace(config, data=str(Path(str(data)).absolute()))
    return ObjectsDesk(Place.of(file, config), config, time.time())


def _not_ready(state: KindState) -> AdvisedError:
    if state.standing in ("public", "not known yet"):
        why = f"Whose these objects are is {state.standing}." if state.standing != "public" else "They are public."
        return AdvisedError(f"{state.name} is not ready to be enforced.", why, "To do it all the same, add --anyway.")
    last = "".join(f"\n  {line}" for line in map(_sentence, state.refusals[-5:]))
    why = f"It was quiet for {state.clean_days} days, and {state.wanted_days} are wanted.{last}"
    advice = "If they are colleagues: apiward objects share. To enforce all the same, add --anyway."
    return AdvisedError(f"{state.name} is not ready to be enforced.", why, advice)


def _row(state: KindState) -> tuple[str, ...]:
    places = ", ".join(state.places[:3]) + (" …" if len(state.places) > 3 else "")
    quiet = f"{state.clean_days} of {state.wanted_days}"
    return state.name, state.standing, str(state.mode), f"{state.objects:,}", quiet, places or "-"


def _told(refusals: list[Refusal]) -> Iterator[str]:
    if not refusals:
        yield "\nNobody reached for what belongs to somebody else."
        return
    yield "\nReached for what belongs to somebody else:"
    yield from (f"  {_sentence(one)}" for one in refusals[-_LISTED:])
    if len(refusals) > _LISTED:
        yield f"  and {len(refusals) - _LISTED:,} before these"


def _sentence(one: Refusal) -> str:
    done = "refused" if one.is_applied else "would have been refused"
    when = f"{datetime.fromtimestamp(one.at_s, UTC):%Y-%m-%d %H:%M} UTC"
    verb = "change" if one.deed == "write" else "read"
    owner = one.owner or "somebody else"
    return one_line(f"{when}  {one.caller} wanted to {verb} {shortened(one.path, 60)}, of {owner}: {done}")
