"""Slow clients: each is given its time, no more, and nobody else waits for them."""

import socket
from contextlib import ExitStack
from typing import Final

from tests.guarded.guards import RunningGuard, until
from tests.guarded.recording import Recorder
from tests.guarded.speaking import get, post, read_all, status_of

_HEAD: Final = b"POST /slow- HTTP/1.1\r\nHost: shop.test\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n"


def test_slow_bodies_end_in_time_and_never_reach_the_api(api: Recorder, guard: RunningGuard) -> None:
    kinds = [b"application/json", b"application/octet-stream", b"text/plain", b"image/png"]
    with ExitStack() as open_lines:
        lines = []
        for number in range(40):
            line = open_lines.enter_context(socket.create_connection(("127.0.0.1", guard.port), timeout=8))
            line.sendall(_HEAD % (kinds[number % len(kinds)], 50_000) + b"{")
            lines.append(line)
        assert status_of(get(guard.port, "/meanwhile-")) == 200  # others are served
        said = [read_all(line) for line in lines]
    assert {status_of(one) for one in said} == {408}
    assert api.at("/slow-") == []


def test_a_large_upload_that_stalls_is_ended(api: Recorder, guard: RunningGuard) -> None:
    with socket.create_connection(("127.0.0.1", guard.port), timeout=8) as line:
        line.sendall(_HEAD.replace(b"slow", b"stalls") % (b"application/octet-stream", 5_000_000) + bytes(200_000))
        assert status_of(read_all(line)) == 408
    until(lambda: any("ended early" in odd.decode() for odd in api.odd))
    assert api.at("/stalls-") == []
    api.odd.clear()


def test_a_client_that_leaves_in_its_body_leaves_nothing_behind(api: Recorder, guard: RunningGuard) -> None:
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", guard.port), timeout=8) as line:
            line.sendall(_HEAD % (b"application/json", 500) + b'{"a": 1')
    assert status_of(post(guard.port, "/afterwards-", b"{}")) == 200
    assert api.at("/slow-") == []


def test_many_half_heads_do_not_keep_others_out(api: Recorder, guard: RunningGuard) -> None:
    with ExitStack() as open_lines:
        for number in range(200):
            line = open_lines.enter_context(socket.create_connection(("127.0.0.1", guard.port), timeout=8))
            line.sendall(b"GET / HTTP/1.1\r\nX-A: " + b"b" * number)
        assert status_of(get(guard.port, "/beside-half-heads-")) == 200
