"""A small API that reads bodies in one way or another."""

import gzip
import json
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.scan.small_api import Pair, Record, Said, SmallApi


def reading(
    *,
    most: int = 1_000_000,
    deepest: int = 64,
    fails_deep: bool = False,
    unpacks: int = 0,
    says_place: bool = False,
    one_answer: bool = False,
    looks: bool = True,
    flaky: bool = False,
    too_large: int = 413,
) -> Callable[[], Pair]:
    """Return a maker of an API with notes. `most` and `unpacks` are the bytes that are read, plain and unpacked.

    `fails_deep`: what is nested more deeply than `deepest` is an error of its own. `says_place`: where the text is no
    JSON is told. `one_answer`: every refusal is the same. `looks`: the field that is missing is looked for at all.
    `flaky`: every other body is an error, whatever it holds. `too_large`: the status for a body beyond the bound.
    """

    def make() -> Pair:
        api = SmallApi()
        notes: list[Record] = []
        count = [0]

        async def take(request: Request) -> Response:
            count[0] += 1
            if api.tokens.get(request.headers.get("authorization", "").removeprefix("Bearer ")) is None:
                return JSONResponse({"detail": "log in"}, 401)
            body, bound = await request.body(), most
            if unpacks and request.headers.get("content-encoding") == "gzip":
                body, bound = gzip.decompress(body), unpacks
            if len(body) > bound:
                return JSONResponse({"detail": "too large"}, too_large)
            return JSONResponse({"detail": "oh"}, 500) if flaky and count[0] % 2 else _answered(body)

        def _answered(body: bytes) -> Response:
            if fails_deep and body.count(b"[") > deepest:
                return JSONResponse({"detail": "our mistake"}, 500)
            try:
                value = json.loads(body)
            except (ValueError, RecursionError) as error:
                told = str(error) if says_place else "no JSON"
                return JSONResponse({"detail": "no" if one_answer else told}, 422 if one_answer else 400)
            if looks and not (isinstance(value, dict) and value.get("text")):
                return JSONResponse({"detail": "no" if one_answer else "text is missing"}, 422)
            notes.append({"id": len(notes) + 1})
            return JSONResponse(notes[-1], 201)

        api.route("POST", "/notes", lambda _: Said({}, 201), body={"text": "string"})
        app, document = api.pair()
        app.router.routes.insert(0, Route("/notes", take, methods=["POST"]))  # type: ignore[attr-defined]
        return app, document

    return make
