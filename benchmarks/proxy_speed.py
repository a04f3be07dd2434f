"""Requests per second of the bare proxy (no guard in it) beside nginx, one core each, in the same run.

Run it as `python -m benchmarks.proxy_speed [--seconds N] [--connections N] [--rounds N]`. The rounds are interleaved
and the median of each is kept. Needs nginx, wrk and taskset.
"""

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from apiward.net.proxy.forwarding import Forwarder, ForwardSettings
from apiward.net.proxy.messages import App, Receive, Scope, Send
from apiward.net.proxy.serving import ServeSettings, serve
from apiward.net.proxy.upstreams import Upstreams, UpstreamSettings
from benchmarks.peers import (
    PROXY_CORE,
    Figures,
    backend,
    free_port,
    load,
    missing_programs,
    nginx_proxy,
    running,
)

HELLO = b'{"id": 1}'


def forwarder(upstream: int) -> App:
    """Make the proxy's app."""
    rule = UpstreamSettings((f"http://127.0.0.1:{upstream}",))
    return Forwarder(Upstreams([rule], time.monotonic), ForwardSettings(), clock=time.monotonic)


def hello(_upstream: int) -> App:
    """Make an app that only answers: what granian alone costs."""

    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": HELLO})

    return app


APPS: dict[str, Callable[[int], App]] = {"forwarder": forwarder, "hello": hello}


@contextmanager
def ours(name: str, upstream: int) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Run granian with one of the apps above."""
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.proxy_speed", "--serve", name, str(upstream), str(port)]
    with running(command, port, core=PROXY_CORE) as process:
        yield port, process


def measure(seconds: int, connections: int, rounds: int) -> dict[str, Figures]:
    """Return the median run, by requests per second, of every proxy."""
    runs: dict[str, list[Figures]] = {}
    with backend() as upstream:
        for _ in range(rounds):
            for title, start in (
                ("nginx proxy", partial(nginx_proxy, upstream)),
                ("granian alone", partial(ours, "hello", upstream)),
                ("apiward, bare", partial(ours, "forwarder", upstream)),
            ):
                with start() as (port, process):
                    runs.setdefault(title, []).append(load(port, process, seconds=seconds, connections=connections))
    return {title: _median(figures) for title, figures in runs.items()}


def _median(figures: list[Figures]) -> Figures:
    middle = statistics.median_low([figure.requests_per_s for figure in figures])
    return next(figure for figure in figures if figure.requests_per_s == middle)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--serve", nargs=3, metavar=("APP", "UPSTREAM", "PORT"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        name, upstream, port = given.serve
        serve(partial(APPS[name], int(upstream)), ServeSettings(port=int(port)))
        return
    if missing := missing_programs():
        sys.exit(f"not installed: {', '.join(missing)}")
    results = measure(given.seconds, given.connections, given.rounds)
    for title, figures in results.items():
        ratio = figures.requests_per_s / results["nginx proxy"].requests_per_s
        print(f"{title:14} {figures}  {ratio:.2f} of nginx")


if __name__ == "__main__":
    main()
