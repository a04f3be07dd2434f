"""The time limits of a breach as a calendar file (RFC 5545): each is an entry that reminds in time."""

from collections.abc import Iterable, Iterator
from typing import Final

from apiward.core.moments import utc
from apiward.watch.breach.limits import Running

PRODUCT: Final = "-//apiward//breach//EN"
MOST_BYTES: Final = 75
"""Bytes of a line, as RFC 5545 (3.1) has it; what is longer goes on in the next one."""
_DAY_S: Final = 86_400.0
_HOUR_S: Final = 3_600.0
_ALARMS: Final = ((_DAY_S, "-P1D"), (3 * _HOUR_S, "-PT3H"), (_HOUR_S, "-PT1H"))
_NO_ADVICE: Final = "This is no legal advice."


def calendar_lines(limits: Iterable[Running], *, breach: str, started_s: float, now_s: float) -> Iterator[str]:
    """Yield the lines of the file, without their ends (which are CRLF). What has no end of its own is left out.

    A later file has the same entries under the same names, with a higher number: calendars take them for a change.
    """
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN")
    number = max(int(now_s - started_s), 0)
    for one in limits:
        if one.until_s is not None:
            yield from _entry(one, one.until_s, breach, number, now_s)
    yield "END:VCALENDAR"


def _entry(one: Running, until_s: float, breach: str, number: int, now_s: float) -> Iterator[str]:
    clock = one.clock
    lead = "Last moment" if one.is_sure else "Perhaps the last moment"
    summary = f"{lead}: {clock.regime}: {clock.duty}"
    told = [
        f"To: {clock.to}.",
        f"Letter: apiward breach draft {clock.name} --id {breach}",
        f"{clock.law}, as of {clock.checked_on}.",
        *one.questions,
        _NO_ADVICE,
    ]
    yield "BEGIN:VEVENT"
    yield from _field("UID", f"{clock.name}.{breach}@apiward")
    yield f"DTSTAMP:{_moment(now_s)}"
    yield f"DTSTART:{_moment(until_s)}"
    yield f"SEQUENCE:{number}"
    yield from _field("SUMMARY", _escaped(summary))
    yield from _field("DESCRIPTION", _escaped("\n".join(told)))
    yield f"STATUS:{'CONFIRMED' if one.is_sure else 'TENTATIVE'}"
    yield "TRANSP:TRANSPARENT"
    for before_s, trigger in _ALARMS:
        if until_s - now_s > before_s:
            yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"TRIGGER:{trigger}")
            yield from _field("DESCRIPTION", _escaped(summary))
            yield "END:VALARM"
    yield "END:VEVENT"


def _field(name: str, value: str) -> Iterator[str]:
    """Yield a line, folded: each further part begins with a space, and no letter is cut in two."""
    line, used = "", 0
    for letter in f"{name}:{value}":
        size = len(letter.encode("utf-8", "replace"))
        if used + size > MOST_BYTES:
            yield line
            line, used = " ", 1
        line += letter
        used += size
    yield line


def _escaped(text: str) -> str:
    """Return text as a value (RFC 5545, 3.3.11); what cannot be printed is left out."""
    kept = "".join(letter for letter in text if letter == "\n" or letter.isprintable())
    for sign in ("\\", ";", ","):
        kept = kept.replace(sign, f"\\{sign}")
    return kept.replace("\n", "\\n")


def _moment(at_s: float) -> str:
    return f"{utc(at_s):%Y%m%dT%H%M%SZ}"
