"""One small shop, written in each framework, with its description."""

from collections.abc import AsyncIterator, Callable
from typing import Any, Final, TypeAlias, cast

import a2wsgi
import fastapi
import flask
import litestar
import quart
import starlette.applications
import starlette.background
import starlette.requests
import starlette.responses
import starlette.routing
import starlette.websockets
from fastapi.security import HTTPBearer
from litestar.enums import MediaType
from litestar.params import FromPath, FromQuery
from pydantic import BaseModel

Asgi: TypeAlias = Callable[..., Any]
CUSTOMER: Final[dict[str, str | int]] = {"id": 7, "name": "Ada Lovelace", "card": "4111111111111111"}
PIECES: Final = ("one ", "two ", "three")
DONE: Final[list[str]] = []

_TEXT: Final = {"type": "string", "maxLength": 200}
_NUMBER: Final = {"type": "integer", "minimum": 0}
_ORDER: Final = {
    "type": "object",
    "required": ["item", "quantity"],
    "properties": {"item": _TEXT, "quantity": _NUMBER, "note": _TEXT},
}


def _answer(schema: object, status: str = "200") -> dict[str, object]:
    return {status: {"description": "well", "content": {"application/json": {"schema": schema}}}}


def _query(name: str) -> dict[str, object]:
    return {"name": name, "in": "query", "schema": _TEXT}


DESCRIPTION: Final[dict[str, Any]] = {
    "openapi": "3.1.0",
    "info": {"title": "Shop", "version": "1"},
    "paths": {
        "/orders": {
            "get": {
                "operationId": "search",
                "parameters": [_query("q")],
                "responses": _answer({"type": "object", "properties": {"q": _TEXT}}),
            },
            "post": {
                "operationId": "order",
                "requestBody": {"required": True, "content": {"application/json": {"schema": _ORDER}}},
                "responses": _answer(_ORDER, "201"),
            },
        },
        "/customers/{id}": {
            "get": {
                "operationId": "customer",
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}],
                "responses": _answer(
                    {"type": "object", "properties": {"id": _NUMBER, "name": _TEXT, "card": _TEXT}},
                ),
            }
        },
        "/me": {
            "get": {
                "operationId": "me",
                "security": [{"bearer": []}],
                "responses": _answer({"type": "object", "properties": {"key": _TEXT, "address": _TEXT}}),
            }
        },
        "/words": {
            "get": {
                "operationId": "words",
                "responses": {"200": {"description": "a stream", "content": {"text/plain": {"schema": _TEXT}}}},
            }
        },
    },
    "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
}


class Order(BaseModel):
    """What is ordered; as careless as most: it takes what is not declared."""

    item: str
    quantity: int
    note: str = ""


async def _words() -> AsyncIterator[str]:
    for piece in PIECES:
        yield piece


def starlette_shop() -> starlette.applications.Starlette:
    """Return the shop as a Starlette app, with work that goes on after an answer."""

    async def search(request: starlette.requests.Request) -> starlette.responses.Response:
        return starlette.responses.JSONResponse({"q": request.query_params.get("q", "")})

    async def order(request: starlette.requests.Request) -> starlette.responses.Response:
        after = starlette.background.BackgroundTask(DONE.append, "starlette")
        return starlette.responses.JSONResponse(await request.json(), 201, background=after)

    async def customer(request: starlette.requests.Request) -> starlette.responses.Response:
        return starlette.responses.JSONResponse(CUSTOMER)

    async def me(request: starlette.requests.Request) -> starlette.responses.Response:
        assert request.client is not None
        key = request.scope["apiward.principal"].key
        return starlette.responses.JSONResponse({"key": key, "address": request.client.host})

    async def words(request: starlette.requests.Request) -> starlette.responses.Response:
        return starlette.responses.StreamingResponse(_words(), media_type="text/plain")

    async def hidden(request: starlette.requests.Request) -> starlette.responses.Response:
        return starlette.responses.JSONResponse({"secret": True})

    async def talk(websocket: starlette.websockets.WebSocket) -> None:
        await websocket.accept()
        async for text in websocket.iter_text():
            await websocket.send_text(text.upper())

    route = starlette.routing.Route
    return starlette.applications.Starlette(
        routes=[
            route("/orders", search, methods=["GET"]),
            route("/orders", order, methods=["POST"]),
            route("/customers/{id:int}", customer),
            route("/me", me),
            route("/words", words),
            route("/hidden", hidden),
            starlette.routing.WebSocketRoute("/talk", talk),
        ]
    )


def fastapi_shop(**options: str | None) -> fastapi.FastAPI:
    """Return the shop as a FastAPI app; it describes itself."""
    app = fastapi.FastAPI(**cast("dict[str, Any]", options))

    @app.get("/orders")
    async def search(q: str = "") -> dict[str, str]:
        return {"q": q}

    @app.post("/orders", status_code=201)
    async def order(body: Order, after: fastapi.BackgroundTasks) -> Order:
        after.add_task(DONE.append, "fastapi")
        return body

    @app.get("/customers/{id}")
    async def customer(id: int) -> dict[str, str | int]:  # noqa: A002 - the name in the path
        return CUSTOMER

    @app.get("/me", dependencies=[fastapi.Depends(HTTPBearer())])
    async def me(request: fastapi.Request) -> dict[str, str]:
        assert request.client is not None
        return {"key": request.scope["apiward.principal"].key, "address": request.client.host}

    @app.get("/words", response_class=fastapi.responses.PlainTextResponse)
    async def words() -> fastapi.responses.StreamingResponse:
        return fastapi.responses.StreamingResponse(_words(), media_type="text/plain")

    @app.get("/hidden", include_in_schema=False)
    async def hidden() -> dict[str, bool]:
        return {"secret": True}

    @app.websocket("/talk")
    async def talk(websocket: fastapi.WebSocket) -> None:
        await websocket.accept()
        async for text in websocket.iter_text():
            await websocket.send_text(text.upper())

    return app


