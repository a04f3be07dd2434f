"""Bodies that are larger, deeper or other than they look; the API gets the very bytes that were judged."""

import gzip
import json
import zlib
from typing import Final

import brotli  # type: ignore[import-untyped] # it ships no types
import pytest

from tests.guarded.guards import RunningGuard, until
from tests.guarded.recording import Recorder
from tests.guarded.speaking import ask, opening, post, request2, status_of

_ZEROS: Final = bytes(100 * 1024 * 1024)
_GROWTH_KB: Final = 40_000
_ATTACK: Final = "1' UNION SELECT login, password FROM users--"


def _deflated(data: bytes) -> bytes:
    return zlib.compress(data, 9)[:60_000]


BOMBS: Final = {
    "gzip": gzip.compress(_ZEROS, 9)[:65_000],
    "gzip twice": gzip.compress(gzip.compress(_ZEROS, 9), 9),
    "deflate": _deflated(_ZEROS),
    "br": brotli.compress(_ZEROS, quality=5),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_in_bounded_memory(api: Recorder, guard: RunningGuard, name: str) -> None:
    before_kb = guard.peak_kb()
    for _ in range(20):
        said = post(guard.port, "/bomb-", BOMBS[name], f"Content-Encoding: {name.split(maxsplit=1)[0]}")
        assert 400 <= status_of(said) < 500
    assert guard.peak_kb() - before_kb < _GROWTH_KB
    assert api.at("/bomb-") == []


@pytest.mark.parametrize(
    "coding", ["gzip, gzip", "gzip,identity", "GZIP, br", "zstd", "compress", "x-gzip", "gzip;q=1"]
)
def test_odd_codings_are_refused(api: Recorder, guard: RunningGuard, coding: str) -> None:
    said = post(guard.port, "/coding-", gzip.compress(b"{}"), f"Content-Encoding: {coding}")
    assert status_of(said) in {400, 415}
    assert api.at("/coding-") == []


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
@pytest.mark.parametrize("is_chunked", [False, True])
def test_a_packed_body_goes_on_unpacked(api: Recorder, guard: RunningGuard, coding: str, *, is_chunked: bool) -> None:
    plain = json.dumps({"note": "all is well " * 50, "way": [coding, is_chunked]}).encode()
    packed = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress}[coding](plain)
    framing, body = f"Content-Length: {len(packed)}", packed
    if is_chunked:
        framing, body = "Transfer-Encoding: chunked", b"%x\r\n%b\r\n0\r\n\r\n" % (len(packed), packed)
    target = f"/packed-{coding}-{is_chunked}-"
    lines = [f"POST {target} HTTP/1.1", "Host: shop.test", "Connection: close", "Content-Type: application/json"]
    head = "\r\n".join([*lines, f"Content-Encoding: {coding}", framing, "", ""]).encode()

    assert status_of(ask(guard.port, head + body)) == 200
    (seen,) = api.at(target)
    assert (seen.body, seen.values(b"content-encoding")) == (plain, [])
    assert seen.values(b"content-length") == [str(len(plain)).encode()]


def test_a_chunked_body_stays_one_body_after_a_header_was_taken_off(api: Recorder, guard: RunningGuard) -> None:
    body = b'{"a": 1}'
    head = (
        b"POST /edited- HTTP/1.1\r\nHost: shop.test\r\nContent-Type: application/json\r\nX-User-Id: 7\r\n"
        b"X-Original-URL: /admin\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    assert status_of(ask(guard.port, head + b"8\r\n" + body + b"\r\n0\r\n\r\n")) == 200
    (seen,) = api.at("/edited-")
    assert seen.body == body
    assert seen.values(b"x-user-id") == seen.values(b"x-original-url") == []


@pytest.mark.parametrize(
    "body",
    [
        b'{"role": "user", "role": "admin"}',
        b'{"role": "user", "\\u0072ole": "admin"}',
        b'{"a": {"b": 1, "b": 2}}',
        b"[" * 5_000 + b"]" * 5_000,
        b'{"a":' * 200 + b"1" + b"}" * 200,
        b'{"n": ' + b"9" * 500 + b"}",
        b'{"n": 1e99999}',
        b'{"n": NaN}',
        b'{"a": 1} {"a": 2}',
        b'{"a": 1}\x00',
        b"{'a': 1}",
        b'{"a": 1,}',
        b'\xef\xbb\xbf{"a": 1}',
        '{"a": 1}'.encode("utf-16"),
        b'{"a": "\xff"}',
        b'{"a": "\xc0\xaf"}',
        b'{"a": "\\ud800"}',
        b'{"a": "x\\u0000y"}',
        b'{"a": 1/**/}',
        b"+ADw-script+AD4-",
        b"",
    ],
)
def test_json_that_can_be_read_in_two_ways_is_refused(api: Recorder, guard: RunningGuard, body: bytes) -> None:
    said = post(guard.port, "/json-odd-", body)
    if body:
        assert 400 <= status_of(said) < 500
        assert api.at("/json-odd-") == []


@pytest.mark.parametrize(
    "kind",
    [
        "application/json; charset=utf-16",
        "application/json; charset=utf-7",
        "application/json, text/plain",
        "application/json; charset=utf-8; charset=utf-7",
        "application/x-unheard-of",
        "multipart/form-data",
        "json",
        "",
    ],
)
def test_odd_content_types_are_refused(api: Recorder, guard: RunningGuard, kind: str) -> None:
    assert status_of(post(guard.port, "/kind-", b'{"a": 1}', kind=kind)) in {400, 415}
    assert api.at("/kind-") == []


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/octet-stream", "application/x-www-form-urlencoded", "image/png", "application/xml"],
)
def test_json_under_another_name_is_judged_as_json(api: Recorder, guard: RunningGuard, kind: str) -> None:
    attack = json.dumps({"q": _ATTACK}).encode()
    twice = b'{"role": "user", "role": "admin"}'
    assert status_of(post(guard.port, "/disguised-", attack, kind=kind)) >= 400
    assert status_of(post(guard.port, "/disguised-", twice, kind=kind)) >= 400
    assert api.at("/disguised-") == []


