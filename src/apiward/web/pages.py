"""The pages: which address shows what. Each is one query, and so are its numbers and its lists."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

from starlette.requests import Request

from apiward.app.page.incidents import IncidentKind, incident, incidents
from apiward.app.page.inventory import PAGE as MOST_OPERATIONS
from apiward.app.page.inventory import InventoryKind, inventory
from apiward.app.page.reports import reports
from apiward.app.page.risks import RiskKind, risk, risks
from apiward.app.page.search import search
from apiward.app.page.settings_shown import settings_shown
from apiward.app.page.source import PageSource
from apiward.app.page.today import today
from apiward.app.page.traffic import PAGE as MOST_REFUSALS
from apiward.app.page.traffic import TrafficKind, refusal, traffic
from apiward.app.page.work_shown import work_shown
from apiward.config.errors import AdvisedError
from apiward.web.answering import CSV_SUFFIX, wants_json
from apiward.web.forms import number
from apiward.web.visiting import visitor_of

_Kind = TypeVar("_Kind", bound=StrEnum)
MOST_TEXT: Final = 400
MOST_LINES: Final = 1_000
"""Lines of a list as CSV, where the page shows fewer at once."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its address, the name of its template, the part of the page that it belongs to, and its query."""

    path: str
    name: str
    part: str
    query: Callable[[PageSource, Request], object]
    is_list: bool = False
    """Whether it is to be had as CSV, too."""


def _traffic(source: PageSource, request: Request) -> object:
    return traffic(
        source,
        _named(request, TrafficKind),
        operation=_text(request, "operation"),
        before=_text(request, "before"),
        live=number(request.query_params, "live"),
        limit=_most(request, MOST_REFUSALS),
    )


def _inventory(source: PageSource, request: Request) -> object:
    start = _text(request, "from")
    return inventory(
        source,
        _kind(request, InventoryKind.ALL),
        data=_text(request, "data"),
        find=_text(request, "find"),
        start=int(start) if start.isascii() and start.isdigit() and len(start) < 6 else 0,
        limit=_most(request, MOST_OPERATIONS),
    )


def _most(request: Request, usual: int) -> int:
    """Return how many lines a list has at most: a page has some, a file all that may be asked for at once."""
    return MOST_LINES if request.url.path.endswith(CSV_SUFFIX) else usual


def _incident(source: PageSource, request: Request) -> object:
    """Return one incident. Who opens it in a browser has looked at it, so that nobody else need be told."""
    visitor = visitor_of(request)
    if not wants_json(request) and visitor is not None and visitor.role.may_act:
        with contextlib.suppress(AdvisedError):
            source.incident_desk().look(_id(request))
    return incident(source, _id(request))


def _kind(request: Request, usual: _Kind) -> _Kind:
    """Return which list is asked for; what is no list of the page is the usual one."""
    return _named(request, type(usual)) or usual


def _named(request: Request, kinds: type[_Kind]) -> _Kind | None:
    named = _text(request, "kind")
    return next((one for one in kinds if one.value == named), None)


def _id(request: Request) -> str:
    return str(request.path_params["id"])[:MOST_TEXT]


def _text(request: Request, name: str) -> str:
    return request.query_params.get(name, "")[:MOST_TEXT]


PAGES: Final = (
    Page("/today", "today", "today", lambda source, _: today(source)),
    Page(
        "/risks", "risks", "risks", lambda source, request: risks(source, _kind(request, RiskKind.OPEN)), is_list=True
    ),
    Page("/risks/{id}", "risk", "risks", lambda source, request: risk(source, _id(request))),
    Page("/risks/{id}/work", "work", "risks", lambda source, request: work_shown(source, _id(request))),
    Page(
        "/incidents",
        "incidents",
        "incidents",
        lambda source, request: incidents(source, _kind(request, IncidentKind.ALIVE)),
        is_list=True,
    ),
    Page("/incidents/{id}", "incident", "incidents", _incident),
    Page("/traffic", "traffic", "traffic", _traffic, is_list=True),
    Page("/traffic/refusals/{id}", "refusal", "traffic", lambda source, request: refusal(source, _id(request))),
    Page("/inventory", "inventory", "inventory", _inventory, is_list=True),
    Page("/reports", "reports", "reports", lambda source, _: reports(source), is_list=True),
    Page("/search", "search", "search", lambda source, request: search(source, _text(request, "q"))),
    Page("/settings", "settings", "settings", lambda source, _: settings_shown(source)),
)
