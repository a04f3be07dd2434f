from collections.abc import Callable
from functools import partial
from html import escape

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from apiward.scan.checks.injection.markup import CHECK
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.harness import description, operation
from tests.scan.small_api import Case, Pair


def showing(
    form: str = "<p>?</p>", *, weak: bool, media_type: str = "text/html", saves: bool = False, status: int = 200
) -> Pair:
    """Return an API that shows a search as a page."""

    async def show(request: Request) -> Response:
        wanted = request.query_params.get("q", "")
        page = form.replace("?", wanted if weak else escape(wanted))
        headers = {"content-disposition": "attachment; filename=a.html"} if saves else {}
        return Response(page, status, headers, media_type)

    paths = {"/find": {"get": operation(query=["q"])}}
    return Starlette(routes=[Route("/find", show)]), description(paths)


def keeping(*, weak: bool) -> Pair:
    """Return an API that keeps comments, and a page that shows them."""
    kept: list[str] = []

    async def add(request: Request) -> Response:
        kept.append(str((await request.json()).get("text")))
        return JSONResponse({"id": len(kept), "text": kept[-1]}, 201)

    async def show(_: Request) -> Response:
        return HTMLResponse("".join(f"<li>{text if weak else escape(text)}</li>" for text in kept))

    paths = {
        "/comments": {"post": operation(body={"text": "string"})},
        "/comments/page": {"get": operation()},
    }
    routes = [Route("/comments", add, methods=["POST"]), Route("/comments/page", show)]
    return Starlette(routes=routes), description(paths)


TRIGGERS: tuple[Case, ...] = (
    ("text of a page", partial(showing, weak=True)),
    ("a page that says that nothing was found", partial(showing, weak=True, status=404)),
    ("JSON called a page", partial(showing, '{"asked": "?"}', weak=True)),
    ("a drawing", partial(showing, "<svg><text>?</text></svg>", weak=True, media_type="image/svg+xml")),
    ("behind a title", partial(showing, "<title>a</title><h1>?</h1>", weak=True)),
    ("kept by another operation", partial(keeping, weak=True)),
)
SILENT: tuple[Case, ...] = (
    ("escaped", partial(showing, weak=False)),
    ("JSON", partial(showing, '{"asked": "?"}', weak=True, media_type="application/json")),
    ("plain text", partial(showing, weak=True, media_type="text/plain")),
    ("a file to save", partial(showing, weak=True, saves=True)),
    ("inside of a title", partial(showing, "<title>?</title>", weak=True)),
    ("inside of a remark", partial(showing, "<!-- ? -->", weak=True)),
    ("kept and escaped", partial(keeping, weak=False)),
)


@pytest.mark.parametrize(("name", "make"), TRIGGERS, ids=[name for name, _ in TRIGGERS])
def test_fires(name: str, make: Callable[[], Pair]) -> None:
    assert broken_at(make, CHECK)


@pytest.mark.parametrize(("name", "make"), SILENT, ids=[name for name, _ in SILENT])
def test_stays_silent(name: str, make: Callable[[], Pair]) -> None:
    assert looked_at(make, CHECK)
    assert not broken_at(make, CHECK)
