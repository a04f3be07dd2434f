"""`apiward explain`: the words of the catalogue on a check, a risk, or a finding of an earlier scan."""

import os
import textwrap
from collections.abc import Iterator
from difflib import get_close_matches

import click

from apiward.catalogue.entries import CheckEntry, Risk
from apiward.catalogue.loading import FAMILIES, load_catalogue
from apiward.catalogue.lookup import find_check
from apiward.cli.hints import near_checks
from apiward.cli.speaking import width, write_out
from apiward.cli.state import state_of
from apiward.config.errors import AdvisedError
from apiward.core.jsonvalue import Json
from apiward.prove import words
from apiward.prove.neutral import neutral, one_line

_LABEL = 12


@click.command("explain")
@click.argument("what", required=False, metavar="[CODE|NAME|FAMILY|RISK|FINDING]")
def COMMAND(what: str | None) -> None:  # noqa: N802 - the name that the group looks for
    """Say what a check, a risk or a finding means, why it matters, and how to fix it.

    Without a name: list everything that can be explained.
    """
    lines = _listed() if what is None else _explained(what)
    write_out("\n".join(lines) + "\n")


def _explained(what: str) -> Iterator[str]:
    entry = find_check(what)
    if entry is not None:
        return _check(entry)
    risk = load_catalogue().risks.get(what.lower())
    if risk is not None:
        return _risk(risk)
    known = [e for e in load_catalogue().checks.values() if what.upper() in _known_as(e).upper().split(", ")]
    if known:
        return _same_name(what.upper(), known)
    if what.lower() in FAMILIES:
        return _family(what.lower())
    found = state_of(os.environ).find(what)
    if found is not None:
        return _finding(found[1])
    near = tuple(
        dict.fromkeys((*near_checks(what), *get_close_matches(what.lower(), list(load_catalogue().risks), n=2)))
    )
    hint = (
        f"Did you mean {' or '.join(near)}?" if near else "It is no check, no risk, and no finding of a scan kept here."
    )
    raise AdvisedError(f"Nothing is known as {what[:40]!a}.", hint, "List everything with: apiward explain")


def _family(name: str) -> Iterator[str]:
    entries = [entry for entry in load_catalogue().checks.values() if entry.family == name]
    yield f"{name}: {len(entries)} checks. All of them: apiward scan URL --only {name}"
    yield from (f"  {entry.code}  {entry.title}" for entry in entries)
    yield ""
    yield f"More on one of them: apiward explain {entries[0].code}"


def _same_name(name: str, entries: list[CheckEntry]) -> Iterator[str]:
    yield f"Checks that look for {name}:"
    yield from (f"  {entry.code}  {entry.title}" for entry in entries)
    yield ""
    yield f"More on one of them: apiward explain {entries[0].code}"


def _listed() -> Iterator[str]:
    catalogue = load_catalogue()
    for family in FAMILIES:
        yield f"{family}:"
        for entry in catalogue.checks.values():
            if entry.family == family:
                yield f"  {entry.code}  {entry.title}"
    yield "risks:"
    column = max(map(len, catalogue.risks))
    for id_, risk in catalogue.risks.items():
        yield f"  {id_:<{column}}  {risk.title}"
    yield ""
    yield "More on one of them: apiward explain OBJ01"


def _check(entry: CheckEntry, ask: str = "") -> Iterator[str]:
    yield f"{entry.code} {entry.name} · {entry.severity.word}"
    yield from _text(entry.title + ".")
    yield ""
    yield from _labelled("matters", entry.meaning)
    yield from _labelled("fix", entry.fix)
    yield from _labelled("effort", f"usually {words.effort(entry.effort_h)}")
    yield from _labelled("proves", entry.proves)
    yield from _labelled("cannot", entry.cannot)
    yield from _labelled("until then", entry.held_by)
    yield from _labelled("risks", ", ".join(f"{id_} (apiward explain {id_})" for id_ in entry.risks))
    yield from _labelled("known as", _known_as(entry))
    yield from _labelled("sources", "; ".join(entry.references))
    yield ""
    yield "Send to your developer:"
    yield from _text(ask or words.filled(entry.ask, operation="(the operation)", saw="(what we saw.)"), indent=2)


def _risk(risk: Risk) -> Iterator[str]:
    yield risk.id
    yield from _text(risk.title + ".")
    yield ""
    yield from _labelled("what", risk.what)
    yield from _labelled("matters", risk.impact)
    yield from _labelled("remedy", risk.remedy)
    known = [*risk.owasp_2019, *risk.owasp_2023, *(f"CWE-{number}" for number in risk.cwe)]
    yield from _labelled("known as", ", ".join(known))
    checks = [entry.code for entry in load_catalogue().checks.values() if risk.id in entry.risks]
    yield from _labelled("checks", ", ".join(checks) or "none yet: apiward cannot see it from outside")


def _finding(finding: dict[str, Json]) -> Iterator[str]:
    def text(key: str) -> str:
        return one_line(str(finding.get(key, "")))

    entry = find_check(text("check"))
    yield f"{text('id')} {text('check')} · {text('severity')} · {text('confidence')}"
    yield from _labelled("where", text("operation") + (f" ({text('place')})" if text("place") else ""))
    yield from _labelled("saw", text("saw"))
    yield f"{'  try it':<{_LABEL}}{neutral(str(finding.get('curl', '')))}"
    yield from _labelled("again", f"apiward replay {text('id')}")
    yield ""
    if entry is not None:
        yield from _check(entry, words.filled(entry.ask, operation=text("operation"), saw=text("saw")))


def _known_as(entry: CheckEntry) -> str:
    return ", ".join([*entry.owasp_2019, *entry.owasp_2023, *(f"CWE-{number}" for number in entry.cwe)])


def _labelled(label: str, text: str) -> list[str]:
    lead = f"  {label}".ljust(_LABEL)
    return textwrap.wrap(text, width(), initial_indent=lead, subsequent_indent=" " * _LABEL, break_on_hyphens=False)


def _text(text: str, *, indent: int = 0) -> list[str]:
    lead = " " * indent
    return textwrap.wrap(text, width(), initial_indent=lead, subsequent_indent=lead)
