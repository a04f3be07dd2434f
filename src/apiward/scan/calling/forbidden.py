"""Operations that the user does not want called: no request for one of them leaves, whoever in the scan makes it."""

import posixpath
import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import unquote, urlsplit

from apiward.core.api import Operation
from apiward.core.exchange import Request

_PLACE: Final = re.compile(r"\\\{[^{}/]+\\\}")
_OTHER_METHODS: Final = ("x-http-method-override", "x-http-method", "x-method-override")
_OTHER_PATHS: Final = ("x-original-url", "x-rewrite-url")


class Forbidden:
    """Knows a request for one of `operations` below `origin` by its address, as servers read it, and by its key."""

    def __init__(self, operations: Iterable[Operation], origin: str) -> None:
        chosen = tuple(operations)
        self.keys = frozenset(operation.key for operation in chosen)
        prefix = urlsplit(origin).path
        self._patterns = [
            (one.method, _pattern(f"{prefix}{one.base_path}{one.path}")) for one in chosen if one.has_address
        ]

    def covers(self, request: Request, key: str = "") -> bool:
        """Return whether `request`, made for the operation `key`, must not be sent."""
        if key in self.keys:
            return True
        if not self._patterns:
            return False
        methods, paths = set(_methods(request)), [_plain(path) for path in _paths(request)]
        return any(
            method in methods and pattern.fullmatch(path) for method, pattern in self._patterns for path in paths
        )


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(_PLACE.sub("[^/]+", re.escape(_plain(template))))


def _methods(request: Request) -> Iterator[str]:
    yield request.method.upper()
    if request.method.upper() == "HEAD":
        yield "GET"  # servers run the same code for both
    yield from (value.strip().upper() for name, value in request.headers if name.lower() in _OTHER_METHODS)


def _paths(request: Request) -> Iterator[str]:
    yield request.url.partition("://")[2].partition("?")[0].partition("#")[0].partition("/")[2]
    yield from (value.partition("?")[0] for name, value in request.headers if name.lower() in _OTHER_PATHS)


def _plain(path: str) -> str:
    """Return a path as the most lenient of servers reads it."""
    return posixpath.normpath(f"/{unquote(path)}".replace("\\", "/")).replace("//", "/").casefold()
