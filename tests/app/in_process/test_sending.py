import asyncio
import contextlib
from collections.abc import AsyncIterator

import flask
import pytest
from starlette.applications import Starlette
from starlette.requests import Request as Asked
from starlette.responses import JSONResponse
from starlette.routing import Route

from apiward.app.in_process.loading import own_app
from apiward.app.in_process.sending import app_sender
from apiward.app.scanning import CannotScanError
from apiward.core.exchange import Exchange, Request


@contextlib.asynccontextmanager
async def _life(_: Starlette) -> AsyncIterator[dict[str, str]]:
    print("starting")  # noqa: T201 - what apps do
    yield {"pool": "open"}


async def _pool(request: Asked) -> JSONResponse:
    return JSONResponse([request.state.pool, request.headers["host"]])


def _sent(app: object, *paths: str, url: str = "http://localhost") -> list[Exchange]:
    async def run() -> list[Exchange]:
        async with app_sender(own_app(app), url) as sender:
            return [await sender.send(Request("GET", f"{url}{path}")) for path in paths]

    return asyncio.run(run())


def test_an_asgi_app_is_started_before_it_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    app = Starlette(routes=[Route("/", _pool)], lifespan=_life)
    (exchange,) = _sent(app, "/", url="https://shop.example")
    assert exchange.text == '["open","shop.example"]'
    assert capsys.readouterr() == ("", "starting\n")


def test_an_app_that_cannot_start_is_no_bug_of_ours() -> None:
    @contextlib.asynccontextmanager
    async def broken(app: Starlette) -> AsyncIterator[None]:
        if not hasattr(app, "database"):
            raise OSError("no database")
        yield

    with pytest.raises(CannotScanError, match=r"Starlette could not be started\. OSError: no database\."):
        _sent(Starlette(lifespan=broken), "/")


def test_a_wsgi_app_is_asked_as_well() -> None:
    app = flask.Flask(__name__)
    app.add_url_rule("/items/<name>", view_func=lambda name: {"name": name})
    app.add_url_rule("/broken", endpoint="broken", view_func=lambda: str(1 / 0))
    good, broken, missing = _sent(app, "/items/t%C3%A9", "/broken", "/none")
    assert (good.status, broken.status, missing.status) == (200, 500, 404)
    assert good.response is not None
    assert good.response.json() == {"name": "t\u00e9"}
