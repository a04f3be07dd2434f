"""Answers in the two forms of each page: HTML for people, JSON for programs, of the same values."""

from typing import Final

import orjson
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from apiward.app.page.risks import NotFoundError
from apiward.catalogue.page import load_page_words
from apiward.config.errors import AdvisedError
from apiward.core.person import Role
from apiward.web.rendering import render
from apiward.web.visiting import visitor_of

JSON: Final = "application/json"
SUFFIX: Final = ".json"
CSV_SUFFIX: Final = ".csv"


def wants_json(request: Request) -> bool:
    """Return whether a program asks: by the address, or because it takes JSON and no HTML."""
    takes = request.headers.get("accept", "")
    return request.url.path.endswith(SUFFIX) or (JSON in takes and "text/html" not in takes)


def answer(
    request: Request, name: str, view: object, *, part: str, status: int = 200, is_list: bool = False
) -> Response:
    """Return a page: `name` is that of its template and of its schema. `is_list`: it is to be had as CSV, too."""
    if wants_json(request):
        body = orjson.dumps({"schema": f"apiward.page.{name}/1", "page": view})
        return Response(body, status, media_type=JSON)
    page = render(
        f"{name}.html",
        view=view,
        part=part,
        **_of_visitor(request),
        done=_done(request.query_params.get("done", "")),
        json_address=_twin(request, SUFFIX),
        csv_address=_twin(request, CSV_SUFFIX) if is_list else "",
    )
    return HTMLResponse(page, status)


def message(
    request: Request,
    title: str,
    why: str,
    *,
    status: int,
    link: str = "",
    label: str = "",
    command: str = "",
    refresh: str = "",
) -> Response:
    """Return a page that says one thing. For who has a session, the ways to the other pages stand on it."""
    if wants_json(request):
        body = orjson.dumps({"schema": "apiward.page.message/1", "title": title, "why": why, "command": command})
        return Response(body, status, media_type=JSON)
    page = render(
        "message.html",
        title=title,
        why=why,
        link=link,
        label=label,
        command=command,
        refresh=refresh,
        part="",
        **_of_visitor(request),
        json_address=_twin(request, SUFFIX),
    )
    return HTMLResponse(page, status)


def said(request: Request, name: str, *, status: int, **more: str) -> Response:
    """Return a page that says what the catalogue says under `name`, which is one of the frame if it names no part."""
    words, name = load_page_words(), name if "." in name else f"frame.{name}"
    return message(request, words.said(name), words.said(f"{name}-why"), status=status, **more)


def form_page(request: Request, template: str, /, *, status: int = 200, **values: object) -> Response:
    """Return a page that has no twin for programs."""
    page = render(f"{template}.html", part="", json_address="", **_of_visitor(request), **values)
    return HTMLResponse(page, status)


def failed(request: Request, error: AdvisedError | OSError, back: str) -> Response:
    """Return what went wrong, and what to do."""
    words = load_page_words()
    if isinstance(error, OSError):
        return said(request, "away", status=503)
    why = " ".join(part for part in (error.what, error.why, error.advice) if part)
    status = 404 if isinstance(error, NotFoundError) else 409
    label = words.said("frame.error-back")
    return message(request, words.said("frame.error"), why, status=status, link=back, label=label)


def _of_visitor(request: Request) -> dict[str, object]:
    """Return what pages need to know of who asks: the token of forms, and whether there may be any."""
    visitor = visitor_of(request)
    return {
        "token": visitor.token if visitor is not None else "",
        "may_act": visitor is not None and visitor.role.may_act,
        "is_owner": visitor is not None and visitor.role is Role.OWNER,
    }


def _done(name: str) -> str:
    words = load_page_words()
    return words.said(f"frame.done-{name}") if words.has(f"frame.done-{name}") else ""


def _twin(request: Request, suffix: str) -> str:
    query = "&".join(part for part in request.url.query.split("&") if part and not part.startswith("done="))
    return f"{request.url.path}{suffix}" + (f"?{query}" if query else "")
