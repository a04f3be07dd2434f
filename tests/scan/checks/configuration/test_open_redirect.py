from collections.abc import Callable
from functools import partial
from urllib.parse import quote, urlsplit

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from apiward.scan.checks.configuration.open_redirect import CHECK
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.harness import description, operation
from tests.scan.small_api import Case, Pair


def leading(go: Callable[[str], Response], name: str = "next") -> Pair:
    """Return an API with a link that leads on as `go` says."""

    async def read(request: Request) -> Response:
        return go(request.query_params.get(name, "/"))

    return Starlette(routes=[Route("/out", read)]), description({"/out": {"get": operation(query=[name])}})


def to(place: str, status: int = 302) -> Response:
    return Response(status_code=status, headers={"Location": place})


def _no_address(given: str) -> Response:
    return to("/" if "://" in given or given.startswith("//") else given)


def _begins(given: str) -> Response:
    return to(given if given.startswith("http://api.test") or given[:2].strip("/") else "/")


def _by_page(given: str) -> Response:
    return HTMLResponse(f'<html><meta http-equiv="refresh" content="0; url={given}"></html>')


def _own_only(given: str) -> Response:
    parts = urlsplit(given.replace("\\", "/"))
    return to("/" if parts.netloc or parts.scheme or not given.startswith("/") else given)


TRIGGERS: tuple[Case, ...] = (
    ("anywhere", partial(leading, to)),
    ("by another name", partial(leading, to, name="returnUrl")),
    ("addresses are refused, a backslash is not", partial(leading, _no_address)),
    ("who begins like us", partial(leading, _begins)),
    ("by a page", partial(leading, _by_page)),
    ("by a header", partial(leading, lambda given: Response(headers={"Refresh": f"0; url={given}"}))),
)
SILENT: tuple[Case, ...] = (
    ("own paths", partial(leading, _own_only)),
    ("refused", partial(leading, lambda _: JSONResponse({"detail": "no"}, 422))),
    ("always the same foreign place", partial(leading, lambda _: to("https://partner.example/"))),
    ("carried along", partial(leading, lambda given: to(f"/login?next={quote(given, safe='')}"))),
    ("carried along as it is", partial(leading, lambda given: to(f"https://id.example/in?next={given}"))),
    ("told, not led", partial(leading, lambda given: JSONResponse({"next": given}))),
    ("a page that shows it", partial(leading, lambda given: HTMLResponse(f"<html><p>Go to {given}</p></html>"))),
    ("told in the place of a good answer", partial(leading, lambda given: to(given, 201))),
)


@pytest.mark.parametrize(("name", "make"), TRIGGERS, ids=[name for name, _ in TRIGGERS])
def test_fires(name: str, make: Callable[[], Pair]) -> None:
    assert broken_at(make, CHECK)


@pytest.mark.parametrize(("name", "make"), SILENT, ids=[name for name, _ in SILENT])
def test_stays_silent(name: str, make: Callable[[], Pair]) -> None:
    assert looked_at(make, CHECK)
    assert not broken_at(make, CHECK)


def test_a_value_that_sends_nobody_anywhere_is_asked_about_once() -> None:
    asked: list[str] = []

    def note(given: str) -> Response:
        asked.append(given)
        return JSONResponse({"things": [1]})

    assert not broken_at(partial(leading, note), CHECK)
    assert len([given for given in asked if "aw" in given]) == 1