def litestar_shop() -> Asgi:
    """Return the shop as a Litestar app."""

    @litestar.get("/orders", sync_to_thread=False)
    def search(q: FromQuery[str] = "") -> dict[str, str]:
        return {"q": q}

    @litestar.post("/orders")
    async def order(request: litestar.Request[Any, Any, Any]) -> dict[str, str | int]:
        document: dict[str, str | int] = await request.json()
        return document

    @litestar.get("/customers/{id:int}", sync_to_thread=False)
    def customer(id: FromPath[int]) -> dict[str, str | int]:  # noqa: A002 - the name in the path
        return CUSTOMER

    @litestar.get("/me", sync_to_thread=False)
    def me(request: litestar.Request[Any, Any, Any]) -> dict[str, str]:
        assert request.client is not None
        scope: Any = request.scope
        return {"key": scope["apiward.principal"].key, "address": request.client.host}

    @litestar.get("/words", media_type=MediaType.TEXT)
    async def words() -> litestar.response.Stream:
        return litestar.response.Stream(_words(), media_type="text/plain")

    @litestar.get("/hidden", sync_to_thread=False)
    def hidden() -> dict[str, bool]:
        return {"secret": True}

    @litestar.websocket("/talk")
    async def talk(socket: litestar.WebSocket[Any, Any, Any]) -> None:
        await socket.accept()
        async for text in socket.iter_data(mode="text"):
            await socket.send_text(str(text).upper())

    return litestar.Litestar([search, order, customer, me, words, hidden, talk])


def quart_shop() -> Asgi:
    """Return the shop as a Quart app."""
    app = quart.Quart("shop")

    @app.get("/orders")
    async def search() -> dict[str, str]:
        return {"q": quart.request.args.get("q", "")}

    @app.post("/orders")
    async def order() -> tuple[Any, int]:
        return await quart.request.get_json(), 201

    @app.get("/customers/<int:id>")
    async def customer(id: int) -> dict[str, str | int]:  # noqa: A002 - the name in the path
        return CUSTOMER

    @app.get("/me")
    async def me() -> dict[str, str]:
        scope: Any = quart.request.scope
        return {"key": scope["apiward.principal"].key, "address": quart.request.remote_addr or ""}

    @app.get("/words")
    async def words() -> quart.Response:
        return quart.Response(_words(), content_type="text/plain")

    @app.get("/hidden")
    async def hidden() -> dict[str, bool]:
        return {"secret": True}

    @app.websocket("/talk")
    async def talk() -> None:
        while True:
            await quart.websocket.send((await quart.websocket.receive()).upper())

    return app


def flask_app() -> Asgi:
    """Return the shop as a Flask app (WSGI)."""
    app = flask.Flask("shop")

    @app.get("/orders")
    def search() -> dict[str, str]:
        return {"q": flask.request.args.get("q", "")}

    @app.post("/orders")
    def order() -> tuple[Any, int]:
        return flask.request.get_json(), 201

    @app.get("/customers/<int:id>")
    def customer(id: int) -> dict[str, str | int]:  # noqa: A002 - the name in the path
        return CUSTOMER

    @app.get("/me")
    def me() -> dict[str, str]:
        principal = flask.request.environ["asgi.scope"]["apiward.principal"]
        return {"key": principal.key, "address": flask.request.remote_addr or ""}

    @app.get("/words")
    def words() -> flask.Response:
        return flask.Response(iter(PIECES), content_type="text/plain")

    @app.get("/hidden")
    def hidden() -> dict[str, bool]:
        return {"secret": True}

    return app


def flask_shop() -> Asgi:
    """Return the Flask shop as an ASGI app."""
    return a2wsgi.WSGIMiddleware(flask_app())


def django_shop() -> Asgi:
    """Return the shop as a Django app (ASGI)."""
    from tests.frameworks import django_shop as site  # noqa: PLC0415 - Django wants its settings before its parts

    return site.asgi()


def django_wsgi_shop() -> Asgi:
    """Return the Django shop, served as WSGI, as an ASGI app."""
    from tests.frameworks import django_shop as site  # noqa: PLC0415 - the same

    return a2wsgi.WSGIMiddleware(site.wsgi())


SHOPS: Final[dict[str, Callable[[], Asgi]]] = {
    "starlette": starlette_shop,
    "fastapi": fastapi_shop,
    "litestar": litestar_shop,
    "quart": quart_shop,
    "django": django_shop,
    "flask": flask_shop,
    "django-wsgi": django_wsgi_shop,
}
WITH_WEBSOCKETS: Final = ("starlette", "fastapi", "litestar", "quart")
