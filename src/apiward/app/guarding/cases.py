"""Requests that were written down, to be judged without an API: lines of JSON, one request each."""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

from apiward.config.errors import AdvisedError, nearest, shown
from apiward.core.call import RawHeaders

MAX_FILE_BYTES: Final = 134_217_728
MAX_CASES: Final = 200_000
MAX_TOLD: Final = 10
"""Slips of one file that are told."""
_KEYS: Final = ("id", "expected", "method", "target", "headers", "body", "body_b64", "client", "source")

_USUAL_HEADERS: Final = [["host", "localhost"]]
"""Of a request that names none: what a client always sends."""


class Expected(StrEnum):
    """What should become of a request."""

    ALLOW = "allow"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class WrittenAnswer:
    """What the API answered. `body` has no content coding any more."""

    status: int
    headers: RawHeaders = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Case:
    """One request as it came. `number` is its place in the file, from 1; an empty `client` is any address.

    `started_s` is when it was sent (seconds since the epoch), or None where nobody wrote it down.
    """

    number: int
    method: str
    target: str
    headers: RawHeaders = field(repr=False)
    body: bytes = field(default=b"", repr=False)
    id: str = ""
    client: str = ""
    expected: Expected | None = None
    scheme: str = "http"
    http_version: str = "1.1"
    started_s: float | None = None
    answer: WrittenAnswer | None = None


class SlipError(ValueError):
    """What is wrong with one request."""


def read_cases(path: Path) -> tuple[Case, ...]:
    """Return the requests in a file of JSON lines. Raises AdvisedError with the lines that are no good."""
    found: list[Case] = []
    slips: list[str] = []
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            found.append(_case(line, number))
        except SlipError as slip:
            slips.append(f"line {number}: {slip}")
    return good(path, found, slips)


def good(path: Path, found: list[Case], slips: list[str]) -> tuple[Case, ...]:
    """Return the requests of a file without slips. Raises AdvisedError."""
    if slips:
        more = [f"and {len(slips) - MAX_TOLD} more"] if len(slips) > MAX_TOLD else []
        why = "\n".join(f"- {slip}" for slip in [*slips[:MAX_TOLD], *more])
        raise AdvisedError(f"{path} cannot be used.", why, "Put it right. Nothing was judged.")
    if not found:
        raise AdvisedError(f"{path} holds no requests.", "", "Name another file.")
    if len(found) > MAX_CASES:
        why = f"It holds {len(found):,} requests, and {MAX_CASES:,} are the most."
        raise AdvisedError(f"{path} is too large.", why, "Judge a part of it.")
    return tuple(found)


def read_text(path: Path) -> str:
    """Return the text of a file of written-down requests. Raises AdvisedError."""
    try:
        with path.open("rb") as file:
            text = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise AdvisedError(f"{path} cannot be read.", f"{error.strerror or error}.", "Check the name.") from None
    if len(text) > MAX_FILE_BYTES:
        raise AdvisedError(
            f"{path} is too large.", f"{MAX_FILE_BYTES // 2**20} MB are the most.", "Judge a part of it."
        )
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        raise AdvisedError(f"{path} is no text.", f"Line {line} holds bytes that are no UTF-8.") from None


def text_of(entry: Mapping[str, object], key: str, default: str | None = None) -> str:
    """Return a text of a JSON object. Raises SlipError where there is none and no default."""
    value = entry.get(key, default)
    if not isinstance(value, str):
        raise SlipError(f"{key}: must be a text, not {shown(value)}" if key in entry else f"{key}: is missing")
    return value


def header_pair(name: str, value: str) -> tuple[bytes, bytes]:
    """Return a header as a server gives it: its name in lower case. Raises SlipError."""
    try:
        return name.strip().lower().encode("latin-1"), value.encode("latin-1")
    except UnicodeEncodeError:  # browsers write down UTF-8 headers as the text that they mean
        return name.strip().lower().encode(), value.encode()


def with_length(headers: RawHeaders, body: bytes) -> RawHeaders:
    """Return the headers with the length of the body, where there is one and nothing tells it."""
    if not body or any(name in {b"content-length", b"transfer-encoding"} for name, _ in headers):
        return headers
    return [*headers, (b"content-length", str(len(body)).encode())]


def from_base64(text: str, key: str) -> bytes:
    """Return what base64 stands for. Raises SlipError."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise SlipError(f"{key}: is no base64") from None


def _case(line: str, number: int) -> Case:
    entry = _entry(line)
    strange = next((key for key in entry if key not in _KEYS), None)
    if strange is not None:
        raise SlipError(f"{ascii(strange[:60])[1:-1]}: unknown key. {nearest(strange, _KEYS)}")
    body = _body(entry)
    target = text_of(entry, "target")
    if not target.isascii() or not target.isprintable():
        raise SlipError("target: must be written in ASCII, with escapes such as %20")
    method = text_of(entry, "method", "GET")
    if not method.isascii() or not method.isprintable() or " " in method or not method:
        raise SlipError(f"method: {shown(method)} is none")
    return Case(
        number,
        method,
        target,
        with_length(list(_headers(entry.get("headers", _USUAL_HEADERS))), body),
        body,
        id=_id(entry.get("id", "")),
        client=text_of(entry, "client", ""),
        expected=_expected(entry.get("expected")),
    )


def _entry(line: str) -> dict[str, object]:
    try:
        entry = json.loads(line)
    except json.JSONDecodeError as error:
        raise SlipError(f"is no JSON: {error.msg}, column {error.colno}") from None
    except (ValueError, RecursionError):
        raise SlipError("is no JSON: too deep, or a number that is too long") from None
    if not isinstance(entry, dict):
        raise SlipError("must be an object, such as {...}")
    return entry


def _body(entry: Mapping[str, object]) -> bytes:
    if entry.get("body_b64"):
        if entry.get("body"):
            raise SlipError("body: give either body or body_b64")
        return from_base64(text_of(entry, "body_b64"), "body_b64")
    return text_of(entry, "body", "").encode("utf-8", "surrogatepass")


def _headers(value: object) -> Iterator[tuple[bytes, bytes]]:
    if not isinstance(value, list):
        raise SlipError("headers: must be a list of pairs")
    for pair in value:
        if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(part, str) for part in pair):
            raise SlipError("headers: must be a list of pairs, each of two texts")
        yield header_pair(*pair)


def _id(value: object) -> str:
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise SlipError("id: must be a text or a number")
    return str(value)


def _expected(value: object) -> Expected | None:
    if value is None:
        return None
    try:
        return Expected(str(value))
    except ValueError:
        raise SlipError(f"expected: {nearest(str(value), tuple(Expected))}") from None
