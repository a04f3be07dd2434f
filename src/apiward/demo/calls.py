"""One request as the handlers see it, and the answers they give."""

import json
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response


class Refusal(Exception):  # noqa: N818 - an answer, not an error
    """The request is not served: `status` and `body` are the whole answer."""

    def __init__(self, status: int, message: str, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.body: dict[str, Any] = {"detail": message}
        self.headers = dict(headers or {})
        self.media_type = "application/problem+json"

    def answer(self) -> Response:
        """Return the refusal as it is sent."""
        return JSONResponse(self.body, self.status, self.headers, self.media_type)


class ShopRefusal(Refusal):
    """The shop's way to refuse: status 200 (unless told otherwise) and `"status": "fail"`."""

    def __init__(self, message: str, *, status: int = 200) -> None:
        super().__init__(status, message)
        self.body = {"status": "fail", "message": message}
        self.media_type = "application/json"


@dataclass(frozen=True, slots=True)
class Call:
    """A request with its body read; `path` and `query` are percent-decoded.

    `unseen` names the weakness by which it came past the door of the team's area, where it did.
    """

    path: Mapping[str, str]
    query: Mapping[str, str]
    headers: Headers
    body: bytes = field(repr=False)
    address: str
    unseen: str = ""

    def data(self) -> dict[str, Any]:
        """Return the JSON object of the body, or refuse."""
        try:
            value = json.loads(self.body)
        except ValueError:
            raise Refusal(400, "The body is not valid JSON") from None
        if not isinstance(value, dict):
            raise Refusal(400, "The body must be an object")
        trimmed: dict[str, Any] = _trimmed(value)
        return trimmed

    def part(self, name: str) -> dict[str, Any]:
        """Return the object `name` inside the body, or refuse."""
        value = self.data().get(name)
        if not isinstance(value, dict):
            raise Refusal(422, f"'{name}' must be an object")
        return value

    def form(self) -> dict[str, str]:
        """Return the fields of an urlencoded form; the last of each name counts."""
        return dict(urllib.parse.parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))


def _trimmed(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return a JSON value with its texts trimmed, level by level: too many levels end with RecursionError."""
    if isinstance(value, dict):
        return {key: _trimmed(child) for key, child in value.items()}
    if isinstance(value, list):
        return [_trimmed(child) for child in value]
    return value.strip() if isinstance(value, str) else value


def text(data: Mapping[str, Any], name: str, *, most: int = 4000) -> str:
    """Return the text field `name`, or refuse where it is missing, empty, too long or no text."""
    value = data.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > most:
        raise Refusal(422, f"'{name}' must be a text of 1 to {most} characters")
    return value


def whole(value: object, name: str, *, least: int = 0, most: int = 1_000_000_000) -> int:
    """Return a whole number between `least` and `most`, or refuse."""
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise Refusal(422, f"'{name}' must be a whole number from {least} to {most}")
    return value


def number_in(path_value: str) -> int:
    """Return a numeric id from a path; what is no number names nothing (-1)."""
    return int(path_value) if path_value.isascii() and path_value.isdigit() and len(path_value) < 18 else -1


def answer(body: object, status: int = 200) -> Response:
    """Return `body` as JSON."""
    return JSONResponse(body, status)


def nothing() -> Response:
    """Return an empty 204."""
    return Response(status_code=204)
