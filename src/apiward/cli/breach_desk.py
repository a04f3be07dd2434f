"""What `apiward breach` does."""

import textwrap
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from apiward.app.breach.desk import (
    Begun,
    begin,
    facts_of,
    held_words,
    letter_for,
    limits_of,
    named,
    read_breach,
    update,
)
from apiward.app.breach.records import Breach, evidence_path
from apiward.catalogue.clocks import DATA, ROLES
from apiward.cli.exits import ExitCode
from apiward.cli.moments import moment_of
from apiward.cli.outputs import lines_to
from apiward.cli.speaking import say, width, write_out
from apiward.cli.store_places import opened, place_of
from apiward.config.business import BusinessConfig, check_places, check_words, load_business
from apiward.config.errors import AdvisedError
from apiward.config.names import FILE_NAME
from apiward.prove.neutral import one_line
from apiward.watch.breach.calendar import calendar_lines
from apiward.watch.breach.limits import Running

_NO_ADVICE: Final = "This is no legal advice. Ask somebody who knows your law."
_SURE: Final = {"text": "read in a copy of the law", "secondary": "as others report it", "unverified": "not verified"}
_HOUR_S: Final = 3_600


def start_breach(given: Mapping[str, object]) -> int:
    """Begin a breach. Raises AdvisedError."""
    now_s = time.time()
    business = _business(given)
    facts = facts_of(business, _past(given.get("noticed"), "--noticed", now_s) or now_s)
    incident = str(given.get("incident") or "")
    wanted = Breach("", now_s, "", facts, business.name, business.contact, incident=incident)
    with opened(given) as store:
        begun = begin(store, _learned(wanted, given, now_s), now_s=now_s)
    _say_begun(begun)
    _write_limits(limits_of(begun.breach), now_s)
    say(f"For your calendar: apiward breach calendar {begun.breach.id} -o limits.ics")
    return ExitCode.HOLDS


def update_breach(given: Mapping[str, object]) -> int:
    """Add what was learned since. Raises AdvisedError."""
    folder, now_s = place_of(given)[0].data, time.time()
    before = read_breach(folder, str(given.get("id") or ""))
    business = _business(given)
    named = replace(before, business=business.name or before.business, contact=business.contact or before.contact)
    after = _learned(named, given, now_s)
    if after == before:
        raise AdvisedError("Nothing new was said.", "", "See: apiward breach update --help")
    if not update(folder, after, now_s=now_s):
        say("It could not be put into the audit record.")
    write_out(f"Breach {after.id} was updated.\n")
    _write_limits(limits_of(after), now_s)
    return ExitCode.HOLDS


def show_breach(given: Mapping[str, object]) -> int:
    """Show a breach. Raises AdvisedError."""
    folder = place_of(given)[0].data
    breach = read_breach(folder, str(given.get("id") or ""))
    write_out(f"Breach {breach.id}, begun by {one_line(breach.by)}.\n")
    for title, value in _known(breach):
        write_out(f"  {title + ':':<20}{one_line(value) or 'not known yet'}\n")
    write_out(f"  {'evidence:':<20}{evidence_path(folder, breach.id)}\n")
    _write_limits(limits_of(breach), time.time())
    return ExitCode.HOLDS


def draft_letter(given: Mapping[str, object]) -> int:
    """Draft a letter. Raises AdvisedError."""
    folder = place_of(given)[0].data
    breach = read_breach(folder, str(given.get("id") or ""))
    held = ""
    if breach.incident:
        with opened(given) as store:
            held = held_words(store, breach)
    title, draft = letter_for(breach, str(given["letter"]), held=held)
    lines_to(given.get("output"), _wrapped(draft.text))
    say(f"{title}. Left open: {len(draft.open)}.")
    say(_NO_ADVICE)
    return ExitCode.HOLDS


def write_calendar(given: Mapping[str, object]) -> int:
    """Write the limits as a calendar file. Raises AdvisedError."""
    breach = read_breach(place_of(given)[0].data, str(given.get("id") or ""))
    limits = limits_of(breach)
    lines = calendar_lines(limits, breach=breach.id, started_s=breach.started_s, now_s=time.time())
    lines_to(given.get("output"), (f"{line}\r" for line in lines))
    endless = sum(one.until_s is None for one in limits)
    say(f"Time limits in it: {len(limits) - endless}. Without an end of their own yet: {endless}.")
    say(_NO_ADVICE)
    return ExitCode.HOLDS


def _business(given: Mapping[str, object]) -> BusinessConfig:
    file = Path(str(given.get("config") or FILE_NAME))
    return load_business(file) if file.exists() or given.get("config") else BusinessConfig()


