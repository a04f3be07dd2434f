"""What is filled into an operation: one value for each of its slots, and the request that this makes."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final
from urllib.parse import quote, urlencode

from apiward.core.api import Operation, Place
from apiward.core.exchange import Request
from apiward.core.jsonvalue import NOT_JSON, Json, NotJson, Pointer, at, dotted, leaves, replaced
from apiward.scan.calling import multipart, pictures
from apiward.scan.calling.multipart import Upload

_NO_FILES: Final[Mapping[str, Upload]] = MappingProxyType({})
_NONE: Final[Mapping[str, Json]] = MappingProxyType({})
BODY: Final = "body"


@dataclass(frozen=True, slots=True)
class Slot:
    """One place in a request that takes a value: `place` is a `Place` value or "body"."""

    place: str
    pointer: Pointer

    @property
    def name(self) -> str:
        """The name of the parameter, or of the innermost property."""
        named = [step for step in self.pointer if isinstance(step, str)]
        return named[-1] if named else ""

    @property
    def label(self) -> str:
        """The slot as people read it: `path username`, `body client.email`."""
        return f"{self.place} {dotted(self.pointer)}".strip()


@dataclass(frozen=True, slots=True)
class Arguments:
    """The values of one call. `body` is NOT_JSON where no body is sent."""

    path: Mapping[str, Json] = field(default_factory=lambda: _NONE)
    query: Mapping[str, Json] = field(default_factory=lambda: _NONE)
    header: Mapping[str, Json] = field(default_factory=lambda: _NONE)
    cookie: Mapping[str, Json] = field(default_factory=lambda: _NONE)
    body: Json | NotJson = NOT_JSON
    media_type: str = ""

    def slots(self) -> Iterator[tuple[Slot, Json]]:
        """Yield every filled scalar slot with its value: path, query, header, cookie, then body."""
        for place in Place:
            for name, value in self._named(place.value).items():
                yield Slot(place.value, (name,)), value
        if not isinstance(self.body, NotJson):
            for pointer, value in leaves(self.body):
                yield Slot(BODY, pointer), value

    def get(self, slot: Slot) -> Json | NotJson:
        """Return the value of a slot, or NOT_JSON where it is not filled."""
        if slot.place == BODY:
            return NOT_JSON if isinstance(self.body, NotJson) else at(self.body, slot.pointer)
        return self._named(slot.place).get(slot.name, NOT_JSON)

    def put(self, slot: Slot, value: Json) -> "Arguments":
        """Return a copy with another value in that slot."""
        if slot.place == BODY:
            body: Json = {} if isinstance(self.body, NotJson) else self.body
            return replace(self, body=replaced(body, slot.pointer, value))
        changed = MappingProxyType({**self._named(slot.place), slot.name: value})
        return _with_named(self, slot.place, changed)

    def _named(self, place: str) -> Mapping[str, Json]:
        return {"path": self.path, "query": self.query, "header": self.header, "cookie": self.cookie}[place]


def build_request(operation: Operation, arguments: Arguments, origin: str) -> Request:
    """Return the request that calls `operation` at `origin` (scheme, host, port and prefix, no slash at the end)."""
    headers = [("Accept", "application/json, */*;q=0.5")]
    headers += [(name, _one_line(text_of(value))) for name, value in arguments.header.items()]
    if arguments.cookie:
        pairs = "; ".join(f"{_quoted(name)}={_quoted(text_of(value))}" for name, value in arguments.cookie.items())
        headers.append(("Cookie", pairs))
    body = b""
    if not isinstance(arguments.body, NotJson):
        content_type, body = encode_body(arguments.body, arguments.media_type, _files_of(operation))
        headers.append(("Content-Type", content_type))
    return Request(operation.method, url_of(operation, arguments, origin), tuple(headers), body)


def url_of(operation: Operation, arguments: Arguments, origin: str) -> str:
    """Return the absolute, percent-encoded address of the call (RFC 3986)."""
    if not operation.has_address:
        return url_of(operation.carrier, Arguments(), origin)
    path = operation.path
    for name, value in arguments.path.items():
        path = path.replace("{" + name + "}", _quoted(text_of(value), safe=""))
    query = _form([(k, item) for k, value in arguments.query.items() for item in _items(value)])
    address = f"{origin}{_quoted(operation.base_path + path, safe='/%:@!$&()*+,;=~-._{}?')}"
    return f"{address}{'&' if '?' in address else '?'}{query}" if query else address


def encode_body(body: Json, media_type: str, files: Mapping[str, Upload] = _NO_FILES) -> tuple[str, bytes]:
    """Return content type and bytes of a body in that media type; JSON where the type is unknown.

    `files` are the fields of a form in which files stand, each with the usual one.
    """
    if media_type == "application/x-www-form-urlencoded":
        return media_type, _form(flat_fields(body)).encode()
    if media_type == multipart.MEDIA_TYPE:
        return _form_with_files(body, files)
    if isinstance(body, str) and media_type.endswith("xml"):
        return media_type, body.encode("utf-8", "replace")
    if media_type.startswith("text/") or media_type == "application/octet-stream":
        return media_type, text_of(body).encode("utf-8", "replace")
    json_type = media_type if media_type.endswith("json") else "application/json"
    return json_type, json.dumps(body).encode()


def flat_fields(body: Json) -> list[tuple[str, str]]:
    """Return the fields of a form: nested names in brackets, as most frameworks read them."""
    fields = []
    for pointer, value in leaves(body):
        head, *rest = pointer or ("value",)
        fields.append((str(head) + "".join(f"[{step}]" for step in rest), text_of(value)))
    return fields


def text_of(value: Json) -> str:
    """Return a value as it stands in an address, a header or a form."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return ""
    if isinstance(value, list) and not any(isinstance(item, list | dict) for item in value):
        return ",".join(text_of(item) for item in value)
    return json.dumps(value) if isinstance(value, list | dict) else str(value)


