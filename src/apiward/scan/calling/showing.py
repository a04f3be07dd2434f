"""Shows who calls: puts a credential into a request."""

from urllib.parse import quote

from apiward.core.account import Credential
from apiward.core.api import Place
from apiward.core.exchange import Request


def with_credential(request: Request, credential: Credential | None) -> Request:
    """Return the request with the credential in its place, replacing what stands there."""
    if credential is None:
        return request
    for name, value in credential.also:
        request = _with_header(request, name, value)
    if credential.place is Place.QUERY:
        url = _with_query(request.url, credential.name, credential.shown)
        return Request(request.method, url, request.headers, request.body)
    if credential.place is Place.COOKIE:
        old = request.header("cookie")
        pair = f"{credential.name}={credential.shown}" if credential.name else credential.shown
        return _with_header(request, "Cookie", f"{old}; {pair}" if old else pair)
    return _with_header(request, credential.name, credential.shown)


def _with_header(request: Request, name: str, value: str) -> Request:
    kept = tuple((key, text) for key, text in request.headers if key.lower() != name.lower())
    return Request(request.method, request.url, (*kept, (name, value)), request.body)


def _with_query(url: str, name: str, value: str) -> str:
    address, _, query = url.partition("?")
    pair = f"{quote(name)}={quote(value, safe='')}"
    kept = [old for old in query.split("&") if old and old.partition("=")[0] != quote(name)]
    return f"{address}?{'&'.join((*kept, pair))}"
