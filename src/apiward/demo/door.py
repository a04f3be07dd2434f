"""The door in front of the team's area, as many have one: it reads a request otherwise than what stands behind it.

A sound door reads nothing but the method and the path, and what is behind it reads them the same way.
"""

import re
from typing import Final

from starlette.datastructures import Headers
from starlette.types import Scope

from apiward.demo.desk import Desk

UNSEEN: Final = "apiward.unseen"
"""Where the request's scope names the weakness by which it came past the door."""
_DOUBLED: Final = re.compile(r"/{2,}")


def let_in(desk: Desk, scope: Scope) -> None:
    """Rewrite the request as what is behind the door reads it, and note where the door read it otherwise."""
    headers, path = Headers(scope=scope), str(scope["path"])
    method = headers.get("x-http-method-override", "").upper()
    if method and scope["method"] == "POST" and desk.weak("function-method-override", noticed=False):
        scope["method"], scope[UNSEEN] = method, "function-method-override"
    elif "//" in path and desk.weak("function-path-spelling", noticed=False):
        _move(scope, _DOUBLED.sub("/", path), "function-path-spelling")
    elif "x-original-url" in headers and desk.weak("function-path-header", noticed=False):
        _move(scope, headers["x-original-url"].partition("?")[0], "function-path-header")
    elif headers.get("x-forwarded-for") == "127.0.0.1" and desk.weak("function-trusted-address", noticed=False):
        scope[UNSEEN] = "function-trusted-address"


def _move(scope: Scope, path: str, name: str) -> None:
    scope["path"], scope["raw_path"], scope[UNSEEN] = path, path.encode(), name
