"""The sentences made from counts, in plain language. Text from the target goes in untouched here."""

import re
import shlex
from collections.abc import Iterable, Mapping
from typing import Final

from apiward.core.finding import Severity
from apiward.core.verdict import Confidence, Outcome
from apiward.prove.coverage import NOBODY, OTHERS, Coverage, OperationRow, Reached

SERIOUS: Final = Severity.HIGH
SEVERITY_MEANING: Final = {
    Severity.CRITICAL: "Fix it today. Strangers can do great harm.",
    Severity.HIGH: "Fix it this week. Customer data or money is at risk.",
    Severity.MEDIUM: "Plan it. It helps an attacker, or harms some people.",
    Severity.LOW: "Fix it when you work on that part anyway.",
    Severity.NOTE: "Good to know. Little risk by itself.",
}
CONFIDENCE_MEANING: Final = {
    Confidence.PROVED: "We did it, and compared it with what should happen.",
    Confidence.LIKELY: "The signs are strong, but we did not see the last step.",
}
GLOSSARY: Final = (
    ("API", "The part of your software that apps and websites talk to."),
    ("operation", "One thing the API can do, such as showing an order or changing a password."),
    ("check", "One question we ask the API, such as: may a customer see another customer's order?"),
    ("account", "A test customer that we signed up or that you gave us."),
    ("evidence", "The request we sent and the answer we got. Secrets in it are masked."),
    ("proved", CONFIDENCE_MEANING[Confidence.PROVED]),
    ("likely", CONFIDENCE_MEANING[Confidence.LIKELY]),
)
REACHED_MEANING: Final = {
    Reached.ANSWERED: "gave us a good answer",
    Reached.SILENT: "never gave us a good answer",
    Reached.LEFT_ALONE: "left alone, as calling could do harm",
    Reached.NOT_ASKED: "not called at all",
}
_AS: Final = {NOBODY: "without a log-in", OTHERS: "as other test accounts"}
EVERYTHING_CHECKED: Final = "Every check that we started on these operations came to a clear result."


def counted(number: int, one: str, many: str = "") -> str:
    """Return `3 checks`, `1 check`: the number with the right form of the word."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def headline(serious: int, smaller: int, *, accepted: int = 0, is_enough: bool) -> str:
    """Return the state of the API in one sentence, or two where `accepted` findings still stand."""
    if serious:
        return f"Your API is open to {counted(serious, 'serious problem')}."
    if smaller:
        return f"We found no serious problem, and {counted(smaller, 'smaller one')}."
    if accepted:
        return f"No new problem. {counted(accepted, 'accepted one stands', 'accepted ones stand')}."
    return "We found no problem in what we checked." if is_enough else "We could not check your API."


def smaller_sentence(serious: int, smaller: int) -> str:
    """Return what to think of the smaller problems, or nothing where the headline has said it."""
    if not smaller:
        return ""
    if serious:
        return f"{counted(smaller, 'smaller one')} can wait."
    return "It can wait." if smaller == 1 else "They can wait."


def checked_sentence(coverage: Coverage) -> str:
    """Return how many operations were checked, of how many; the API as a whole where nothing else was."""
    total = counted(len(coverage.operations), "operation")
    kinds = sum(1 for count in coverage.checks if count.holds or count.broken)
    checks = f"with {counted(kinds, 'kind')} of check"
    if coverage.checked:
        return f"Checked {len(coverage.checked)} of {total} {checks}."
    if coverage.beyond:
        return f"Checked the API as a whole {checks}, and none of its {total} alone."
    return f"Checked none of {total}."


def reached_sentence(coverage: Coverage) -> str:
    """Return how many operations gave a good answer to whom, or nothing where nobody noted that."""
    told = [
        f"{count} as {name}" if name not in (NOBODY, OTHERS) else f"{count} {_AS[name]}"
        for name, count in coverage.viewers
    ]
    return f"Operations that gave a good answer: {', '.join(told)}." if told else ""


def answered_to(row: OperationRow) -> str:
    """Return who got a good answer from an operation that gave one."""
    return f"answered: {', '.join(row.viewers)}" if row.viewers else "answered in another way"


def results(row: OperationRow) -> str:
    """Return how the checks on one operation ended: `3 held, 1 gave way, 2 not run`."""
    counts = ((row.holds, "held"), (row.broken, "gave way"), (row.unsure, "unsure"), (row.not_run, "not run"))
    return ", ".join(f"{number} {word}" for number, word in counts if number) or "no check"


def effort(hours: tuple[float, float]) -> str:
    """Return the usual effort as people say it: `30 minutes to 2 hours`."""
    low, high = hours
    if low == high:
        return f"about {_duration(low)}"
    if low >= 1:
        return f"{low:g} to {_duration(high)}"
    if high < 1:
        return f"{low * 60:.0f} to {_duration(high)}"
    return f"{_duration(low)} to {_duration(high)}"


def reason(outcome: Outcome, number: int, why: str) -> str:
    """Return why something was not decided: `12 unsure: the API answered with an error`."""
    return f"{number} {outcome.value.replace('-', ' ')}: {why}"


def took(seconds: float) -> str:
    """Return a duration for people: `12 seconds`, `3 minutes`."""
    if seconds < 120:
        return counted(max(1, round(seconds)), "second")
    return counted(round(seconds / 60), "minute")


def places(operations: Iterable[str]) -> str:
    """Return `GET /a`, or `GET /a and 39 more` where there are several."""
    distinct = tuple(dict.fromkeys(operations))
    return distinct[0] if len(distinct) == 1 else f"{distinct[0]} and {len(distinct) - 1} more"


def filled(template: str, *, operation: str, saw: str) -> str:
    """Return a catalogue text with {operation} and {saw} put in, once: what is put in is not read again."""
    given = {"operation": operation, "saw": saw}
    return re.sub(r"\{(operation|saw)\}", lambda match: given[match[1]], template)


def in_steps(template: str, steps: Mapping[str, str]) -> str:
    """Return a story of the catalogue with {first} and {then} put in, once: what is put in is not read again."""
    return re.sub(r"\{(first|then)\}", lambda match: steps[match[1]], template)


def beside(codes: Iterable[str]) -> str:
    """Return which other problems are very likely mended with one."""
    return f"{', '.join(codes)} in the same place: very likely one slip, mended together"


def first_sentence(text: str) -> str:
    """Return the first sentence of a catalogue text."""
    return re.split(r"(?<=[.!?])\s", text, maxsplit=1)[0]


def scan_command(target: str) -> str:
    """Return the command that scans `target`, without further options."""
    return f"apiward scan {shlex.quote(target)}"


def retest_command(scan: str, checks: Iterable[str]) -> str:
    """Return the command that looks again for these checks only; `scan` is the command of the scan."""
    return f"{scan} --only {','.join(checks)}"


def report_command(scan: str) -> str:
    """Return the command that writes the report to read and to send; `scan` is the command of the scan."""
    return f"{scan} --format html --output report.html"


def _duration(hours: float) -> str:
    if hours < 1:
        return counted(round(hours * 60), "minute")
    return "1 hour" if hours == 1 else f"{hours:g} hours"
