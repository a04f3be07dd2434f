"""The cookies that an answer sets, with their attributes (RFC 6265)."""

from collections.abc import Iterator
from http.cookies import CookieError, Morsel, SimpleCookie

from apiward.core.exchange import Exchange


def set_cookies(exchange: Exchange) -> Iterator[tuple[str, "Morsel[str]"]]:
    """Yield name and cookie of each that can be read."""
    for line in exchange.response.all_headers("set-cookie") if exchange.response else ():
        try:
            jar: SimpleCookie = SimpleCookie(line)
        except CookieError:
            continue
        yield from jar.items()