def _items(value: Json) -> list[str]:
    return [text_of(item) for item in value] if isinstance(value, list) else [text_of(value)]


def _form(fields: list[tuple[str, str]]) -> str:
    return urlencode(fields, quote_via=quote, errors="replace")


def _quoted(text: str, *, safe: str = "/") -> str:
    return quote(text, safe=safe, errors="replace")


def _one_line(text: str) -> str:
    return " ".join(text.splitlines())


def _files_of(operation: Operation) -> Mapping[str, Upload]:
    """Return the fields of the operation's forms in which files stand, with the file that each would take.

    Many servers take a file with a name only, and only pictures where a picture belongs.
    """
    forms = (body for body in operation.bodies if body.media_type == multipart.MEDIA_TYPE)
    fields = (str(path[0]) for form in forms for path, one in form.schema.fields() if path and one.format == "binary")
    pictured = pictures.picture_field(operation)
    return {name: pictures.picture(name, "apiward") if name == pictured else _text_file(name) for name in fields}


def _text_file(field: str) -> Upload:
    return Upload(field, "apiward.txt", "text/plain", multipart.USUAL_CONTENT.encode())


def _form_with_files(body: Json, files: Mapping[str, Upload]) -> tuple[str, bytes]:
    plain, uploads = [], []
    for name, value in flat_fields(body):
        file = files.get(name.partition("[")[0])  # of several files in one field, each is sent by its name alone
        if file is None:
            plain.append((name, value))
        elif value == multipart.USUAL_CONTENT:
            uploads.append(file)
        else:
            uploads.append(replace(file, content=value.encode("utf-8", "replace")))
    return multipart.encoded(plain, uploads)


def _with_named(arguments: Arguments, place: str, values: Mapping[str, Json]) -> Arguments:
    if place == Place.PATH.value:
        return replace(arguments, path=values)
    if place == Place.QUERY.value:
        return replace(arguments, query=values)
    if place == Place.HEADER.value:
        return replace(arguments, header=values)
    return replace(arguments, cookie=values)
