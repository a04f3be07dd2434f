"""Whatever the bytes: the API sees no request that was not judged, and no body that was not."""

from typing import Final

import pytest

from tests.guarded.guards import RunningGuard, until
from tests.guarded.recording import Recorder
from tests.guarded.speaking import (
    DATA,
    END_HEADERS,
    END_STREAM,
    HEADERS,
    RST,
    ask_at_once,
    frame,
    literal,
    opening,
    pseudo,
    request2,
    status_of,
)

_JSON: Final = "Content-Type: application/json"
_CHUNKED: Final = "Transfer-Encoding: chunked"
_NONE: Final = b"0\r\n\r\n"
_ONE: Final = b"2\r\n{}\r\n0\r\n\r\n"
_JSON2: Final = (b"content-type", b"application/json")


def hidden(name: str) -> bytes:
    """Return the request that is to be smuggled."""
    return f"GET /hidden-{name}- HTTP/1.1\r\nHost: shop.test\r\nX-Smuggled: 1\r\n\r\n".encode()


def posted(name: str, *fields: str, body: bytes, method: str = "POST", version: str = "1.1") -> bytes:
    """Return a request with `body`, followed by the hidden one."""
    lines = [f"{method} /outer-{name}- HTTP/{version}", "Host: shop.test", _JSON, *fields, "", ""]
    return "\r\n".join(lines).encode("latin-1") + body + hidden(name)


def _within_chunk(name: str) -> bytes:
    return b"%x\r\n%b\r\n0\r\n\r\n" % (len(hidden(name)), hidden(name))


# Framed in two ways, or badly: nothing of it may reach the API.
_UNCLEAR: Final = {
    "te-other": (["Transfer-Encoding: xchunked", "Content-Length: 5"], _NONE),
    "te-te": ([_CHUNKED, "Transfer-Encoding: cow", "Content-Length: 5"], _NONE),
    "te-te-identity": ([_CHUNKED, "Transfer-Encoding: identity"], _NONE),
    "te-space-before": (["Transfer-Encoding : chunked", "Content-Length: 5"], _NONE),
    "te-vertical-tab": (["Transfer-Encoding: \x0bchunked", "Content-Length: 5"], _NONE),
    "te-quoted": (['Transfer-Encoding: "chunked"', "Content-Length: 5"], _NONE),
    "te-folded": (["Transfer-Encoding:\r\n chunked"], _NONE),
    "te-after-fold": (["X-A: b\r\n Transfer-Encoding: chunked", "Content-Length: 2"], b"{}"),
    "te-after-bare-cr": (["X-A: b\rTransfer-Encoding: chunked", "Content-Length: 2"], b"{}"),
    "cl-cl": (["Content-Length: 5", "Content-Length: 0"], b"{   }"),
    "cl-plus": (["Content-Length: +2"], b"{}"),
    "cl-minus": (["Content-Length: -2"], b"{}"),
    "cl-list": (["Content-Length: 2, 2"], b"{}"),
    "cl-hex": (["Content-Length: 0x2"], b"{}"),
    "cl-wraps": (["Content-Length: 18446744073709551618"], b"{}"),
    "cl-space-before": (["Content-Length : 2"], b"{}"),
    "nul-in-head": (["X-A: b\0c", "Content-Length: 2"], b"{}"),
    "chunk-ends-lf": ([_CHUNKED], b"2\n{}\n0\n\n"),
    "chunk-extension-ends-lf": ([_CHUNKED], b"2;\n{}\r\n0\r\n\r\n"),
    "chunk-ends-cr": ([_CHUNKED], b"2\r{}\r\n0\r\n\r\n"),
    "chunk-spills": ([_CHUNKED], b"2\r\n{}XX0\r\n\r\n"),
    "chunk-negative": ([_CHUNKED], b"-2\r\n{}\r\n0\r\n\r\n"),
    "chunk-wraps": ([_CHUNKED], b"fffffffffffffffff2\r\n{}\r\n0\r\n\r\n"),
    "chunk-0x": ([_CHUNKED], b"0x2\r\n{}\r\n0\r\n\r\n"),
    "chunk-space-before": ([_CHUNKED], b" 2\r\n{}\r\n0\r\n\r\n"),
    "chunk-underscore": ([_CHUNKED], b"0_2\r\n{}\r\n0\r\n\r\n"),
    "chunk-long-extension": ([_CHUNKED], b"2;" + b"a" * 200_000 + b"\r\n{}\r\n0\r\n\r\n"),
}

