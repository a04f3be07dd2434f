from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from apiward.scan.checks.injection.header import CHECK
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.harness import description, operation
from tests.scan.small_api import Case, Pair


def answering(*, how: str = "weak", header: str = "content-language", place: str = "query") -> Pair:
    """Return an API that says the wished language in a header, which it writes by hand."""

    async def show(request: Request) -> Response:
        wanted: Any = request.query_params.get("lang")
        if place == "body":
            wanted = (await request.json()).get("lang")
        if how == "refusing" and not str(wanted).isalpha():
            return JSONResponse({"detail": "no such language"}, 422)
        if how == "one line":
            wanted = " ".join(str(wanted).split())
        if how == "last bytes":
            wanted = "".join(chr(ord(sign) & 0xFF) for sign in str(wanted).replace("\r", "").replace("\n", ""))
        lines = f"{header}: {wanted}".split("\n") if header else []
        made = JSONResponse({"asked": wanted})
        for line in lines:
            name, _, value = line.strip("\r").partition(":")
            made.raw_headers.append((name.strip().encode(), value.strip().encode("latin-1", "replace")))
        return made

    described = operation(query=["lang"]) if place == "query" else operation(body={"lang": "string"})
    method = "get" if place == "query" else "post"
    return Starlette(routes=[Route("/page", show, methods=[method])]), description({"/page": {method: described}})


TRIGGERS: tuple[Case, ...] = (
    ("a language", answering),
    ("a cookie", partial(answering, header="set-cookie")),
    ("a value in JSON", partial(answering, place="body")),
    ("only the last byte of each sign is kept", partial(answering, how="last bytes")),
)
SILENT: tuple[Case, ...] = (
    ("one line", partial(answering, how="one line")),
    ("refusing", partial(answering, how="refusing")),
    ("in no header", partial(answering, header="")),
)


@pytest.mark.parametrize(("name", "make"), TRIGGERS, ids=[name for name, _ in TRIGGERS])
def test_fires(name: str, make: Callable[[], Pair]) -> None:
    assert broken_at(make, CHECK)


@pytest.mark.parametrize(("name", "make"), SILENT, ids=[name for name, _ in SILENT])
def test_stays_silent(name: str, make: Callable[[], Pair]) -> None:
    assert looked_at(make, CHECK)
    assert not broken_at(make, CHECK)
