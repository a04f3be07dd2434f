"""What `apiward findings` does: lists, shows, accepts, and tells what has changed."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Final

from apiward.app.recording.accepting import FindingDesk, Standing, day_of
from apiward.catalogue.loading import load_catalogue
from apiward.cli.exits import ExitCode
from apiward.cli.moments import shown, span_of
from apiward.cli.speaking import say, write_out
from apiward.cli.store_places import opened, usable
from apiward.core.kept_finding import FindingState, FindingTurn
from apiward.prove.neutral import one_line, shortened

SCHEMA: Final = "apiward.findings/1"
_DAY_S: Final = 86_400.0
_TURNS: Final = {
    FindingTurn.NEW: "Found",
    FindingTurn.STILL_THERE: "Still there",
    FindingTurn.FIXED: "Fixed: it held",
    FindingTurn.CAME_BACK: "It came back",
}


def list_findings(given: Mapping[str, object]) -> int:
    """List findings. Raises AdvisedError."""
    with _desk(given) as desk:
        found = desk.listed(target=_url(given), is_all=bool(given.get("is_all")))
        accepted = 0 if given.get("is_all") else _accepted(desk, given)
    if given.get("is_json"):
        write_out(json.dumps({"schema": SCHEMA, "findings": [_entry(one) for one in found]}, indent=2) + "\n")
        return ExitCode.HOLDS
    for one in found:
        write_out(f"{_line(one)}\n")
    if not found:
        say("Nothing is open." if not given.get("is_all") else "No scan has kept a finding here.")
    else:
        say(f"Look at the first one: apiward findings show {found[0].finding.id}")
    if accepted:
        say(f"Accepted, not counted: {accepted}. See: apiward findings --all")
    return ExitCode.HOLDS


def show_finding(given: Mapping[str, object]) -> int:
    """Show one. Raises AdvisedError."""
    with _desk(given) as desk:
        found = desk.get(str(given["finding"]), target=_url(given))
    write_out("".join(f"{line}\n" for line in _shown(found)))
    return ExitCode.HOLDS


def accept_finding(given: Mapping[str, object]) -> int:
    """Accept one. Raises AdvisedError."""
    until_s = _until(str(given["until"]), time.time())
    with _desk(given) as desk:
        found = desk.accept(str(given["finding"]), reason=str(given["reason"]), until_s=until_s, target=_url(given))
    ends = day_of(found.accepted.until_s) if found.accepted else ""
    say(f"{found.finding.id} is accepted until {ends}. Scans that keep their findings here do not count it.")
    say(f"To let it count again: apiward findings unaccept {found.finding.id}")
    return ExitCode.HOLDS


def unaccept_finding(given: Mapping[str, object]) -> int:
    """Let one count again. Raises AdvisedError."""
    with _desk(given) as desk:
        found = desk.take_back(str(given["finding"]), target=_url(given))
    say(f"{found.finding.id} counts again.")
    return ExitCode.HOLDS


def list_history(given: Mapping[str, object]) -> int:
    """List what has changed, the newest first. Raises AdvisedError."""
    with _desk(given) as desk:
        found = desk.listed(target=_url(given), is_all=True)
    moments = sorted(((at_s, one, said) for one in found for at_s, said in _moments(one)), key=lambda m: -m[0])
    if given.get("is_json"):
        entries = [
            {"at_s": at_s, "finding": one.finding.id, "target": one.finding.target, "said": said}
            for at_s, one, said in moments
        ]
        write_out(json.dumps({"schema": SCHEMA, "history": entries}, indent=2) + "\n")
        return ExitCode.HOLDS
    for at_s, one, said in moments:
        write_out(f"{shown(at_s)}  {one.finding.id}  {said}: {_title(one)}\n")
    if not moments:
        say("No scan has kept a finding here.")
    return ExitCode.HOLDS


@contextmanager
def _desk(given: Mapping[str, object]) -> Iterator[FindingDesk]:
    with opened(given) as store, usable():
        yield FindingDesk(store)


def _accepted(desk: FindingDesk, given: Mapping[str, object]) -> int:
    return sum(one.accepted is not None for one in desk.listed(target=_url(given), is_all=True))


def _url(given: Mapping[str, object]) -> str:
    return str(given.get("url") or "")


def _line(one: Standing) -> str:
    finding = one.finding
    state = f", accepted until {day_of(one.accepted.until_s)}" if one.accepted else ""
    state = ", fixed" if finding.state is FindingState.FIXED else state
    where = f" at {one_line(finding.operation)}" if finding.operation else ""
    severity = finding.severity.word.capitalize()
    return f"{finding.id}  {severity}{state}: {_title(one)}{where}, since {_day(finding.first_s)}"


def _shown(one: Standing) -> Iterator[str]:
    finding = one.finding
    yield _line(one)
    yield f"  Where: {one_line(finding.target)}" + (f", {one_line(finding.place)}" if finding.place else "")
    yield f"  What we saw: {shortened(one_line(finding.saw), 300)}"
    entry = load_catalogue().checks.get(finding.check)
    if entry is not None:
        yield f"  What it means: {entry.meaning}"
        yield f"  What to do: {entry.fix}"
    yield f"  More: apiward explain {finding.id}, apiward replay {finding.id}"
    yield "  History (UTC):"
    for at_s, said in sorted(_moments(one)):
        yield f"    {shown(at_s)}  {said}"


def _moments(one: Standing) -> Iterator[tuple[float, str]]:
    """Yield what happened to a finding. That it is still there is told of the last scan alone."""
    turns = one.finding.history
    for number, moment in enumerate(turns):
        if moment.kind is not FindingTurn.STILL_THERE or number == len(turns) - 1:
            yield moment.at_s, _TURNS[moment.kind]
    for past in one.past:
        by = one_line(past.by)
        if past.is_over:
            yield past.at_s, f"Accepted no longer, by {by}"
        else:
            yield past.at_s, f"Accepted until {day_of(past.until_s)}, by {by}: {one_line(past.reason)}"


def _title(one: Standing) -> str:
    entry = load_catalogue().checks.get(one.finding.check)
    return entry.title if entry is not None else one_line(one.finding.check)


def _entry(one: Standing) -> dict[str, object]:
    finding, accepted = one.finding, one.accepted
    return {
        "id": finding.id,
        "target": finding.target,
        "check": finding.check,
        "title": _title(one),
        "operation": finding.operation,
        "place": finding.place,
        "severity": finding.severity.word,
        "state": finding.state.value,
        "first_s": finding.first_s,
        "last_s": finding.last_s,
        "fixed_s": finding.fixed_s,
        "times": finding.times,
        "accepted": accepted and {"reason": accepted.reason, "by": accepted.by, "until": day_of(accepted.until_s)},
    }


def _until(typed: str, now_s: float) -> float:
    """Return the end of the day that is typed, or of a span from now on."""
    try:
        day = date.fromisoformat(typed.strip())
    except ValueError:
        return now_s + span_of(typed, "--until")
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() + _DAY_S


def _day(at_s: float) -> str:
    return shown(at_s)[:10]
