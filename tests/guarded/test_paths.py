"""A path that could be read in two ways does not reach the API; the others reach it byte for byte."""

from typing import Final

import pytest

from tests.guarded.guards import RunningGuard
from tests.guarded.recording import Recorder
from tests.guarded.speaking import ask_at_once, get, status_of

_TRICKS: Final = [
    "//admin",
    "/a//admin",
    "/a/../admin",
    "/a/./admin",
    "/a/..",
    "/a%2fadmin",
    "/a%2Fadmin",
    "/a%5cadmin",
    "/a\\admin",
    "/a/%2e%2e/admin",
    "/a/%2E./admin",
    "/a/.%2e/admin",
    "/a;/admin",
    "/a;x=1/admin",
    "/a/..;/admin",
    "/%61dmin",
    "/a%252fadmin",
    "/a%25%32%66admin",
    "/a%00",
    "/a%0d%0aX-Smuggled:1",
    "/a%c0%afadmin",
    "/a%c0%ae%c0%ae/admin",
    "/a%e0%80%afadmin",
    "/a%u002fadmin",
    "/a%",
    "/a%4",
    "/a%gg",
    "/a%ff",
    "/a%ef%bc%8fadmin",
    "/%ef%bc%8e%ef%bc%8e/admin",
    "/%e2%80%a5/admin",
    "/a\xe9",
    "/a%7f",
    "/a%80",
    "http://shop.test/a/../admin",
    "http://shop.test//admin",
    "*",
    "admin",
    "?a=1",
    "/a?b=%00",
    "/a?b=%c0%af",
    "/a?b=%",
    "/" + "a/" * 100,
    "/" + "a" * 5_000,
]
_PLAIN: Final = [
    "/orders/17",
    "/files/report%20of%20may.pdf",
    "/people/J%C3%B6rg",
    "/.well-known/security.txt",
    "/v1/items:batch",
    "/a/b,c=d/(e)",
    "/search?q=a%2Fb%5C..%2F&page=2",
    "/a/",
    "/a?",
]


@pytest.fixture(scope="module")
def said(guard: RunningGuard) -> dict[str, bytes]:
    """All requests, each on its own connection."""
    line = "GET {} HTTP/1.1\r\nHost: shop.test\r\nX-Path-Test: 1\r\n\r\n"
    return ask_at_once(guard.port, {path: line.format(path).encode("latin-1") for path in (*_TRICKS, *_PLAIN)})


@pytest.mark.parametrize("path", _TRICKS)
def test_a_tricky_path_is_refused(said: dict[str, bytes], path: str) -> None:
    assert status_of(said[path]) in {400, 404, 414}


def test_the_api_saw_only_plain_paths(api: Recorder, said: dict[str, bytes]) -> None:
    seen = sorted(one.target for one in api.seen if one.values(b"x-path-test"))
    assert seen == sorted(path.removesuffix("?") for path in _PLAIN)


def test_the_fragment_is_no_part_of_the_target(api: Recorder, guard: RunningGuard) -> None:
    get(guard.port, "/fragment-#/../admin")
    assert {one.target for one in api.at("/fragment-")} <= {"/fragment-"}