def _learned(breach: Breach, given: Mapping[str, object], now_s: float) -> Breach:
    """Return the record with what the options say; what they do not say stays."""
    facts, people = breach.facts, given.get("people")
    learned: dict[str, Any] = {
        "business_in": _listed(given.get("business_in"), lambda words: check_places(words, "--business-in")),
        "people_in": _listed(given.get("people_in"), lambda words: check_places(words, "--people-in")),
        "data": named(_listed(given.get("kinds"), lambda words: check_words(words, DATA, "--data-touched"))),
        "roles": named(_listed(given.get("roles"), lambda words: check_words(words, ROLES, "--role"))),
        "people": people if isinstance(people, int) else None,
        "risk": given.get("risk"),
        "judged_s": _past(given.get("judged"), "--judged", now_s),
        "told_s": _past(given.get("told"), "--told", now_s),
    }
    fresh = replace(facts, **{name: value for name, value in learned.items() if value is not None})
    return replace(breach, facts=fresh, what=str(given.get("what") or breach.what))


def _listed(value: object, check: Callable[[tuple[str, ...]], None]) -> tuple[str, ...] | None:
    if not value:
        return None
    words = tuple(one.strip() for one in str(value).split(","))
    try:
        check(words)
    except ValueError as error:
        raise AdvisedError(f"{error}.", "", "See: apiward breach start --help") from None
    return words


def _past(value: object, option: str, now_s: float) -> float | None:
    if not value:
        return None
    at_s = moment_of(str(value), option, now_s)
    if at_s > now_s:
        raise AdvisedError(f"{option} is in the future.", "", "Say when it was.")
    return at_s


def _known(breach: Breach) -> list[tuple[str, str]]:
    facts = breach.facts
    lists = (facts.business_in, facts.people_in, facts.data, facts.roles)
    business_in, people_in, data, roles = ("" if one is None else ", ".join(one) or "none" for one in lists)
    return [
        ("noticed", _moment(facts.noticed_s)),
        ("what happened", breach.what),
        ("incident", breach.incident),
        ("business in", business_in),
        ("people in", people_in),
        ("data", data),
        ("business is", roles),
        ("people", "" if facts.people is None else f"{facts.people:,}"),
        ("harm", facts.risk or ""),
    ]


def _say_begun(begun: Begun) -> None:
    write_out(f"Breach {begun.breach.id} was begun, and the evidence is frozen.\n")
    write_out(f"  {begun.evidence}\n  Its seal: {begun.breach.head}\n")
    write_out("  Keep a copy elsewhere, and write the seal down: nobody can then change it unseen.\n")
    for text in begun.left_out:
        say(one_line(text))
    if not begun.is_in_record:
        say("It could not be put into the audit record.")


def _write_limits(limits: tuple[Running, ...], now_s: float) -> None:
    sure = [one for one in limits if one.is_sure]
    doubtful = [one for one in limits if not one.is_sure]
    for title, some in (("These time limits run", sure), ("These may run; answer the questions", doubtful)):
        if some:
            write_out(f"\n{title}:\n")
        for one in some:
            _write_limit(one, now_s)
    if not limits:
        write_out("\nNo time limit that apiward knows runs.\n")
    say(_NO_ADVICE)


def _write_limit(one: Running, now_s: float) -> None:
    clock = one.clock
    write_out(_filled(f"{_end(one, now_s)}. {clock.regime}: {clock.duty}", "- "))
    write_out(_filled(f"To: {clock.to}. Letter: apiward breach draft {clock.name}", "    "))
    write_out(_filled(f"{clock.law} ({_SURE[clock.certainty]}, as of {clock.checked_on})", "    "))
    for question in one.questions:
        write_out(_filled(question, "    ? "))


def _end(one: Running, now_s: float) -> str:
    if one.until_s is None:
        return {
            "judged": f"{one.clock.within} after you have judged it",
            "told": f"{one.clock.within} after it is told",
        }[one.clock.starts]
    if one.clock.within == "at once":
        return "At once"
    left_s = one.until_s - now_s
    if left_s < 0:
        return f"Over since {_moment(one.until_s)}"
    hours = int(left_s // _HOUR_S)
    return f"Until {_moment(one.until_s)} (in {f'{hours} hours' if hours < 100 else f'{hours // 24} days'})"


def _moment(at_s: float) -> str:
    return f"{datetime.fromtimestamp(at_s, UTC):%Y-%m-%d %H:%M} UTC"


def _wrapped(text: str) -> list[str]:
    lines: list[str] = []
    for line in text.rstrip("\n").split("\n"):
        lines += textwrap.wrap(line, 80, break_on_hyphens=False, subsequent_indent="    " * line.startswith(" ")) or [
            ""
        ]
    return lines


def _filled(text: str, lead: str) -> str:
    indent = " " * len(lead)
    return textwrap.fill(text, width(), initial_indent=lead, subsequent_indent=indent, break_on_hyphens=False) + "\n"
