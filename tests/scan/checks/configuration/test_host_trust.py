from collections.abc import Callable
from functools import partial

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from apiward.scan.checks.configuration.host_trust import CHECK
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.harness import description, operation, scan_app
from tests.scan.small_api import Case, Pair


def linking(answer: Callable[[Request], Response]) -> Pair:
    """Return an API whose only answer is made from the request."""

    async def read(request: Request) -> Response:
        return answer(request)

    return Starlette(routes=[Route("/thing", read)]), description({"/thing": {"get": operation()}})


def _host(request: Request, *names: str) -> str:
    return next((request.headers[name] for name in names if name in request.headers), "api.test")


def linked(host: str) -> Response:
    return JSONResponse({"next": f"https://{host}/things?page=2"})


def _forwarded(request: Request) -> Response:
    return linked(request.headers.get("forwarded", "host=api.test").partition("host=")[2])


TRIGGERS: tuple[Case, ...] = (
    ("a proxy's word", partial(linking, lambda r: linked(_host(r, "x-forwarded-host", "host")))),
    ("a proxy's word over the settings", partial(linking, lambda r: linked(_host(r, "x-forwarded-host")))),
    ("in the newer header", partial(linking, _forwarded)),
    ("the host itself", partial(linking, lambda r: linked(_host(r, "host")))),
    (
        "where it leads",
        partial(
            linking,
            lambda r: Response(status_code=302, headers={"Location": f"https://{_host(r, 'x-forwarded-host')}/a"}),
        ),
    ),
    (
        "in the header of links",
        partial(
            linking,
            lambda r: JSONResponse([1], headers={"Link": f'<https://{_host(r, "x-forwarded-host")}/a>; rel="next"'}),
        ),
    ),
)
SILENT: tuple[Case, ...] = (
    ("from the settings", partial(linking, lambda _: linked("shop.example"))),
    ("no links", partial(linking, lambda r: JSONResponse({"host": _host(r, "x-forwarded-host")}))),
    ("told what was sent", partial(linking, lambda r: JSONResponse({"a": "http://b.c", "h": dict(r.headers)}))),
    (
        "led to the same host, as servers do that add a slash",
        partial(
            linking, lambda r: Response(status_code=307, headers={"Location": f"http://{_host(r, 'host')}/thing/"})
        ),
    ),
    (
        "refused",
        partial(linking, lambda r: linked("api.test") if _host(r, "host") == "api.test" else Response("", 400)),
    ),
)


@pytest.mark.parametrize(("name", "make"), TRIGGERS, ids=[name for name, _ in TRIGGERS])
def test_fires(name: str, make: Callable[[], Pair]) -> None:
    assert broken_at(make, CHECK) == {"the whole API"}


@pytest.mark.parametrize(("name", "make"), SILENT, ids=[name for name, _ in SILENT])
def test_stays_silent(name: str, make: Callable[[], Pair]) -> None:
    assert looked_at(make, CHECK)
    assert not broken_at(make, CHECK)


def test_the_host_alone_is_only_likely() -> None:
    def sure(*names: str) -> str:
        app, described = linking(lambda r: linked(_host(r, *names)))
        (finding,) = scan_app(app, described, [CHECK]).report.findings
        return finding.confidence.value

    assert (sure("x-forwarded-host"), sure("host")) == ("proved", "likely")
