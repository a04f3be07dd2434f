"""Whether a text that was sent stands in a page as an element of its own, where a browser would take it for one."""

from html.parser import HTMLParser
from typing import Final

from apiward.core.exchange import Exchange

_SHOWN: Final = ("text/html", "application/xhtml+xml", "image/svg+xml", "text/xml", "application/xml")
_MOST: Final = 200_000
# What stands in these is text to a browser, whatever it looks like (HTML, "Tokenization").
_TEXT_ONLY: Final = frozenset({"title", "textarea", "noscript", "iframe", "xmp", "noembed", "noframes", "plaintext"})


def is_page(exchange: Exchange) -> bool:
    """Whether a browser would show the answer as a page, and not save it as a file."""
    if exchange.response is None or exchange.response.media_type not in _SHOWN:
        return False
    return "attachment" not in (exchange.response.header("content-disposition") or "").lower()


def has_element(exchange: Exchange, name: str) -> bool:
    """Whether a page has an element of that name."""
    if not is_page(exchange) or f"<{name}" not in exchange.text:
        return False
    reader = _Reader(name)
    reader.feed(exchange.text[:_MOST])
    return reader.is_found


class _Reader(HTMLParser):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.is_found = False
        self._name = name
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  # its form is given
        if self._inside:
            return
        self.is_found = self.is_found or tag == self._name
        self._inside = tag if tag in _TEXT_ONLY else ""

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = ""