# Odd, but readable in one way: the API may see it, without what makes it odd.
_READABLE: Final = {
    "cl-te": (["Content-Length: 6", _CHUNKED], _NONE),
    "te-twice": ([_CHUNKED, _CHUNKED], _NONE),
    "te-empty-first": (["Transfer-Encoding: ,chunked"], _NONE),
    "te-gzip-chunked": (["Transfer-Encoding: gzip, chunked"], _NONE),
    "te-tab": (["Transfer-Encoding:\tchunked"], _NONE),
    "te-capitals": (["TRANSFER-ENCODING: CHUNKED"], _NONE),
    "te-underscore": (["Transfer_Encoding: chunked", "Content-Length: 2"], b"{}"),
    "cl-underscore": (["Content_Length: 40", "Content-Length: 2"], b"{}"),
    "cl-same-twice": (["Content-Length: 2", "Content-Length: 2"], b"{}"),
    "cl-zeros": (["Content-Length: 002"], b"{}"),
    "chunk-extension": ([_CHUNKED], b"2;a=b\r\n{}\r\n0\r\n\r\n"),
    "chunk-space": ([_CHUNKED], b"2 \r\n{}\r\n0\r\n\r\n"),
    "trailers": ([_CHUNKED], b"2\r\n{}\r\n0\r\nContent-Length: 50\r\nX-Smuggled: 1\r\n\r\n"),
    "expect": (["Expect: 100-continue", "Content-Length: 2"], b"{}"),
    "expect-odd": (["Expect: y 100-continue", "Content-Length: 2"], b"{}"),
    "chunked": ([_CHUNKED], _ONE),
}


def _two(name: str, *fields: tuple[bytes, bytes], body: bytes | None = None, method: bytes = b"POST") -> bytes:
    return opening(request2(method, f"/outer-{name}-".encode(), *fields, body=body))


def _head_only(name: str, fields: list[tuple[bytes, bytes]]) -> bytes:
    return opening(frame(HEADERS, END_HEADERS | END_STREAM, 1, literal(fields)))


def _pseudo(name: str) -> list[tuple[bytes, bytes]]:
    return pseudo(b"GET", f"/outer-{name}-".encode())


def _http2() -> dict[str, bytes]:
    plain = [*pseudo(b"POST", b"/outer-2-trailers-"), _JSON2]
    return {
        "2-te": _two("2-te", _JSON2, (b"transfer-encoding", b"chunked"), body=_NONE + hidden("2-te")),
        "2-connection": _two("2-connection", _JSON2, (b"connection", b"authorization"), body=b"{}"),
        "2-upgrade": _two("2-upgrade", (b"upgrade", b"websocket"), method=b"GET"),
        "2-crlf": _two("2-crlf", _JSON2, (b"x-a", b"b\r\nTransfer-Encoding: chunked"), body=_NONE + hidden("2-crlf")),
        "2-lf": _two("2-lf", (b"x-a", b"b\nx-smuggled: 1"), method=b"GET"),
        "2-crlf-in-name": _two("2-crlf-in-name", (b"x-a: b\r\nx-smuggled", b"1"), method=b"GET"),
        "2-colon-in-name": _two("2-colon-in-name", (b"x-smuggled: 1", b"1"), method=b"GET"),
        "2-space-in-name": _two("2-space-in-name", (b"x-smuggled ", b"1"), method=b"GET"),
        "2-capitals": _two("2-capitals", (b"X-Smuggled", b"1"), method=b"GET"),
        "2-nul": _two("2-nul", (b"x-a", b"b\0c"), method=b"GET"),
        "2-crlf-in-path": _two("2-crlf-in-path- HTTP/1.1\r\nX-Smuggled: 1\r\n\r\n", method=b"GET"),
        "2-space-in-path": _two("2-space-in-path- HTTP/1.1", method=b"GET"),
        "2-request-in-method": _two("2-request-in-method", method=b"GET /hidden- HTTP/1.1\r\nHost: a\r\n\r\nGET"),
        "2-space-in-method": _two("2-space-in-method", method=b"GET /hidden-"),
        "2-get-with-data": _two("2-get-with-data", _JSON2, body=b'{"q": "1"}', method=b"GET"),
        "2-longer": _two("2-longer", _JSON2, (b"content-length", b"2"), body=b"{}" + hidden("2-longer")),
        "2-shorter": _two("2-shorter", _JSON2, (b"content-length", b"90"), body=b"{}" + hidden("2-shorter")),
        "2-two-paths": _head_only("2-two-paths", [*_pseudo("2-two-paths"), (b":path", b"/hidden-")]),
        "2-late-pseudo": _head_only("2-late-pseudo", [(b"x-a", b"b"), *_pseudo("2-late-pseudo")]),
        "2-odd-pseudo": _head_only("2-odd-pseudo", [*_pseudo("2-odd-pseudo"), (b":x", b"/")]),
        "2-no-authority": _head_only("2-no-authority", [x for x in _pseudo("2-no-authority") if x[0] != b":authority"]),
        "2-crlf-in-host": _head_only(
            "2-crlf-in-host", pseudo(b"GET", b"/outer-2-crlf-in-host-", b"a\r\nX-Smuggled: 1")
        ),
        "2-user-in-host": _head_only("2-user-in-host", pseudo(b"GET", b"/outer-2-user-in-host-", b"a@shop.test")),
        "2-odd-scheme": _head_only(
            "2-odd-scheme",
            [(b":method", b"GET"), (b":scheme", b"http://evil.test/?"), *_pseudo("2-odd-scheme")[2:]],
        ),
        "2-tunnel": opening(frame(HEADERS, END_HEADERS, 1, literal([(b":method", b"CONNECT"), *plain[2:3]]))),
        "2-data-after-end": opening(frame(DATA, END_STREAM, 1, hidden("2-data-after-end"))),
    }


