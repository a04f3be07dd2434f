"""What was sent and answered, as a HAR 1.2 file (a W3C draft). Exchanges are masked before they come here."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from apiward.core.exchange import Exchange, Headers, Request, Response
from apiward.core.jsonvalue import Json

VERSION: Final = "1.2"
_HTTP: Final = "HTTP/1.1"


def har_pieces(exchanges: Iterable[Exchange], *, version: str, comment: str = "") -> Iterator[str]:
    """Yield the file piece by piece; `version` is that of apiward."""
    head = {"version": VERSION, "creator": {"name": "apiward", "version": version}, "comment": comment}
    yield f'{{"log": {json.dumps(head)[:-1]}, "entries": ['
    between = "\n"
    for exchange in exchanges:
        yield between + json.dumps(_entry(exchange), ensure_ascii=False)
        between = ",\n"
    yield "\n]}}\n"


def _entry(exchange: Exchange) -> dict[str, Json]:
    took_ms = round(exchange.elapsed_s * 1_000, 3)
    begun = datetime.fromtimestamp(exchange.started_s, UTC).isoformat(timespec="milliseconds")
    return {
        "startedDateTime": begun,
        "time": took_ms,
        "request": _request(exchange.request),
        "response": _response(exchange.response) if exchange.response is not None else _nothing(exchange),
        "cache": {},
        "timings": {"send": 0, "wait": took_ms, "receive": 0},
    }


def _request(request: Request) -> dict[str, Json]:
    shown: dict[str, Json] = {
        "method": request.method,
        "url": request.url,
        "httpVersion": _HTTP,
        "cookies": [],
        "headers": _headers(request.headers),
        "queryString": [{"name": name, "value": value} for name, value in _query(request.url)],
        "headersSize": -1,
        "bodySize": len(request.body),
    }
    if request.body:
        kind = request.header("content-type") or ""
        shown["postData"] = {"mimeType": kind, "text": request.body.decode("utf-8", "replace")}
    return shown


def _response(response: Response) -> dict[str, Json]:
    content: dict[str, Json] = {
        "size": len(response.body),
        "mimeType": response.header("content-type") or "",
        "text": response.text,
    }
    if response.is_cut:
        content["comment"] = "cut"
    return {
        "status": response.status,
        "statusText": _phrase(response.status),
        "httpVersion": _HTTP,
        "cookies": [],
        "headers": _headers(response.headers),
        "content": content,
        "redirectURL": response.header("location") or "",
        "headersSize": -1,
        "bodySize": -1,
    }


def _nothing(exchange: Exchange) -> dict[str, Json]:
    """Return what stands for an answer that never came, as browsers write it."""
    return {**_response(Response(0)), "httpVersion": "", "_error": f"{exchange.failure}: {exchange.failure_detail}"}


def _headers(headers: Headers) -> list[Json]:
    return [{"name": name, "value": value} for name, value in headers]


def _query(url: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(urlsplit(url).query, keep_blank_values=True)
    except ValueError:  # what a check sends need not be an address that can be read
        return []


def _phrase(status: int) -> str:
    return next((one.phrase for one in HTTPStatus if one == status), "")
