"""Findings that somebody accepted, with a reason and a day on which that ends."""

import difflib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Final

from apiward.core.finding import Finding
from apiward.core.jsonvalue import Json, NotJson, parse_json
from apiward.core.scan_report import ScanReport
from apiward.core.verdict import Outcome

SCHEMA: Final = "apiward.baseline/1"
_FIELDS: Final = ("id", "check", "operation", "reason", "accepted_on", "expires_on")
_KNOWN: Final = (*_FIELDS, "target")


class BaselineError(ValueError):
    """A baseline that cannot be read; the message says what, where, and what to do."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """One accepted finding. It counts again from the day after `expires_on`.

    `target` is where it was found, empty where the file does not say; a finding of the same id at
    another address (a copy, a test server) is set aside all the same.
    """

    id: str
    check: str
    operation: str
    reason: str
    accepted_on: date
    expires_on: date
    target: str = ""


@dataclass(frozen=True, slots=True)
class Baseline:
    """All accepted findings, in the order of the file; ids are unique."""

    accepted: tuple[Accepted, ...] = ()


@dataclass(frozen=True, slots=True)
class Applied:
    """A baseline against the findings of one scan: what is set aside, and what has run out."""

    accepted: tuple[Accepted, ...] = ()
    expired: tuple[Accepted, ...] = ()

    @property
    def accepted_ids(self) -> frozenset[str]:
        """The ids of the findings that do not count."""
        return frozenset(entry.id for entry in self.accepted)


@dataclass(frozen=True, slots=True)
class Stale:
    """Entries without a finding: `fixed` hold now and can go; of `unseen` this scan cannot tell."""

    fixed: tuple[Accepted, ...]
    unseen: tuple[Accepted, ...]


def parse_baseline(text: str) -> Baseline:
    """Return the baseline that `text` holds; raises BaselineError."""
    document = parse_json(text)
    if isinstance(document, NotJson) or not isinstance(document, dict):
        raise _error("the file", "is not a JSON object", "Restore it, or write a new one with apiward.")
    if document.get("schema") != SCHEMA:
        raise _error('"schema"', f"is {_shown(document.get('schema'))}", f'Set it to "{SCHEMA}".')
    _no_strangers(document, ("schema", "accepted"), "the file")
    entries = document.get("accepted")
    if not isinstance(entries, list):
        raise _error('"accepted"', "is not a list", "Write a list, [] where nothing is accepted.")
    accepted = tuple(_entry(entry, f"accepted[{i}]") for i, entry in enumerate(entries))
    _no_twins(accepted)
    return Baseline(accepted)


def dumped(baseline: Baseline) -> str:
    """Return `baseline` as the text of its file; `parse_baseline` reads it back."""
    entries = [{key: value for key, value in asdict(e).items() if value} for e in baseline.accepted]
    return json.dumps({"schema": SCHEMA, "accepted": entries}, indent=2, default=date.isoformat) + "\n"


def accept(finding: Finding, *, reason: str, accepted_on: date, expires_on: date, target: str = "") -> Accepted:
    """Return the entry that accepts `finding`."""
    return Accepted(finding.id, finding.check, finding.operation, reason, accepted_on, expires_on, target)


def merged(first: Baseline, second: Baseline) -> Baseline:
    """Return all entries of both; of two with one id, that of `first`."""
    known = {entry.id for entry in first.accepted}
    return Baseline((*first.accepted, *(entry for entry in second.accepted if entry.id not in known)))


def apply_baseline(baseline: Baseline, findings: Iterable[Finding], *, today: date) -> Applied:
    """Return which entries set a finding of this scan aside on the day `today`, and which ran out."""
    ids = {finding.id for finding in findings}
    hits = [entry for entry in baseline.accepted if entry.id in ids]
    return Applied(
        accepted=tuple(entry for entry in hits if entry.expires_on >= today),
        expired=tuple(entry for entry in hits if entry.expires_on < today),
    )


def stale_entries(baseline: Baseline, report: ScanReport) -> Stale:
    """Return the entries without a finding in `report`; only those that were seen to hold are `fixed`."""
    ids = {finding.id for finding in report.findings}
    outcomes: dict[tuple[str, str], set[Outcome]] = {}
    for item in report.items:
        outcomes.setdefault((item.check, item.operation), set()).add(item.outcome)
    missing = [entry for entry in baseline.accepted if entry.id not in ids]
    fixed = [e for e in missing if outcomes.get((e.check, e.operation)) == {Outcome.HOLDS}]
    return Stale(tuple(fixed), tuple(entry for entry in missing if entry not in fixed))


def pruned(baseline: Baseline, stale: Stale) -> Baseline:
    """Return `baseline` without the entries that are fixed."""
    return Baseline(tuple(entry for entry in baseline.accepted if entry not in stale.fixed))


def _entry(value: Json, where: str) -> Accepted:
    if not isinstance(value, dict):
        raise _error(where, "is not an object", f"Give it the fields {', '.join(_FIELDS)}.")
    _no_strangers(value, _KNOWN, where)
    texts = {name: _text(value, name, where) for name in (*_FIELDS, *(["target"] if "target" in value else []))}
    accepted_on = _date(texts["accepted_on"], f"{where}.accepted_on")
    expires_on = _date(texts["expires_on"], f"{where}.expires_on")
    if expires_on < accepted_on:
        raise _error(f"{where}.expires_on", "is before accepted_on", "Set a later day.")
    return Accepted(
        texts["id"],
        texts["check"],
        texts["operation"],
        texts["reason"],
        accepted_on,
        expires_on,
        texts.get("target", ""),
    )


def _text(entry: dict[str, Json], name: str, where: str) -> str:
    value = entry.get(name)
    if isinstance(value, str) and value.strip():
        return value
    raise _error(f"{where}.{name}", "is missing or empty", "Write it down: every accepted finding needs it.")


def _date(text: str, where: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _error(where, f"is {_shown(text)}", "Write a day as 2027-01-31.") from None


def _no_strangers(found: dict[str, Json], known: tuple[str, ...], where: str) -> None:
    for name in found:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            advice = f'Did you mean "{near[0]}"?' if near else f"Allowed are {', '.join(known)}."
            raise _error(where, f"has an unknown field {_shown(name)}", advice)


def _no_twins(accepted: tuple[Accepted, ...]) -> None:
    seen: set[str] = set()
    for number, entry in enumerate(accepted):
        if entry.id in seen:
            raise _error(f"accepted[{number}].id", f"{_shown(entry.id)} is there twice", "Keep one of the two.")
        seen.add(entry.id)


def _shown(value: Json) -> str:
    return json.dumps(value)[:80]


def _error(where: str, what: str, advice: str) -> BaselineError:
    return BaselineError(f"The baseline cannot be used: {where} {what}. {advice}")
