import json
from collections.abc import Callable
from functools import partial

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from apiward.scan.checks.configuration.content_confusion import CHECK
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.harness import description, operation
from tests.scan.small_api import Case, Pair


def searching(
    media_type: str, write: Callable[[object], str] = json.dumps, *, shows: bool = True, fails: bool = False
) -> Pair:
    """Return an API with a search that says what was searched for."""

    async def search(request: Request) -> Response:
        if fails and "<" in request.query_params.get("q", ""):
            return Response("", 500)
        body = {"query": request.query_params.get("q", "") if shows else "", "found": []}
        made = Response(write(body))
        if media_type:
            made.headers["content-type"] = media_type
        return made

    return Starlette(routes=[Route("/search", search)]), description({"/search": {"get": operation(query=["q"])}})


def _escaped(body: object) -> str:
    return json.dumps(body).replace("<", "\\u003c")


TRIGGERS: tuple[Case, ...] = (
    ("as a page", partial(searching, "text/html; charset=utf-8")),
    ("as a page of another kind", partial(searching, "application/xhtml+xml")),
)
LOOKED_AT: tuple[Case, ...] = (
    ("escaped", partial(searching, "text/html", _escaped)),
    ("without the caller's text", partial(searching, "text/html", shows=False)),
)
SILENT: tuple[Case, ...] = (
    ("as data", partial(searching, "application/json")),
    ("as plain text", partial(searching, "text/plain")),
    ("as nothing: no browser takes what begins with a brace for a page", partial(searching, "")),
    ("a page", partial(searching, "text/html", lambda body: f"<html>{body}</html>")),
)


@pytest.mark.parametrize(("name", "make"), TRIGGERS, ids=[name for name, _ in TRIGGERS])
def test_fires(name: str, make: Callable[[], Pair]) -> None:
    assert broken_at(make, CHECK)


@pytest.mark.parametrize(("name", "make"), [*LOOKED_AT, *SILENT], ids=[name for name, _ in (*LOOKED_AT, *SILENT)])
def test_stays_silent(name: str, make: Callable[[], Pair]) -> None:
    assert bool(looked_at(make, CHECK)) is (name in dict(LOOKED_AT))
    assert not broken_at(make, CHECK)


def test_who_fails_on_markup_gave_no_clear_answer() -> None:
    assert not looked_at(partial(searching, "text/html", fails=True), CHECK)
