"""Answers in the two forms of each page: HTML for people, JSON for programs, of the same values."""

from typing import Final

import orjson
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from apiward.app.page.links import form_token
from apiward.app.page.risks import NotFoundError
from apiward.catalogue.page import load_page_words
from apiward.config.errors import AdvisedError
from apiward.web.rendering import render

JSON: Final = "application/json"
SUFFIX: Final = ".json"


def wants_json(request: Request) -> bool:
    """Return whether a program asks: by the address, or because it takes JSON and no HTML."""
    takes = request.headers.get("accept", "")
    return request.url.path.endswith(SUFFIX) or (JSON in takes and "text/html" not in takes)


def answer(request: Request, name: str, view: object, *, part: str, session: str, status: int = 200) -> Response:
    """Return a page: `name` is that of its template and of its schema."""
    if wants_json(request):
        body = orjson.dumps({"schema": f"apiward.page.{name}/1", "page": view})
        return Response(body, status, media_type=JSON)
    page = render(
        f"{name}.html",
        view=view,
        part=part,
        token=form_token(session) if session else "",
        done=_done(request.query_params.get("done", "")),
        json_address=_json_address(request),
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
    session: str = "",
) -> Response:
    """Return a page that says one thing. With a session, the ways to the other pages stand on it."""
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
        token=form_token(session) if session else "",
        json_address=_json_address(request),
    )
    return HTMLResponse(page, status)


def said(request: Request, name: str, *, status: int, **more: str) -> Response:
    """Return a page that says what the catalogue says under `name`."""
    words = load_page_words()
    return message(request, words.said(f"frame.{name}"), words.said(f"frame.{name}-why"), status=status, **more)


def failed(request: Request, error: AdvisedError | OSError, back: str, *, session: str) -> Response:
    """Return what went wrong, and what to do."""
    words = load_page_words()
    if isinstance(error, OSError):
        return said(request, "away", status=503, session=session)
    why = " ".join(part for part in (error.what, error.why, error.advice) if part)
    status = 404 if isinstance(error, NotFoundError) else 409
    return message(
        request,
        words.said("frame.error"),
        why,
        status=status,
        link=back,
        label=words.said("frame.error-back"),
        session=session,
    )


def _done(name: str) -> str:
    words = load_page_words()
    return words.said(f"frame.done-{name}") if words.has(f"frame.done-{name}") else ""


def _json_address(request: Request) -> str:
    query = "&".join(part for part in request.url.query.split("&") if part and not part.startswith("done="))
    return f"{request.url.path}{SUFFIX}" + (f"?{query}" if query else "")
