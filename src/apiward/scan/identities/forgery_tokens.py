"""Tokens against requests from other sites (CSRF): where a log-in by cookie wants one, and how it is sent.

Known ways: a cookie whose value comes back in a header (Django, Angular, Laravel, Spring, csurf), a hidden field or a
meta tag of the log-in's page, a field of a JSON answer.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from apiward.core.api import Api, Operation
from apiward.core.exchange import Exchange, Headers
from apiward.core.jsonvalue import NotJson, leaves
from apiward.scan.calling.arguments import Arguments
from apiward.scan.calling.caller import Caller
from apiward.scan.identities.credentials import cookies_in
from apiward.spec.markup import attributes, tags
from apiward.spec.meaning import naming

MAX_PLACES: Final = 3
MAX_PAGE: Final = 200_000
MAX_TOKEN: Final = 500
HEADERS: Final = ("X-CSRFToken", "X-XSRF-TOKEN", "X-CSRF-Token")
"""The names under which frameworks look for the token; a name that nobody reads does no harm."""
_NAME: Final = re.compile(r"(?i)csrf|xsrf|authenticity.?token")
_SAYS: Final = re.compile(r"(?i)csrf|xsrf|forgery|authenticity|page expired|token mismatch")
_ASKED: Final = frozenset({403, 419})
_TAGS: Final = frozenset({"input", "meta"})


@dataclass(frozen=True, slots=True)
class ForgeryToken:
    """A token with the cookies that belong to it, and the field of a form that takes it."""

    value: str
    cookies: tuple[tuple[str, str], ...] = ()
    field_name: str = ""

    def headers(self) -> Headers:
        """Return what goes with a request that shows it."""
        own = tuple((name, self.value) for name in HEADERS)
        pairs = "; ".join(f"{name}={value}" for name, value in self.cookies)
        return (*own, ("Cookie", pairs)) if pairs else own


def is_wanted(exchange: Exchange) -> bool:
    """Whether a log-in may have been refused because no such token was shown."""
    return exchange.status in _ASKED or (400 <= exchange.status < 500 and bool(_SAYS.search(exchange.text[:20_000])))


async def find_token(caller: Caller, api: Api, log_in: Operation) -> ForgeryToken | None:
    """Ask for a token where log-ins have one: at its own address, at operations named so, at the front page."""
    for operation in list(_places(api, log_in))[:MAX_PLACES]:
        exchange = await caller.call(operation, Arguments())
        found = token_of(exchange)
        if found is not None:
            return found
    return None


def token_of(exchange: Exchange) -> ForgeryToken | None:
    """Return the token that an answer gives: in a cookie, a field of JSON, or a page."""
    if exchange.response is None or exchange.status >= 400:
        return None
    cookies = tuple(cookies_in(exchange))
    told = next(_in_body(exchange), None)
    if told is not None:
        return ForgeryToken(told[1], cookies, told[0])
    return next((ForgeryToken(token, cookies) for token in in_cookies(cookies)), None)


def in_cookies(cookies: tuple[tuple[str, str], ...]) -> Iterator[str]:
    """Yield the tokens that stand in cookies; some frameworks encode them there, and want them plain."""
    yield from (unquote(value) for name, value in cookies if _NAME.search(name))


def _in_body(exchange: Exchange) -> Iterator[tuple[str, str]]:
    value = exchange.response.json() if exchange.response is not None else NotJson.NOT_JSON
    if not isinstance(value, NotJson):
        for pointer, leaf in leaves(value):
            name = next((step for step in reversed(pointer) if isinstance(step, str)), "")
            if isinstance(leaf, str) and len(leaf) >= 8 and _NAME.search(name):
                yield "", leaf
        return
    for kind, inside, _ in tags(exchange.text[:MAX_PAGE]):
        said = attributes(inside) if kind in _TAGS else {}
        token, name = said.get("value") or said.get("content") or "", said.get("name", "")
        # it goes into a header, where nothing but plain signs may stand
        is_token = 8 <= len(token) <= MAX_TOKEN and token.isascii() and token.isprintable()
        if is_token and (_NAME.search(name) or name == "_token"):
            yield name, token


def _places(api: Api, log_in: Operation) -> Iterator[Operation]:
    for operation in api.operations:
        if (
            operation.method == "GET"
            and "{" not in operation.path
            and _NAME.search("-".join(naming.names_of(operation)))
        ):
            yield operation
    yield Operation("GET", log_in.path, log_in.base_path)
    yield Operation("GET", "/")
