from collections.abc import Callable
from functools import partial

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
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


TRIGGERS: tuple[Case, ...] = (
    ("TRACE", partial(carrying_out, "TRACE")),
    ("TRACK", partial(carrying_out, "TRACK")),
)
SILENT: tuple[Case, ...] = (
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
