import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.guard.wire.paths import PathRules
from apiward.guard.wire.unfit import UnfitError

RULES = PathRules()


def rule_of(raw: bytes, rules: PathRules = RULES) -> str:
    try:
        rules.read(raw)
    except UnfitError as unfit:
        return unfit.rule.removeprefix("protocol.")
    return "fits"


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        (b"/", "/"),
        (b"/a/b/", "/a/b/"),
        (b"/a%20b", "/a b"),
        (b"/caf%C3%A9", "/café"),
        (b"/%e6%97%a5%e6%9c%ac", "/日本"),
        (b"/a.b/.well-known/x..y", "/a.b/.well-known/x..y"),
        (b"/100%25", "/100%"),
        (b"/f%2Etxt", "/f.txt"),
        (b"/~ann/a:b@c,d", "/~ann/a:b@c,d"),
        (b"/a%3Bb", "/a;b"),
        (b"/x[0]", "/x[0]"),
    ],
)
def test_plain_paths_are_decoded_once(raw: bytes, path: str) -> None:
    assert RULES.read(raw) == path


@pytest.mark.parametrize(
    "raw",
    [
        b"/a/../b", b"/a/..", b"/./a", b"/a/.", b"//a", b"/a//b", b"/a/%2e%2e/b", b"/a/.%2E/b", b"/%2e", b"/a%2fb",
        b"/a%2Fb", b"/a%5cb", b"/a\\b", b"/a;x=1/b", b"/a/..;/b", b"/a/..%3B/b", b"/%61dmin", b"/a%252fb", b"/a%252e",
        b"/%2541", b"/a/%EF%BC%8E%EF%BC%8E/b", b"/a%EF%BC%8Fb", b"/a/%E2%80%A5/b", b"/a/..%20/b",
    ],
)  # fmt: skip
def test_paths_with_two_readings_are_refused(raw: bytes) -> None:
    assert rule_of(raw) == "path-ambiguous"


@pytest.mark.parametrize(
    "raw",
    [
        b"/a%00b", b"/a%0d%0ab", b"/a\x00", b"/a b", b"/caf\xc3\xa9", b"/%c0%af", b"/%e0%80%af", b"/%ff", b"/%", b"/%1",
        b"/%zz", b"/%u002f", b"/a#b", b"/<script>", b'/a"b', b"/{x}", b"/%c2%85", b"/%ed%a0%80", b"/%7f",
    ],
)  # fmt: skip
def test_paths_with_bad_signs_are_refused(raw: bytes) -> None:
    assert rule_of(raw) == "path-encoding"


@pytest.mark.parametrize("raw", [b"", b"*", b"http://x/", b"a/b"])
def test_what_is_no_path_is_refused(raw: bytes) -> None:
    assert rule_of(raw) == "target"


def test_long_paths_are_refused() -> None:
    rules = PathRules(longest=10, most_segments=3)
    assert rule_of(b"/" + b"a" * 10, rules) == "path-too-long"
    assert rule_of(b"/a/b/c/d", rules) == "path-too-long"
    assert rule_of(b"/a/b/c", rules) == "fits"


def test_semicolons_and_escaped_slashes_can_be_let_through() -> None:
    rules = PathRules(has_parameters=True, has_slashes=True)
    assert rules.read(b"/a;v=1/b") == "/a;v=1/b"
    assert rules.read(b"/projects/group%2fname/x%20y") == "/projects/group%2Fname/x y"
    assert rule_of(b"/a/..;x/b", rules) == "path-ambiguous"
    assert rule_of(b"/a/..%2f..%2fb", rules) == "path-ambiguous"
    assert rule_of(b"/a/%2f", rules) == "path-ambiguous"
    assert rule_of(b"/a%252fb", rules) == "path-ambiguous"


@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    assert rule_of(raw) in {"fits", "target", "path-ambiguous", "path-encoding", "path-too-long"}


@given(st.lists(st.sampled_from([b"/", b"a", b".", b"..", b"%2e", b"%2f", b"%25", b";", b"\\", b"%c3%a9", b"%"])))
def test_what_fits_has_one_reading(pieces: list[bytes]) -> None:
    raw = b"/" + b"".join(pieces)
    if rule_of(raw) != "fits":
        return
    path = RULES.read(raw)
    assert path == unquote(raw.decode(), errors="strict")
    assert path.count("/") == raw.count(b"/")
    assert not re.search(r"//|\\|/\.{1,2}(/|$)|%[0-9a-fA-F]{2}", path)
