"""Requests per second of apiward's sender beside httpx2, against one local app in the same run.

Run it as `python benchmarks/sender_throughput.py [requests]`. The figures depend on the machine,
the ratios much less. "Sequential" is one connection, one request after another, as a script with
a requests-like client does it. The rounds are interleaved and the median of each is kept.
"""

import asyncio
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx2

from apiward.core.exchange import Request
from apiward.net.sender import HttpSender

CONNECTIONS = 10
ROUNDS = 5
BODY = b'{"id": 1, "name": "apple", "price": 3}'


async def app(scope: dict[str, Any], receive: object, send: Callable[[dict[str, Any]], Awaitable[None]]) -> None:  # noqa: ARG001
    """Answer everything with a small piece of JSON (ASGI)."""
    if scope["type"] != "http":
        return
    fields = [(b"content-type", b"application/json"), (b"content-length", str(len(BODY)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": fields})
    await send({"type": "http.response.body", "body": BODY})


async def _spread(count: int, one: Callable[[], Awaitable[object]]) -> float:
    async def worker(share: int) -> None:
        for _ in range(share):
            await one()

    began_s = time.perf_counter()
    await asyncio.gather(*(worker(count // CONNECTIONS) for _ in range(CONNECTIONS)))
    return count / (time.perf_counter() - began_s)


async def _ours(url: str, count: int) -> float:
    async with HttpSender(clock=time.time, connections=CONNECTIONS) as sender:

        async def one() -> None:
            exchange = await sender.send(Request("GET", url))
            assert exchange.is_success, exchange.failure_detail

        await _spread(CONNECTIONS, one)
        return await _spread(count, one)


async def _httpx2(url: str, count: int) -> float:
    limits = httpx2.Limits(max_connections=CONNECTIONS)
    async with httpx2.AsyncClient(trust_env=False, limits=limits) as client:

        async def one() -> None:
            assert (await client.get(url)).status_code == 200

        await _spread(CONNECTIONS, one)
        return await _spread(count, one)


def _sequential(url: str, count: int) -> float:
    with httpx2.Client(trust_env=False) as client:
        client.get(url)
        began_s = time.perf_counter()
        for _ in range(count):
            assert client.get(url).status_code == 200
        return count / (time.perf_counter() - began_s)


def _measure(url: str, count: int) -> dict[str, float]:
    contenders: dict[str, Callable[[], float]] = {
        "apiward HttpSender, 10 connections": lambda: asyncio.run(_ours(url, count)),
        "httpx2.AsyncClient, 10 connections": lambda: asyncio.run(_httpx2(url, count)),
        "httpx2.Client, sequential": lambda: _sequential(url, count),
    }
    rates: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(ROUNDS):
        for name, run in contenders.items():
            rates[name].append(run())
    return {name: statistics.median(found) for name, found in rates.items()}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(100):
        if server.poll() is not None:
            sys.exit("the server did not start")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    sys.exit("the server did not listen within 10 s")


def main() -> None:
    """Start the app, measure, print requests per second and ratios."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    port = _free_port()
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--no-access-log", "--log-level", "error", "sender_throughput:app"]
    with subprocess.Popen(command, cwd=Path(__file__).parent) as server:
        try:
            _wait_for(port, server)
            rates = _measure(f"http://127.0.0.1:{port}/items/1", count)
        finally:
            server.terminate()
    ours, *_ = rates.values()
    for name, rate in rates.items():
        print(f"{name:38} {rate:7.0f} requests/s   ours is {ours / rate:.2f} times that")


if __name__ == "__main__":
    main()
