"""Is a request that the guard answered ever missing? `python -m benchmarks.guard_kills [--kills N] [--postgresql URL]`.

A guard stands before an API, callers ask for a different path each time and note which answers came whole, and the
guard with its worker is killed with SIGKILL at a random moment, again and again, in the same folder. Each request that
was answered must be in the store exactly once. Exit code 1 if not. `--postgresql URL` names an empty database, on which
the same is done after SQLite.
"""

import argparse
import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from random import Random
from socket import socket
from typing import Final

from sqlalchemy import select

from apiward.stores.events.database import open_database, sqlite_url
from apiward.stores.events.queue import EventQueue
from apiward.stores.events.schema import EVENTS
from apiward.stores.events.storing import SqlEvents

ROOT: Final = Path(__file__).parents[1]
CALLERS: Final = 8
MEAN_LIFE_S: Final = 1.0
START_S: Final = 60.0
_ANSWER: Final = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"


class Callers:
    """Ask for one path after another, and note which were answered in full."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._next = 0
        self.answered: list[int] = []

    async def run(self) -> None:
        """Call until the guard is gone."""
        await asyncio.gather(*(self._call() for _ in range(CALLERS)))

    async def _call(self) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
            try:
                while True:
                    number, self._next = self._next, self._next + 1
                    writer.write(f"GET /items/{number} HTTP/1.1\r\nhost: a\r\n\r\n".encode())
                    head = await reader.readuntil(b"\r\n\r\n")
                    length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
                    await reader.readexactly(length)
                    if b" 200 " in head.partition(b"\r\n")[0]:
                        self.answered.append(number)
            finally:
                writer.close()


async def api(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer everything."""
    with suppress(OSError, asyncio.IncompleteReadError):
        while True:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(_ANSWER)
    writer.close()


async def live(command: list[str], callers: Callers, port: int, life_s: float) -> None:
    """Let a guard live for so long under load, then kill it and all that belongs to it."""
    guard = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        await up(port)
        load = asyncio.create_task(callers.run())
        await asyncio.sleep(life_s)
    finally:
        os.killpg(guard.pid, signal.SIGKILL)
        await guard.wait()
    await load


async def up(port: int) -> None:
    """Wait until the guard takes connections."""
    async with asyncio.timeout(START_S):
        while True:
            with suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                return
            await asyncio.sleep(0.02)


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


async def trial(folder: Path, url: str, kills: int, seed: int) -> Callers:
    """Kill that many guards, whose store is at `url`."""
    server = await asyncio.start_server(api, "127.0.0.1", 0)
    upstream, port, rng = server.sockets[0].getsockname()[1], free_port(), Random(seed)
    (folder / "apiward.toml").write_text(
        f'[guard]\nupstream = "http://127.0.0.1:{upstream}"\nlisten = "127.0.0.1:{port}"\ndata = "data"\n'
        f'mode = "watch"\n\n[guard.events]\ndatabase = "{url}"\n'
    )
    command = [sys.executable, "-m", "apiward", "guard", "--config", str(folder / "apiward.toml")]
    callers = Callers(port)
    for _ in range(kills):
        await live(command, callers, port, rng.expovariate(1 / MEAN_LIFE_S))
    server.close()
    return callers


def missed(name: str, folder: Path, url: str, answered: list[int], kills: int) -> list[str]:
    """Store what is left, and return what is wrong."""
    engine = open_database(url)
    queue = EventQueue(folder / "data" / "spool", SqlEvents(engine, time.time))
    queue.start()
    queue.close(timeout_s=300.0)
    with engine.connect() as connection:
        paths = connection.execute(select(EVENTS.c.path).where(EVENTS.c.path.startswith("/items/"))).scalars()
        stored = Counter(int(path.rpartition("/")[2]) for path in paths)
    engine.dispose()
    print(f"{name}: {kills} kills, {len(answered):,} requests answered, {stored.total():,} stored")
    lost = set(answered) - set(stored)
    twice = [number for number, times in stored.items() if times > 1]
    problems = [f"{len(lost)} answered requests are not in the store"] * bool(lost)
    problems += [f"{len(twice)} are there twice"] * bool(twice) + ["nothing was answered"] * (not answered)
    return [f"{name}: {problem}" for problem in problems]


def main() -> int:
    """Kill, settle, judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgresql", metavar="URL", help="an empty database")
    arguments = parser.parse_args()
    problems: list[str] = []
    with tempfile.TemporaryDirectory() as home:
        stores = {"SQLite": sqlite_url(Path(home) / "events.sqlite"), "PostgreSQL": arguments.postgresql}
        for name, url in stores.items():
            if url:
                folder = Path(home) / name
                folder.mkdir(mode=0o700)
                callers = asyncio.run(trial(folder, url, arguments.kills, arguments.seed))
                problems += missed(name, folder, url, callers.answered, arguments.kills)
    for problem in problems:
        print(f"  MISSED: {problem}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