_HTTP2_READABLE: Final = {
    "2-length-0": _two("2-length-0", _JSON2, (b"content-length", b"0"), body=b"{}" + hidden("2-length-0")),
    "2-trailers": opening(
        frame(HEADERS, END_HEADERS, 1, literal([*pseudo(b"POST", b"/outer-2-trailers-"), _JSON2])),
        frame(DATA, 0, 1, b"{}"),
        frame(HEADERS, END_HEADERS | END_STREAM, 1, literal([(b"x-smuggled", b"1"), (b"content-length", b"9")])),
    ),
    "2-post": _two("2-post", _JSON2, body=b"{}"),
    "2-cookies": _two("2-cookies", (b"cookie", b"a=1"), (b"cookie", b"b=2"), method=b"GET"),
}


@pytest.fixture(scope="session")  # as long as the API that remembers: tests of a module may be dealt out in two rounds
def said(api: Recorder, guard: RunningGuard) -> dict[str, bytes]:
    """All attacks, each on its own connection; what came back."""
    payloads = {name: posted(name, *fields, body=body) for name, (fields, body) in {**_UNCLEAR, **_READABLE}.items()}
    payloads["te-in-1.0"] = posted("te-in-1.0", _CHUNKED, body=_NONE, version="1.0")
    payloads["get-with-body"] = posted("get-with-body", "Content-Length: 2", body=b"{}", method="GET")
    payloads["head-with-body"] = posted("head-with-body", "Content-Length: 2", body=b"{}", method="HEAD")
    payloads["te-cl"] = posted("te-cl", _CHUNKED, "Content-Length: 4", body=_within_chunk("te-cl"))
    payloads.update(_http2())
    payloads.update(_HTTP2_READABLE)
    payloads["2-rapid-reset"] = opening(
        *(
            request2(b"GET", b"/rapid-", stream=number) + frame(RST, 0, number, b"\0\0\0\x08")
            for number in range(1, 400, 2)
        )
    )
    return ask_at_once(guard.port, payloads)


@pytest.mark.parametrize("name", [*_UNCLEAR, *_http2(), "te-in-1.0"])
def test_what_is_unclear_never_reaches_the_api(api: Recorder, said: dict[str, bytes], name: str) -> None:
    assert api.at(f"outer-{name}-") == []
    assert api.at(f"hidden-{name}-") == []
    assert status_of(said[name]) in ({0} if name.startswith("2-") else {400, 417, 501})


@pytest.mark.parametrize("name", [*_READABLE, *_HTTP2_READABLE, "te-cl", "get-with-body", "head-with-body"])
def test_what_is_readable_comes_without_what_makes_it_odd(api: Recorder, said: dict[str, bytes], name: str) -> None:
    for seen in api.at(f"outer-{name}-"):
        assert seen.body in (b"", b"{}", hidden(name))
        assert len(seen.values(b"content-length") + seen.values(b"transfer-encoding")) <= 1
        assert seen.values(b"x-smuggled") == seen.values(b"trailer") == []
    assert len(api.at(f"outer-{name}-")) <= 1
    assert status_of(said[name]) < 500


@pytest.mark.parametrize("name", ["cl-te", "te-cl", "2-length-0", "2-trailers", "2-longer", "2-shorter", "te-te"])
def test_nothing_hides_behind_two_framings(api: Recorder, said: dict[str, bytes], name: str) -> None:
    # after a request that was framed twice the connection is closed, so its tail is no request
    assert api.at(f"hidden-{name}-") == []


def test_a_readable_request_with_trailers_passes(api: Recorder, said: dict[str, bytes]) -> None:
    assert [seen.body for seen in api.at("outer-2-trailers-")] == [b"{}"]
    assert [seen.body for seen in api.at("outer-chunked-")] == [b"{}"]
    assert [seen.values(b"cookie") for seen in api.at("outer-2-cookies-")] == [[b"a=1; b=2"]]


def test_all_that_the_api_saw_was_judged(api: Recorder, guard: RunningGuard, said: dict[str, bytes]) -> None:
    assert api.odd == []
    mine = [seen for seen in api.seen if "outer-" in seen.target or "hidden-" in seen.target]
    passed = "outcome = 'passed' AND (path LIKE '/outer-%' OR path LIKE '/hidden-%')"
    until(lambda: len(guard.rows(passed)) >= len(mine))
    assert sorted(row["path"] for row in guard.rows(passed)) == sorted(seen.target for seen in mine)
