"""A server in memory, for what is asked before a scan."""

import json
from collections.abc import Mapping

from apiward.core.exchange import Exchange, Failure, Request, Response


class Server:
    """Answers by address; everything else is 404, or no answer at all where `is_gone`."""

    def __init__(self, pages: Mapping[str, Response] | None = None, *, is_gone: bool = False) -> None:
        self.pages = pages or {}
        self.is_gone = is_gone
        self.asked: list[str] = []

    async def send(self, request: Request, *, timeout_s: float | None = None) -> Exchange:
        self.asked.append(request.url)
        if self.is_gone:
            return Exchange(request, failure=Failure.UNREACHABLE, failure_detail="refused")
        return Exchange(request, self.pages.get(request.url, Response(404)))


def description(*servers: str, paths: tuple[str, ...] = ("/notes",)) -> Response:
    document = {
        "openapi": "3.0.0",
        "info": {"title": "Notes", "version": "1"},
        "servers": [{"url": server} for server in servers],
        "paths": {path: {"get": {"responses": {"200": {"description": "ok"}}}} for path in paths},
    }
    if not servers:
        del document["servers"]
    return Response(200, (("content-type", "application/json"),), json.dumps(document).encode())
