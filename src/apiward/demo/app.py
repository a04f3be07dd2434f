"""The demo business put together as one ASGI application."""

import gzip
import time
import traceback
from collections.abc import AsyncIterator, Callable, Collection, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from itertools import groupby
from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from apiward.demo import (
    admin,
    articles,
    bookings,
    calendar_imports,
    calendars,
    carts,
    colleagues,
    factors,
    front,
    gifts,
    hidden,
    identity,
    left_open,
    links,
    members,
    notes,
    orders,
    payments,
    perks,
    photos,
    profiles,
    renewals,
    resets,
    shop,
    site,
    webhooks,
    worksheets,
)
from apiward.demo.calls import Call, Refusal, answer
from apiward.demo.description import document
from apiward.demo.desk import Desk, Entry, open_desk
from apiward.demo.door import UNSEEN
from apiward.demo.graphql import endpoint as graphql
from apiward.demo.surroundings import Surroundings


def describe(desk: Desk, call: Call) -> Response:  # noqa: ARG001 - every handler has this shape
    """Serve the OpenAPI description. Both twins serve the same."""
    return answer(document())


MODULES: Final = (
    identity,
    renewals,
    resets,
    factors,
    profiles,
    photos,
    notes,
    bookings,
    calendars,
    payments,
    links,
    site,
    articles,
    admin,
    shop,
    orders,
    worksheets,
    gifts,
    calendar_imports,
    colleagues,
    carts,
    perks,
    webhooks,
    members,
)
DOCUMENTED: Final = tuple(entry for module in MODULES for entry in module.ENTRIES)
MOST_BODY: Final = 1_000_000
DESCRIPTION: Final = Entry("GET", "/openapi.json", describe)
HIDDEN: Final = (*hidden.ENTRIES, *left_open.ENTRIES, *graphql.ENTRIES, DESCRIPTION)


def create_app(
    weaknesses: Collection[str],
    *,
    data_dir: Path,
    clock: Callable[[], float] = time.time,
    token_life_s: float = 60,
    seed: int = 1,
    is_described: bool = True,
    has_front: bool = False,
) -> Starlette:
    """Return the demo business with these weaknesses (see `weaknesses.WEAKNESSES`), all else sound.

    `data_dir` gets one SQLite file, which is deleted when the application's lifespan ends (or by
    `app.state.desk.storage.close()`). `app.state.exercised` is the set of weaknesses that were really used,
    `app.state.calls` counts the calls of every operation ("GET /api/v2/notes/{note_id}").
    The same `seed` gives the same ids. `is_described` serves the description; `has_front` the pages and programs of the
    website, which call the API. ValueError for a name that is unknown.
    """
    desk = open_desk(weaknesses, data_dir, clock, token_life_s, seed)
    served = (*HIDDEN, *DOCUMENTED, *(front.ENTRIES if has_front else ()))
    entries = [e for e in served if e.only_with is None or e.only_with in desk.weaknesses]
    if not is_described:
        entries.remove(DESCRIPTION)
    app = Starlette(
        routes=list(_routes(desk, entries)),
        middleware=[Middleware(Surroundings, desk=desk)],
        lifespan=_lifespan,
    )
    app.state.desk, app.state.exercised, app.state.calls = desk, desk.exercised, desk.calls
    return app


@asynccontextmanager
async def _closing(desk: Desk) -> AsyncIterator[None]:
    try:
        yield
    finally:
        desk.storage.close()


def _lifespan(app: Starlette) -> AbstractAsyncContextManager[None]:
    return _closing(app.state.desk)


def _routes(desk: Desk, entries: Iterable[Entry]) -> Iterable[Route]:
    """Yield one route per path with all its methods, most literal paths first."""
    ordered = sorted(entries, key=lambda entry: (_vagueness(entry.path), entry.path))
    for path, same in groupby(ordered, key=lambda entry: entry.path):
        by_method = {entry.method: entry for entry in same}
        yield Route(path, _endpoint(desk, by_method), methods=list(by_method))


def _vagueness(path: str) -> tuple[bool, list[bool]]:
    return (":path" in path, ["{" in part for part in path.split("/")])


def _endpoint(desk: Desk, by_method: dict[str, Entry]) -> Callable[[Request], object]:
    async def endpoint(request: Request) -> Response:
        entry = by_method["GET" if request.method == "HEAD" else request.method]
        desk.calls[entry.operation] += 1
        address = request.client.host if request.client else ""
        unseen = str(request.scope.get(UNSEEN, ""))
        body = await _body(desk, request)
        if body is None:
            return Refusal(413, "The body is too large").answer()
        call = Call(request.path_params, request.query_params, request.headers, body, address, unseen)
        return await _served(desk, entry, call)

    return endpoint


async def _body(desk: Desk, request: Request) -> bytes | None:
    """Return the body, or None where it is too large; packed bodies are taken as they are."""
    parts, size = [], 0
    async for part in request.stream():
        parts.append(part)
        size += len(part)
        if size > MOST_BODY and not desk.weak("body-unlimited"):
            return None
    body = b"".join(parts)
    if request.headers.get("content-encoding") == "gzip" and desk.weak("body-unpacked"):
        with suppress(gzip.BadGzipFile, EOFError):
            return gzip.decompress(body)
    return body


async def _served(desk: Desk, entry: Entry, call: Call) -> Response:
    try:
        said = entry.handler(desk, call)
        return said if isinstance(said, Response) else await said
    except Refusal as refusal:
        return refusal.answer()
    except RecursionError:
        if desk.weak("json-too-deep"):
            return JSONResponse({"detail": "Something went wrong on our side"}, 500)
        return Refusal(400, "The body is nested too deeply").answer()
    except Exception:  # noqa: BLE001 - a web framework answers 500 to every bug; so does the demo
        if desk.weak("error-details"):
            return PlainTextResponse(traceback.format_exc(), 500)
        return JSONResponse({"detail": "Something went wrong on our side"}, 500)