def test_a_get_over_http2_with_a_body_is_judged(api: Recorder, guard: RunningGuard) -> None:
    attack = json.dumps({"q": _ATTACK}).encode()
    for method in (b"GET", b"DELETE", b"POST", b"HEAD", b"OPTIONS"):
        frames = request2(method, b"/untold-", (b"content-type", b"application/json"), body=attack)
        ask(guard.port, opening(frames), wait_s=0.3)
    assert api.at("/untold-") == []


def test_an_attack_behind_much_padding_is_found(api: Recorder, guard: RunningGuard) -> None:
    for at in (0, 30_000, 60_000):
        padded = json.dumps({"a": "x " * (at // 2), "q": _ATTACK, "z": "y " * ((60_000 - at) // 2)}).encode()
        assert 400 <= status_of(post(guard.port, "/padded-", padded)) < 500
    assert api.at("/padded-") == []


def test_more_than_is_judged_does_not_pass(api: Recorder, guard: RunningGuard) -> None:
    body = json.dumps({"a": "x" * 70_000}).encode()
    chunked = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    head = b"POST /beyond- HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert status_of(post(guard.port, "/beyond-", body)) == 413
    assert status_of(ask(guard.port, head + chunked, wait_s=1)) == 413
    assert api.at("/beyond-") == []


def _form(*parts: tuple[str, bytes]) -> bytes:
    whole = (
        b'--b\r\nContent-Disposition: form-data; name="%b\r\n\r\n%b\r\n' % (part[0].encode(), part[1]) for part in parts
    )
    return b"".join(whole) + b"--b--\r\n"


_PHOTO: Final = ('photo"; filename="a.jpg"', b"\xff\xd8ab" * 800_000)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data; boundary=b", _form(_PHOTO, ('q"', _ATTACK.encode()))),
        ("multipart/form-data; boundary=b", _form(_PHOTO, ('f"; filename="x.php"', b"abc"))),
        ("image/png", b" " * 3_000_000 + json.dumps({"q": _ATTACK}).encode()),
    ],
)
def test_an_attack_behind_what_streams_is_found(api: Recorder, guard: RunningGuard, kind: str, body: bytes) -> None:
    assert 400 <= status_of(post(guard.port, "/behind-", body, kind=kind)) < 500
    assert api.at("/behind-") == []  # what it got was broken off, so that it takes none of it
    until(lambda: api.odd == [b"the body ended early"])
    api.odd.clear()


def test_a_small_form_is_judged_to_its_end(api: Recorder, guard: RunningGuard) -> None:
    small = ('photo"; filename="a.jpg"', b"\xff\xd8ab" * 800)
    kind = "multipart/form-data; boundary=b"
    assert status_of(post(guard.port, "/form-", _form(small, ('q"', _ATTACK.encode())), kind=kind)) == 400
    assert status_of(post(guard.port, "/form-", _form(small, ('f"; filename="x.php"', b"abc")), kind=kind)) == 400
    assert api.at("/form-") == []
    assert status_of(post(guard.port, "/form-", _form(small, ('q"', b"a day out")), kind=kind)) == 200


def test_an_ordinary_body_arrives_byte_for_byte(api: Recorder, guard: RunningGuard) -> None:
    body = b'{ "b" :1.50 ,\n"a":"J\\u00f6rg \xc3\xa9", "list":[ 1,2 ] }'
    assert status_of(post(guard.port, "/byte-for-byte-", body)) == 200
    assert [seen.body for seen in api.at("/byte-for-byte-")] == [body]
