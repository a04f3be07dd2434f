"""Recorded traffic as browsers and proxies save it: HAR 1.2, each entry a request with its answer."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlencode, urlsplit

from apiward.app.guarding.cases import (
    Case,
    SlipError,
    WrittenAnswer,
    from_base64,
    good,
    header_pair,
    read_text,
    text_of,
    with_length,
)
from apiward.config.errors import AdvisedError
from apiward.core.call import RawHeaders

_SCHEMES: Final = frozenset({"http", "https", "ws", "wss"})
_FRAMING: Final = frozenset({b"content-length", b"transfer-encoding"})
_PACKING: Final = _FRAMING | {b"content-encoding"}
_FORM: Final = "application/x-www-form-urlencoded"


def read_har(path: Path) -> tuple[Case, ...]:
    """Return the recorded requests in the order in which they were sent. Raises AdvisedError.

    Entries that no server saw (`data:`, `chrome-extension:`) are left out.
    """
    found: list[Case] = []
    slips: list[str] = []
    for number, entry in enumerate(_entries(path), 1):
        try:
            found += _case(entry, number)
        except SlipError as slip:
            slips.append(f"entry {number}: {slip}")
    found.sort(key=lambda case: case.started_s or 0.0)
    return good(path, found, slips)


def _entries(path: Path) -> list[object]:
    try:
        document = json.loads(read_text(path))
    except json.JSONDecodeError as error:
        why = f"Line {error.lineno}, column {error.colno}: {error.msg}."
        raise AdvisedError(f"{path} is no JSON.", why, "A HAR file is JSON. Save it anew.") from None
    except (ValueError, RecursionError):
        raise AdvisedError(f"{path} is no JSON.", "It is too deep, or holds a number that is too long.") from None
    log = document.get("log") if isinstance(document, dict) else None
    entries = log.get("entries") if isinstance(log, dict) else None
    if not isinstance(entries, list):
        why = "A HAR file holds log.entries, a list."
        raise AdvisedError(f"{path} is no HAR file.", why, "Save it from the browser: Network, Save all as HAR.")
    return entries


def _case(entry: object, number: int) -> Iterator[Case]:
    if not isinstance(entry, dict):
        raise SlipError("must be an object")
    request = _object(entry, "request")
    url = text_of(request, "url")
    try:
        parts = urlsplit(url)
    except ValueError:
        raise SlipError("request.url: is no address") from None
    if parts.scheme not in _SCHEMES:
        return
    version = _version(request)
    body = _sent(request)
    yield Case(
        number,
        text_of(request, "method"),
        _target(url),
        _request_headers(request, parts.netloc, body, is_http1=version.startswith("1")),
        body,
        scheme=parts.scheme,
        http_version=version,
        started_s=_started(entry),
        answer=_answer(entry),
    )


def _object(entry: Mapping[str, object], key: str) -> dict[str, object]:
    value = entry.get(key)
    if not isinstance(value, dict):
        raise SlipError(f"{key}: must be an object")
    return value


def _target(url: str) -> str:
    """Return path and query as they were written; a parser might tidy up what must be judged as it is."""
    rest = url.partition("#")[0].partition("://")[2]
    at = min((rest.find(sign) for sign in "/?" if sign in rest), default=len(rest))
    target = rest[at:] or "/"
    return target if target.startswith("/") else f"/{target}"


def _version(request: Mapping[str, object]) -> str:
    told = text_of(request, "httpVersion", "").lower().removeprefix("http/").removeprefix("h")
    if told.startswith(("2", "3")):
        return told[0]
    return "1.0" if told == "1.0" else "1.1"


def _headers(part: Mapping[str, object], where: str) -> RawHeaders:
    value = part.get("headers", [])
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise SlipError(f"{where}.headers: must be a list of objects")
    pairs = [header_pair(text_of(one, "name"), text_of(one, "value")) for one in value]
    return [(name, text) for name, text in pairs if not name.startswith(b":")]


def _request_headers(request: Mapping[str, object], host: str, body: bytes, *, is_http1: bool) -> RawHeaders:
    # A recording may lack the body, or hold it decoded: the length is told anew, for what is there.
    headers = [pair for pair in _headers(request, "request") if pair[0] not in _FRAMING]
    if not is_http1:  # some tools write down the form of HTTP/1 for what they sent in HTTP/2
        headers = [pair for pair in headers if pair[0] not in {b"connection", b"keep-alive", b"proxy-connection"}]
    if not any(name == b"host" for name, _ in headers):
        headers.insert(0, (b"host", host.rpartition("@")[2].encode()))
    return with_length(headers, body)


def _sent(request: Mapping[str, object]) -> bytes:
    if not isinstance(request.get("postData"), dict):
        return b""
    data = _object(request, "postData")
    text = text_of(data, "text", "")
    if text:
        is_packed = data.get("encoding") == "base64" or data.get("_encoding") == "base64"
        return from_base64(text, "request.postData.text") if is_packed else _bytes(text)
    params = data.get("params")
    if not isinstance(params, list) or not text_of(data, "mimeType", "").lower().startswith(_FORM):
        return b""
    pairs = [(text_of(one, "name"), text_of(one, "value", "")) for one in params if isinstance(one, dict)]
    return urlencode(pairs).encode()


def _answer(entry: Mapping[str, object]) -> WrittenAnswer | None:
    """Return what was answered, or None where nothing came (browsers write status 0 then)."""
    if not isinstance(entry.get("response"), dict):
        return None
    response = _object(entry, "response")
    status = response.get("status")
    if not isinstance(status, int) or not 200 <= status < 600:
        return None
    headers = [pair for pair in _headers(response, "response") if pair[0] not in _PACKING]
    return WrittenAnswer(status, headers, _received(response))


def _received(response: Mapping[str, object]) -> bytes:
    if not isinstance(response.get("content"), dict):
        return b""
    content = _object(response, "content")
    text = text_of(content, "text", "")
    return from_base64(text, "response.content.text") if content.get("encoding") == "base64" else _bytes(text)


def _started(entry: Mapping[str, object]) -> float | None:
    told = entry.get("startedDateTime")
    if told is None:
        return None
    try:
        at = datetime.fromisoformat(str(told))
        return at.timestamp()
    except (ValueError, OverflowError, OSError):
        raise SlipError("startedDateTime: must be a time such as 2026-01-31T12:00:00Z") from None


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")
