"""How many steps of Python's interpreter a request takes in the guard, by function. Noise does not change them.

Run it as `python -m benchmarks.guard_steps [--top N] [--rounds N]`. The whole app of a worker runs in this process,
from the ASGI scope to the event in the spool; only the server in front and the socket to the API are played. A step is
an instruction of the interpreter. What one costs differs, so this tells where work is, and times tell how much it is.
Learning is off: how much of the traffic it looks at depends on the time. So does what other tasks of the worker do
beside requests: it is left out, as counting makes everything slow. `--ids` asks for so many things in turn: with one,
what is remembered of a read for a minute counts each time, as where a client asks again and again.
"""

import argparse
import asyncio
import json
import logging
import os
import sys
import tempfile
from collections import Counter
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, Final

from apiward.app.guarding.place import Overrides, Place
from apiward.app.guarding.proxying import guard_application, prepare
from apiward.config.guarding import parse_guard
from apiward.net.messages import App, Message
from apiward.net.proxy.connection import Connection
from apiward.net.proxy.pool import Pool
from benchmarks.guard_speed import _SETTINGS, DESCRIPTION, SECRET, token
from benchmarks.guard_stages import LOAD
from benchmarks.peers import ANSWER

WARM_UP: Final = 600
"""Rounds before it is counted: by then all that is compiled or remembered is there."""
_MADE: Final = "<string>"
"""Where dataclasses have their methods."""
_HEAD: Final = (
    "HTTP/1.1 200 OK\r\nServer: nginx\r\nDate: Mon, 30 Nov 2026 14:42:01 GMT\r\nContent-Type: application/json\r\n"
    f"Content-Length: {len(ANSWER)}\r\nConnection: keep-alive\r\n\r\n"
)
_RAW: Final = (_HEAD + ANSWER).encode()


class PlayedTransport(asyncio.Transport):
    """An API that answers each request at once."""

    def __init__(self, connection: Connection) -> None:
        super().__init__()
        self._connection = connection
        self._silence = os.pipe()[0]

    def write(self, data: object) -> None:  # noqa: ARG002 - whatever is asked
        """Answer."""
        asyncio.get_running_loop().call_soon(self._connection.data_received, _RAW)

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Nothing is ever held back."""

    def get_extra_info(self, name: str, default: object = None) -> "PlayedTransport":  # noqa: ARG002 - it is all there is
        """Return what has a file number on which nothing ever comes."""
        return self

    def fileno(self) -> int:
        """Return that number."""
        return self._silence


async def played(pool: Pool) -> Connection:
    """Stand in the place of `Pool.connect`."""
    connection = Connection(asyncio.get_running_loop(), pool._heads)  # noqa: SLF001 - the benchmark plays the server
    connection.connection_made(PlayedTransport(connection))
    return connection


def _scope(method: str, path: bytes, query: bytes, body: bytes, shown: bytes) -> dict[str, Any]:
    headers = [(b"host", b"127.0.0.1:8080"), (b"authorization", b"Bearer " + shown), (b"user-agent", b"bench/1")]
    if body:
        headers += [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    return {
        "type": "http", "http_version": "1.1", "method": method, "scheme": "http", "path": path.decode(),
        "raw_path": path, "query_string": query, "root_path": "", "headers": headers, "client": ("127.0.0.1", 1),
    }  # fmt: skip


async def round_of(app: App, shown: bytes, thing: int = 42) -> None:
    """Send each request of the load once."""
    statuses = []

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    for method, path, query, body in LOAD:
        message = {"type": "http.request", "body": body, "more_body": False}

        async def receive(message: Message = message) -> Message:
            return message

        await app(_scope(method, path.replace(b"/42", b"/%d" % thing), query, body, shown), receive, send)
    assert statuses == [200] * len(LOAD), statuses


async def started(folder: Path) -> tuple[App, bytes]:
    """Return the app of a worker, with its data in a folder, and a token that it accepts."""
    (folder / "openapi.json").write_text(json.dumps(DESCRIPTION))
    (folder / "secret").write_text(SECRET)
    place = Place(None, folder, folder / "data")
    text = _SETTINGS.format(upstream=1, port=1, off="") + "[guard.learn]\non = false\n"
    config, problems = parse_guard(text)
    assert not problems, problems
    await asyncio.to_thread(prepare, place, config)
    app = guard_application(place, Overrides(), config)
    await app.start()  # type: ignore[attr-defined] # LiveGuard, seen as any app
    return app, token().encode()


async def _counted(folder: Path, rounds: int, ids: int) -> Counter[CodeType]:
    app, shown = await started(folder)
    for turn in range(max(WARM_UP, 2 * ids)):
        await round_of(app, shown, 42 + turn % ids)
    steps: Counter[CodeType] = Counter()
    ours = (asyncio.current_task(), None)

    def trace(frame: FrameType, event: str, _: object) -> Any:  # noqa: ANN401 - a trace function returns itself
        if event == "call" and asyncio.current_task() not in ours:
            return None
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        if event == "opcode":
            steps[frame.f_code] += 1
        return trace

    for turn in range(rounds):
        sys.settrace(trace)
        await round_of(app, shown, 42 + turn % ids)
        sys.settrace(None)
    await app.stop()  # type: ignore[attr-defined] # the same
    return steps


def main() -> None:
    """Count and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--top", type=int, default=40, help="so many functions are shown")
    parser.add_argument("--rounds", type=int, default=16)
    parser.add_argument("--ids", type=int, default=1, help="so many things are asked for in turn")
    given = parser.parse_args()
    logging.disable()
    Pool.connect = played  # type: ignore[method-assign,assignment] # no network
    with tempfile.TemporaryDirectory() as folder:
        steps = asyncio.run(_counted(Path(folder), given.rounds, given.ids))
    here = {
        code: count for code, count in steps.items() if "/apiward/" in code.co_filename or code.co_filename == _MADE
    }
    requests = given.rounds * len(LOAD)
    print(f"{sum(here.values()) / requests:,.0f} steps for one request, on average of the mixed load")
    for code, count in Counter(here).most_common(given.top):
        print(f"{count / requests:8.1f}  {code.co_filename.rpartition('/apiward/')[2]} {code.co_qualname}")


if __name__ == "__main__":
    main()
