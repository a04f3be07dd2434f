import traceback
from collections.abc import Callable
from functools import partial

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from apiward.scan.checks.configuration.error_details import CHECK
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.harness import description, operation
from tests.scan.small_api import Case, Json, Pair

JAVA = "java.lang.NumberFormatException: x\n\tat com.shop.Orders.read(Orders.java:31)"
NODE = "TypeError: x\n    at Object.read (/srv/app/orders.js:12:7)"
SQL = 'syntax error at or near "x" LINE 1: SELECT'


def served(
    work: Callable[[Request, Json], Json], told: Callable[[Exception], Response], *, method: str, path: str
) -> Pair:
    """Return an API with one operation that does `work` and tells errors in its own way."""

    async def endpoint(request: Request) -> Response:
        try:
            body = await request.json() if method != "GET" else None
            return JSONResponse(work(request, body))
        except Exception as error:  # noqa: BLE001 - the last error handler of a web framework
            return told(error)

    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    body: Json = {"budget": "integer", "sessions": "integer"} if method != "GET" else None
    described = operation(body=body, path=names, query=["page"] if not names and method == "GET" else [])
    return Starlette(routes=[Route(path, endpoint, methods=[method])]), description({path: {method.lower(): described}})


def _python(error: Exception) -> Response:
    return PlainTextResponse("".join(traceback.format_exception(error)), 500)


def _short(error: Exception) -> Response:
    return JSONResponse({"detail": "Something went wrong", "kind": type(error).__name__}, 500)


def _as(text: str, status: int) -> Callable[[Exception], Response]:
    return lambda _: JSONResponse({"detail": text}, status)


def _split(_: Request, body: Json) -> Json:
    return {"each": body["budget"] // body["sessions"]}


def _page(request: Request, _: Json) -> Json:
    return {"page": int(request.query_params.get("page", "1"))}


def _item(request: Request, _: Json) -> Json:
    return {"item": int(request.path_params["item_id"].replace("apiward", "1"), 36)}


split = partial(served, _split, method="POST", path="/quotes")
page = partial(served, _page, method="GET", path="/pages")
item = partial(served, _item, method="GET", path="/items/{item_id}")

TRIGGERS: tuple[Case, ...] = (
    ("a division by zero, traceback", partial(split, _python)),
    ("a wrong query, traceback", partial(page, _python)),
    ("a wrong path, Java in JSON", partial(item, _as(JAVA, 500))),
    ("a wrong query, Node in JSON with 400", partial(page, _as(NODE, 400))),
    ("a wrong query, traceback with 200", partial(page, _as("Traceback (most recent call last)", 200))),
    ("a wrong query, database error", partial(page, _as(SQL, 500))),
)
SILENT: tuple[Case, ...] = (
    ("a division by zero", partial(split, _short)),
    ("a wrong query", partial(page, _short)),
    ("a wrong path", partial(item, _as("at least one item must be given (items: 3)", 400))),
)


@pytest.mark.parametrize(("name", "make"), TRIGGERS, ids=[name for name, _ in TRIGGERS])
def test_fires(name: str, make: Callable[[], Pair]) -> None:
    assert broken_at(make, CHECK)


@pytest.mark.parametrize(("name", "make"), SILENT, ids=[name for name, _ in SILENT])
def test_stays_silent(name: str, make: Callable[[], Pair]) -> None:
    assert looked_at(make, CHECK)
    assert not broken_at(make, CHECK)


def test_what_a_good_answer_shows_is_no_error() -> None:
    shown = partial(
        served, lambda *_: {"help": "Traceback (most recent call last)"}, _short, method="GET", path="/pages"
    )
    assert not broken_at(shown, CHECK)
