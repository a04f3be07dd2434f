"""What the guard adds to the time of an answer at half load, beside nginx with ModSecurity and the Core Rule Set.

Run it as `python -m benchmarks.guard_latency [--seconds N] [--rounds N]`. First it measures what each can bear; then
the mixed load comes at half of what ModSecurity can bear, and at half of what apiward can bear, at even distances
whether or not answers are late (an open loop: times count from when a request was due). What plain nginx needs at the
same rate is taken off: the rest is added.
"""

import argparse
import asyncio
import sys
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from statistics import median
from subprocess import Popen
from typing import Final, TypeAlias

from benchmarks.guard_speed import guard, modsecurity, token
from benchmarks.peers import BODY, OTHER_CORE, backend, load, missing_programs, nginx_proxy, pin

CONNECTIONS: Final = 32
_SETTLE_S: Final = 1.0
Start: TypeAlias = Callable[[], AbstractContextManager[tuple[int, Popen[bytes]]]]


def requests(shown: str) -> list[bytes]:
    """Return the three kinds of requests of the mixed load."""
    fields = f"Host: 127.0.0.1\r\nAuthorization: Bearer {shown}\r\nAccept: application/json\r\nUser-Agent: bench/1\r\n"
    post = f"{fields}Content-Type: application/json\r\nContent-Length: {len(BODY)}\r\n\r\n{BODY}"
    gets = ("/items/42?fields=name", "/search?q=red+shoes&page=2&limit=20")
    return [
        *(f"GET {target} HTTP/1.1\r\n{fields}\r\n".encode() for target in gets),
        f"POST /items HTTP/1.1\r\n{post}".encode(),
    ]


class Line(asyncio.Protocol):
    """One connection: it carries one request at a time."""

    def __init__(self, load_: "OpenLoad") -> None:
        self._load = load_
        self._due_s = 0.0
        self._got = b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def send(self, due_s: float, data: bytes) -> None:
        """Send a request that was due at `due_s`."""
        self._due_s = due_s
        self._transport.write(data)

    def data_received(self, data: bytes) -> None:
        """Take a piece of the answer; the answers of the backend end with a brace."""
        self._got += data
        if b"\r\n\r\n" in self._got and self._got.endswith(b"}"):
            is_good = self._got.startswith(b"HTTP/1.1 200")
            self._got = b""
            self._load.done(self, self._due_s, is_good=is_good)

    def close(self) -> None:
        """End it."""
        self._transport.abort()


class OpenLoad:
    """Sends requests when they are due, on whichever connection is free."""

    def __init__(self, rate: float, shown: str) -> None:
        self._rate = rate
        self._kinds = requests(shown)
        self._free: deque[Line] = deque()
        self._due: deque[tuple[float, bytes]] = deque()
        self.times_s: list[float] = []
        self.errors = 0

    async def run(self, port: int, seconds: float) -> None:
        """Send for so many seconds, and wait for what is under way."""
        loop = asyncio.get_running_loop()
        for _ in range(CONNECTIONS):
            _, line = await loop.create_connection(lambda: Line(self), "127.0.0.1", port)
            self._free.append(line)
        begun_s = loop.time()
        for number in range(int(self._rate * seconds)):
            due_s = begun_s + number / self._rate
            if due_s > loop.time():
                await asyncio.sleep(due_s - loop.time())
            self._due.append((due_s, self._kinds[number % 3]))
            self._next()
        async with asyncio.timeout(30):
            while len(self._free) < CONNECTIONS:  # noqa: ASYNC110 - the end of a measurement
                await asyncio.sleep(0.01)
        for line in self._free:
            line.close()

    def _next(self) -> None:
        while self._free and self._due:
            self._free.popleft().send(*self._due.popleft())

    def done(self, line: Line, due_s: float, *, is_good: bool) -> None:
        """Note an answer, and go on with the next request that waits."""
        self.times_s.append(asyncio.get_running_loop().time() - due_s)
        self.errors += not is_good
        self._free.append(line)
        self._next()


def p99_ms(port: int, rate: float, seconds: float, shown: str) -> float:
    """Return the time within which 99 of 100 answers are there, at `rate` requests a second."""
    asyncio.run(OpenLoad(rate, shown).run(port, _SETTLE_S))
    work = OpenLoad(rate, shown)
    asyncio.run(work.run(port, seconds))
    if work.errors:
        sys.exit(f"{work.errors} answers were no good")
    return sorted(work.times_s)[len(work.times_s) * 99 // 100] * 1000


def main() -> int:
    """Measure, print, and return 1 where the bar is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    if missing := missing_programs():
        sys.exit(f"not installed: {', '.join(missing)}")
    shown = token()
    with backend() as upstream, pin(OTHER_CORE):
        measure = partial(added_ms, partial(nginx_proxy, upstream), given.seconds, given.rounds, shown)
        theirs, ours = partial(modsecurity, upstream), partial(guard, upstream)
        half = {start: half_load(start, given.seconds, shown) for start in (theirs, ours)}
        bar = measure("nginx + ModSecurity", theirs, half[theirs])
        same = measure("apiward, the same load", ours, half[theirs])
        own = measure("apiward, half of its own", ours, half[ours])
    print(f"apiward adds {same / bar:.2f} of what ModSecurity adds at half of ModSecurity's load (bar: below 1)")
    print(f"apiward adds {own / bar:.2f} of it at half of its own load, {half[ours] / half[theirs]:.1f} times as much")
    return int(same >= bar)


def half_load(start: Start, seconds: int, shown: str) -> float:
    """Return half of the requests a second that it can bear."""
    with start() as (port, process):
        return load(port, process, seconds=seconds, connections=CONNECTIONS, token=shown).requests_per_s / 2


def added_ms(plain: Start, seconds: int, rounds: int, shown: str, title: str, start: Start, rate: float) -> float:
    """Return by how much p99 is above that of plain nginx at the same rate; the median of the rounds."""
    found: list[float] = []
    floor: list[float] = []
    for _ in range(rounds):
        for which, times in ((start, found), (plain, floor)):
            with which() as (port, _):
                times.append(p99_ms(port, rate, seconds, shown))
    added = median(found) - median(floor)
    shown_rate = f"{title:26} {rate:6,.0f} requests/s"
    print(f"{shown_rate}  p99 {median(found):6.2f} ms, plain nginx {median(floor):6.2f}: adds {added:6.2f}")
    return added


if __name__ == "__main__":
    sys.exit(main())
