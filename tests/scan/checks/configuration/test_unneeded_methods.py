from collections.abc import Callable
from functools import partial

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from apiward.scan.checks.configuration.unneeded_methods import CHECK
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.harness import description, operation
from tests.scan.small_api import Case, Pair


def carrying_out(*methods: str, echoes: bool = True) -> Pair:
    """Return an API that carries these methods out and echoes the request's headers."""

    async def read(request: Request) -> PlainTextResponse:
        if request.method == "GET" or not echoes:
            return PlainTextResponse("hello")
        return PlainTextResponse("\r\n".join(f"{key}: {value}" for key, value in request.headers.items()))

    app = Starlette(routes=[Route("/thing", read, methods=["GET", *methods])])
    return app, description({"/thing": {"get": operation()}})


def listing(*methods: str, everywhere: bool = False) -> Pair:
    """Return an API whose answers to OPTIONS list these methods; `everywhere` also for routes that are not there."""

    async def thing(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": ", ".join(["GET", "OPTIONS", *methods])})
        return PlainTextResponse("hello")

    async def any_route(_: Request) -> Response:
        return Response(status_code=204, headers={"Allow": ", ".join(methods)} if everywhere else {})

    routes = [Route("/thing", thing, methods=["GET", "OPTIONS"]), Route("/{rest:path}", any_route, methods=["OPTIONS"])]
    return Starlette(routes=routes), description({"/thing": {"get": operation()}})


def beside_a_template() -> Pair:
    """Return an API in which a described template also takes the address of a fixed route."""

    async def one(request: Request) -> Response:
        methods = "GET, DELETE, OPTIONS"
        return Response(status_code=204, headers={"Allow": methods} if request.method == "OPTIONS" else {})

    app = Starlette(routes=[Route("/users/{name}", one, methods=["GET", "DELETE", "OPTIONS"])])
    paths = {"/users/me": {"get": operation()}, "/users/{name}": {"delete": operation(path=["name"])}}
    return app, description(paths)


TRIGGERS: tuple[Case, ...] = (
    ("a method that is not described", partial(listing, "DELETE")),
    ("TRACE", partial(carrying_out, "TRACE")),
    ("TRACK", partial(carrying_out, "TRACK")),
)
SILENT: tuple[Case, ...] = (
    ("only what is described", listing),
    ("a method of a template that leads there as well", beside_a_template),
    ("the same list for every route", partial(listing, "PUT", "DELETE", everywhere=True)),
    ("refused with 405", carrying_out),
    ("answered without echo", partial(carrying_out, "TRACE", "TRACK", echoes=False)),
)


@pytest.mark.parametrize(("name", "make"), TRIGGERS, ids=[name for name, _ in TRIGGERS])
def test_fires(name: str, make: Callable[[], Pair]) -> None:
    assert broken_at(make, CHECK)


@pytest.mark.parametrize(("name", "make"), SILENT, ids=[name for name, _ in SILENT])
def test_stays_silent(name: str, make: Callable[[], Pair]) -> None:
    assert looked_at(make, CHECK)
    assert not broken_at(make, CHECK)


def test_an_address_that_always_echoes_is_no_proof() -> None:
    async def read(request: Request) -> PlainTextResponse:
        return PlainTextResponse(str(dict(request.headers)))

    app = Starlette(routes=[Route("/thing", read, methods=["GET", "TRACE"])])
    assert not broken_at(lambda: (app, description({"/thing": {"get": operation()}})), CHECK)
