"""A client's photo, shown beside what the client writes."""

from email.parser import BytesParser
from email.policy import HTTP
from typing import Final

from starlette.responses import Response

from apiward.demo.callers import client
from apiward.demo.calls import Call, Refusal, answer
from apiward.demo.desk import Desk, Entry

MOST_BYTES: Final = 200_000
# What PNG and JPEG files begin with.
BEGINNINGS: Final = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


def show_photo(desk: Desk, call: Call) -> Response:
    """Serve a photo to everybody, by the name that we gave it."""
    found = desk.photos.get(call.path["name"])
    if found is None:
        raise Refusal(404, "No such photo")
    return Response(found[1], media_type=found[0])


def set_photo(desk: Desk, call: Call) -> Response:
    """Keep the caller's photo in place of the last one."""
    me, (declared, content) = client(desk, call), _file_in(call, "photo")
    kind = next((kind for beginning, kind in BEGINNINGS.items() if content.startswith(beginning)), "")
    if declared not in BEGINNINGS.values() and desk.weak("page-as-photo"):
        kind = declared
    if not kind:
        raise Refusal(422, "'photo' must be a PNG or a JPEG")
    name = f"{me.id}.photo"
    desk.photos[name] = (kind, content)
    return answer({"photo_url": f"/api/v2/photos/{name}"})


def _file_in(call: Call, field: str) -> tuple[str, bytes]:
    """Return type and bytes of the file in a form, or refuse."""
    kind = call.headers.get("content-type", "")
    if kind.startswith("multipart/form-data") and len(call.body) <= MOST_BYTES:
        message = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + call.body)
        for part in message.iter_parts():
            content = part.get_payload(decode=True)
            named = part.get_param("name", header="content-disposition")
            if named == field and part.get_filename() and isinstance(content, bytes):
                return part.get_content_type(), content
    raise Refusal(422, f"'{field}' must be a file of at most {MOST_BYTES} bytes")


ENTRIES = (
    Entry("PUT", "/api/v2/me/photo", set_photo),
    Entry("GET", "/api/v2/photos/{name}", show_photo),
)
