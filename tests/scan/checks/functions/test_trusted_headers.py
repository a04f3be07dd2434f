"""FUN05 against small APIs: headers that a server believes."""

from starlette.types import Scope

from apiward.scan.checks.functions.trusted_headers import CHECK
from tests.scan.checks.functions.door import (
    answers_all,
    behind,
    headers_of,
    moved,
    plain,
    twins,
)
from tests.scan.small_api import Case


def by_address(scope: Scope) -> Scope | None:
    return scope if headers_of(scope).get("x-real-ip") == "127.0.0.1" else None


def by_role(scope: Scope) -> Scope | None:
    return scope if headers_of(scope).get("x-user-role") == "admin" else None


def by_cookie(scope: Scope) -> Scope | None:
    return scope if "isAdmin=true" in headers_of(scope).get("cookie", "") else None


def by_path(scope: Scope) -> Scope | None:
    path = headers_of(scope).get("x-rewrite-url")
    return moved(scope, path) if path and scope["path"] == "/" else None


def anything(scope: Scope) -> Scope | None:
    return scope if "x-real-ip" in headers_of(scope) else None


TRIGGERS: tuple[Case, ...] = (
    ("an inner address", behind(by_address)),
    ("a role", behind(by_role)),
    ("a cookie", behind(by_cookie)),
    ("another path", behind(by_path)),
)
SILENT: tuple[Case, ...] = (
    ("sound", behind(plain)),
    ("the same for every such header", answers_all(anything)),
)


test_finds_a_way_around, test_is_silent_where_every_way_is_refused = twins(CHECK, TRIGGERS, SILENT)
