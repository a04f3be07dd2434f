"""The cookies that an answer sets (RFC 6265)."""

from collections.abc import Iterator
from http.cookies import CookieError, Morsel, SimpleCookie

from apiward.core.exchange import Exchange


def morsels_in(exchange: Exchange) -> "Iterator[tuple[str, Morsel[str]]]":
    """Yield each cookie that the answer sets or deletes, and what it says of it; what is no cookie is left out."""
    for line in exchange.response.all_headers("set-cookie") if exchange.response else ():
        try:
            jar: SimpleCookie = SimpleCookie(line)
        except CookieError:
            continue
        yield from jar.items()
