"""Small APIs that take pictures, in many ways, and serve them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.scan.harness import operation
from tests.scan.small_api import Pair, SmallApi

TYPES = {"html": "text/html", "svg": "image/svg+xml", "png": "image/png"}


@dataclass(frozen=True)
class File:
    name: str
    declared: str
    content: bytes

    @property
    def by_name(self) -> str:
        return TYPES.get(self.name.rpartition(".")[2], "application/octet-stream")


@dataclass
class Album:
    """`takes` says which files are taken, `served_as` with which type, `more` with which headers."""

    takes: Callable[[File], bool] = lambda _: True
    served_as: Callable[[File], str] = lambda one: one.by_name
    more: Mapping[str, str] = field(default_factory=dict)
    names_place: str = "url"
    field_name: str = "photo"
    path: str = "/photos"
    method: str = "POST"
    log_in_by: str = ""
    """What a reader of files must show: nothing, "cookie" or "header"."""
    status: int = 201
    files: dict[str, File] = field(default_factory=dict)
    tried: list[File] = field(default_factory=list)

    async def take(self, request: Request) -> Response:
        kind = request.headers["content-type"]
        message = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + await request.body())
        parts = [part for part in message.iter_parts() if part.get_filename()]
        if not parts:
            return JSONResponse({"message": "no file"}, 422)
        raw = parts[0].get_payload(decode=True)
        assert isinstance(raw, bytes)
        one = File(str(parts[0].get_filename()), parts[0].get_content_type(), raw)
        self.tried.append(one)
        if not self.takes(one):
            return JSONResponse({"message": "no picture"}, 422)
        number = str(len(self.files) + 1) if self.method == "POST" else "mine"
        self.files[number] = one
        places = {"url": f"/files/{number}", "none": "", "far": f"https://cdn.example/{number}"}
        place = places.get(self.names_place, self.names_place)
        said = {"id": number, "photo_url": place} if place else {"id": number}
        return JSONResponse(said, self.status)

    async def serve(self, request: Request) -> Response:
        number = request.path_params.get("number", "mine")
        shown = {"cookie": request.cookies.get("sid"), "header": request.headers.get("authorization")}
        if self.log_in_by and not shown[self.log_in_by]:
            return JSONResponse({"message": "please log in"}, 401)
        one = self.files.get(number)
        if one is None:
            return JSONResponse({"message": "nothing here"}, 404)
        return Response(one.content, media_type=self.served_as(one), headers=dict(self.more))

    def pair(self) -> Pair:
        app, description = SmallApi().pair()
        assert isinstance(app, Starlette)
        app.router.routes += [
            Route(self.path, self.take, methods=[self.method]),
            Route("/files/{number}", self.serve),
            Route("/photos/{number}", self.serve),
            *([Route(self.path, self.serve)] if self.method == "PUT" else []),
        ]
        binary: dict[str, Any] = {"type": "string", "format": "binary"}
        taking = operation(body={}, secured=True, media_type="multipart/form-data")
        schema = taking["requestBody"]["content"]["multipart/form-data"]["schema"]
        schema["properties"] = {"title": {"type": "string"}, self.field_name: binary}
        described = {self.path: {self.method.lower(): taking}, "/photos/{number}": {"get": operation(path=["number"])}}
        if self.method == "PUT":
            described[self.path]["get"] = operation(secured=True)
        description["paths"] |= described
        return app, description


def looks_like_picture(one: File) -> bool:
    return one.content.startswith(b"\x89PNG")
