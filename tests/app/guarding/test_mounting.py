"""What is judged is what the app routes by, wherever it is mounted."""

from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.app.guarding.mounting import UNCLEAR, Mounting
from apiward.net.messages import Message


def _scope(path: str, raw: str | None = None, root: str = "") -> Message:
    return {"path": path, "raw_path": None if raw is None else raw.encode("latin-1"), "root_path": root}


@pytest.mark.parametrize(
    ("path", "raw", "expected"),
    [
        ("/a", "/a", b"/a"),
        ("/a", "/a?x=1", b"/a"),
        ("/a/b", "/a%2fb", b"/a%2fb"),
        ("/a b", "/a%20b", b"/a%20b"),
        ("/a%b", None, b"/a%25b"),
        ("/ü", None, b"/%C3%BC"),
        ("/b%2Fc".replace("%2F", "/"), "/a/b%2Fc", b"/b%2Fc"),  # a mount has cut "/a" off
        ("/b", "/a/c", b"/b"),  # rewritten on the way: apps route by the path
        ("/a?b", "/a%3Fb", b"/a%3Fb"),
        ("", "", b""),
    ],
)
def test_the_escapes_that_came_are_kept(path: str, raw: str | None, expected: bytes) -> None:
    assert Mounting().target(_scope(path, raw)) == expected


@pytest.mark.parametrize(
    ("path", "raw", "bases", "expected"),
    [
        ("/api/a", "/api/a", "", b"/a"),
        ("/api", "/api", "", b"/"),
        ("/api/", "/api/", "", b"/"),
        ("/api//a", "/api//a", "", b"//a"),
        ("/api/a", "/a", "", b"/a"),  # a server that leaves the prefix out of the escaped path
        ("/a", "/a", "", b"/a"),  # and one that leaves it out of both
        ("/api/a", "/api/a", "/api", b"/api/a"),
        ("/api/v1/a", "/api/v1/a", "/api/v1", b"/api/v1/a"),
        ("/a", "/a", "/api", b"/api/a"),
        ("/apix/a", "/apix/a", "", UNCLEAR),
        ("/x/api/a", "/x/api/a", "", UNCLEAR),
        ("/api/a", "/%61pi/a", "", b"/%61pi/a"),  # the protocol stage refuses it
    ],
)
def test_a_prefix_is_cut_off_unless_it_is_described(path: str, raw: str, bases: str, expected: bytes) -> None:
    assert Mounting(frozenset({bases})).target(_scope(path, raw, "/api")) == expected


def test_a_slash_at_the_end_of_the_prefix_is_none() -> None:
    assert Mounting().target(_scope("/api/a", "/api/a", "/api/")) == b"/a"
    assert Mounting().target(_scope("/a", "/a", "/")) == b"/a"


def test_a_prefix_that_the_app_does_without_is_cut_off() -> None:
    mounting = Mounting(frozenset({""}), left_out="/v1")
    assert mounting.target(_scope("/v1/a", "/v1/a")) == b"/a"
    assert mounting.target(_scope("/a", "/a")) == b"/a"
    assert mounting.target(_scope("/v1a", "/v1a")) == b"/v1a"


@given(path=st.text(st.characters(codec="utf-8")).map("/".__add__), root=st.sampled_from(["", "/api", "/ä"]))
def test_what_is_judged_is_what_the_app_sees(path: str, root: str) -> None:
    target = Mounting().target(_scope(root + path, quote(root + path), root))
    assert target == UNCLEAR or unquote(target.decode()) == path


@given(path=st.text(), raw=st.binary(max_size=40), root=st.text(max_size=5))
def test_nothing_makes_it_fail(path: str, raw: bytes, root: str) -> None:
    Mounting(frozenset({"/api"}), "/v1").target({"path": path, "raw_path": raw, "root_path": root})
