"""A small API with more on its server than the API: what stands at a path, and what is said of all others."""

from collections.abc import Callable, Mapping

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.scan.harness import description, operation
from tests.scan.small_api import Pair

PAGE = "<!doctype html><html><head><title>Shop</title></head><body><div id=app></div></body></html>"


def serving(
    places: Mapping[str, str | bytes],
    *,
    missing: str | Callable[[str], str] = "",
    status: int = 404,
    asked: list[str] | None = None,
) -> Pair:
    """Return an API whose server has these contents by path.

    `missing` is what all other paths show with 200; without it, they say no with this status.
    """

    async def thing(_: Request) -> JSONResponse:
        return JSONResponse({"things": [1]})

    async def rest(request: Request) -> Response:
        path = request.url.path
        if asked is not None:
            asked.append(path)
        if path in places:
            return Response(places[path], media_type=_media(places[path]))
        if missing:
            text = missing if isinstance(missing, str) else missing(path)
            return Response(text, media_type=_media(text))
        return JSONResponse({"detail": "not found"}, status)

    routes = [Route("/thing", thing), Route("/{rest:path}", rest)]
    return Starlette(routes=routes), description({"/thing": {"get": operation()}})


def _media(content: str | bytes) -> str:
    return "text/html" if str(content).lstrip().startswith("<") else "text/plain"
