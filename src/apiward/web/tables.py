"""Pages as tables, for their form as CSV: the same values of the same query, one line for each entry of the list."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from apiward.app.page.incidents import Incidents
from apiward.app.page.inventory import Inventory, OperationShown
from apiward.app.page.reports import Reports
from apiward.app.page.risks import Risks
from apiward.app.page.traffic import Traffic
from apiward.catalogue.page import load_page_words
from apiward.web.csv_form import Value

Row = Sequence[Value]


@dataclass(frozen=True, slots=True)
class Table:
    """The names of the columns, in words, and the lines."""

    head: tuple[str, ...]
    rows: tuple[Row, ...]


def table_of(view: object) -> Table | None:
    """Return the list of a page, None for pages that are no list."""
    made = next((make for kind, make in _MAKERS if isinstance(view, kind)), None)
    return made(view) if made is not None else None


def _risks(view: Risks) -> Table:
    names = ("id", "check", "what", "operation", "place", "severity", "confidence", "list", "first", "until", "saw")
    rows = (
        (
            *(one.id, cause.check, cause.title, one.operation, one.place, one.severity, one.confidence),
            *(one.kind.value, one.since, one.until, one.saw),
        )
        for cause in view.causes
        for one in cause.findings
    )
    return _table(names, rows)


def _incidents(view: Incidents) -> Table:
    names = ("id", "what", "severity", "state", "who", "first", "last", "requests", "drill")
    return _table(
        names,
        (
            (*(one.id, one.title, one.severity, one.state, one.who, one.first, one.last), one.requests, one.is_drill)
            for one in view.lines
        ),
    )


def _refusals(view: Traffic) -> Table:
    names = ("id", "at", "operation", "who", "rule", "why", "applied", "allowed")
    return _table(
        names,
        (
            (one.id, one.at, one.operation, one.who, one.rule, one.why, one.is_applied, one.allowed_as)
            for one in view.refusals
        ),
    )


def _operations(view: Inventory) -> Table:
    said = load_page_words().said
    names = ("operation", "described", "deprecated", "staff", "requests", "last", "reached", "findings", "data")
    head = [said(f"tables.{name}") for name in names]
    callers = [one.name if one.kind == "role" else said(f"inventory.caller-{one.kind}") for one in view.callers]
    return Table((*head, *callers), tuple(map(_operation, view.operations)))


def _operation(one: OperationShown) -> Row:
    said = load_page_words().said
    data = "; ".join(f"{said(f'inventory.data-{place.kind}')} ({place.place})" for place in one.data)
    return (
        *(one.operation, _flag(one.is_described), _flag(one.is_deprecated), _flag(one.is_for_staff)),
        *(one.requests, one.last, _flag(one.is_reached), one.findings, data),
        *(said(f"inventory.cell-{cell.may.value}-{cell.seen.value}") for cell in one.cells),
    )


def _scans(view: Reports) -> Table:
    names = ("at", "level", "whole", "letter", "share", "decided", "runs", "requests", "open")
    return _table(
        names,
        (
            (*(one.at, one.level, one.is_whole, one.letter, one.share), one.decided, one.runs, one.requests, one.open)
            for one in view.scans
        ),
    )


def _table(names: Iterable[str], rows: Iterable[Row]) -> Table:
    said = load_page_words().said
    head = tuple(said(f"tables.{name}") for name in names)
    return Table(head, tuple([_flag(cell) if isinstance(cell, bool) else cell for cell in row] for row in rows))


def _flag(is_so: bool | None) -> str | None:  # noqa: FBT001 - a value, and no switch
    return None if is_so is None else load_page_words().said("tables.yes" if is_so else "tables.no")


_MAKERS: tuple[tuple[type, Callable[..., Table]], ...] = (
    (Risks, _risks),
    (Incidents, _incidents),
    (Traffic, _refusals),
    (Inventory, _operations),
    (Reports, _scans),
)
