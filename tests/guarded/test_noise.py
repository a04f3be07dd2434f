"""Noise: whatever comes, the guard answers or hangs up, and goes on."""

import socket
from typing import Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.guarded.guards import RunningGuard
from tests.guarded.recording import Recorder
from tests.guarded.speaking import frame, get, opening, read_all, request2, status_of

_GROWTH_KB: Final = 60_000
_CHECKS: Final = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much]

_NAMES: Final = """Host Content-Length Transfer-Encoding Content-Type Connection Expect Upgrade TE Trailer Cookie Range
Authorization Content-Encoding X-API-Key Signature Signature-Input Content-Digest DPoP Accept Origin Forwarded
X-Forwarded-For Sec-WebSocket-Key Sec-WebSocket-Version""".split()
_ODD_VALUES: Final = [
    "chunked",
    "0",
    "5",
    "-1",
    "gzip",
    "close",
    "websocket",
    "100-continue",
    "application/json",
    "a" * 9_000,
]
_VALUES = st.sampled_from(_ODD_VALUES) | st.text(st.characters(max_codepoint=255), max_size=30)
_LINES = st.sampled_from(
    [
        "GET / HTTP/1.1",
        "POST /a HTTP/1.1",
        "GET /%2f HTTP/1.1",
        "PUT /a?b HTTP/1.0",
        "GET  / HTTP/1.1",
        "OPTIONS * HTTP/1.1",
    ]
)
_HEADS = st.builds(
    lambda line, fields, end: "\r\n".join([line, *(f"{name}: {value}" for name, value in fields)]) + end,
    _LINES,
    st.lists(st.tuples(st.sampled_from(_NAMES), _VALUES), max_size=6),
    st.sampled_from(["\r\n\r\n", "\n\n", "\r\n", "\r\r", ""]),
).map(lambda text: text.encode("latin-1"))
_BODIES = st.binary(max_size=200) | st.sampled_from(
    [b"0\r\n\r\n", b"5\r\nabc", b"ffffffff\r\n", b'{"a":1}', b"[" * 900]
)
_FRAMES = st.builds(
    frame,
    st.integers(0, 12),
    st.integers(0, 255),
    st.sampled_from([0, 1, 2, 3, 2**31 - 1, 2**32 - 1]),
    st.binary(max_size=60),
)
_NOISE = (
    st.binary(max_size=400)
    | st.builds(lambda head, body: head + body, _HEADS, _BODIES)
    | st.lists(_FRAMES, max_size=5).map(lambda frames: opening(*frames))
    | st.lists(_FRAMES, max_size=3).map(lambda frames: opening(request2(b"GET", b"/a"), *frames))
)


def _closes(port: int, noise: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        try:
            line.sendall(noise)
            line.shutdown(socket.SHUT_WR)
        except OSError:  # it hung up before the end
            pass
        return read_all(line)


@settings(max_examples=300, deadline=None, suppress_health_check=_CHECKS)
@given(noise=_NOISE)
def test_noise_gets_an_answer_or_a_closed_door(guard: RunningGuard, noise: bytes) -> None:
    said = _closes(guard.port, noise)
    if said.startswith(b"HTTP/1.1 "):
        assert status_of(said) < 500


def test_it_is_well_afterwards(api: Recorder, guard: RunningGuard) -> None:
    before_kb = guard.rss_kb()
    for number in range(300):
        _closes(guard.port, b"POST /%d HTTP/1.1\r\nHost: a\r\nX-%d: %b\r\n\r\n" % (number, number, b"v" * 3_000))
        _closes(guard.port, opening(request2(b"GET", b"/n%d" % number, (b"x-%d" % number, b"v" * 3_000))))
    assert guard.rss_kb() - before_kb < _GROWTH_KB
    assert status_of(get(guard.port, "/well-")) == 200
    assert len(guard.workers()) == 1
    assert api.odd == []
