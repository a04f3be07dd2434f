"""A whole guard as its owner runs it: `apiward guard --config apiward.toml`, in processes of its own."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

WAIT_S: Final = 60.0
_STEP_S: Final = 0.02


@dataclass
class RunningGuard:
    """A guard that runs. `port` speaks HTTP; `home` holds its settings, its data and its words."""

    port: int
    home: Path
    process: subprocess.Popen[bytes] = field(repr=False)

    @property
    def config(self) -> Path:
        """Its settings file."""
        return self.home / "apiward.toml"

    def words(self) -> list[dict[str, Any]]:
        """Return its log lines."""
        lines = (self.home / "guard.log").read_text("utf-8").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def stray_words(self) -> list[str]:
        """Return what it wrote that is no log line of its own: tracebacks, warnings."""
        return [line for line in (self.home / "guard.log").read_text("utf-8").splitlines() if not line.startswith("{")]

    def workers(self) -> list[int]:
        """Return the processes that serve."""
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in path.read_text().split() if _is_worker(int(pid))]

    def ready(self) -> int:
        """Return how many workers serve: only those hear the signal that tells them to let go of the socket."""
        return sum(bool(_caught(pid) >> (signal.SIGUSR2 - 1) & 1) for pid in self.workers())

    def rss_kb(self) -> int:
        """Return the resident memory of all workers."""
        return sum(_rss_kb(pid) for pid in self.workers())

    def peak_kb(self) -> int:
        """Return the most resident memory that the workers have ever had."""
        texts = [Path(f"/proc/{pid}/status").read_text() for pid in self.workers()]
        return sum(int(text.partition("VmHWM:")[2].split()[0]) for text in texts)

    def rows(self, where: str = "1=1") -> list[sqlite3.Row]:
        """Return stored events."""
        path = self.home / ".apiward" / "events.sqlite"
        if not path.exists():
            return []
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5)) as store:
            store.row_factory = sqlite3.Row
            if not store.execute("SELECT 1 FROM sqlite_schema WHERE name = 'events'").fetchall():
                return []
            return store.execute(f"SELECT * FROM events WHERE {where} ORDER BY seq").fetchall()

    def rules(self) -> dict[str, int]:
        """Return how often each rule was said, in the stored events."""
        counts: dict[str, int] = {}
        for row in self.rows():
            for ruling in json.loads(row["rulings"] or "[]"):
                counts[ruling["rule"]] = counts.get(ruling["rule"], 0) + 1
        return counts

    def await_events(self, most: int) -> list[sqlite3.Row]:
        """Return the stored events once there are so many of requests."""
        until(lambda: len(self.rows("kind = 'request'")) >= most)
        return self.rows("kind = 'request'")


@contextmanager
def guarding(home: Path, upstream: str, settings: str = "", *arguments: str) -> Iterator[RunningGuard]:
    """Run a guard before `upstream`; `settings` are lines of TOML that follow `[guard]` and its first keys."""
    port = free_port()
    home.mkdir(parents=True, exist_ok=True)
    config = home / "apiward.toml"
    config.write_text(f'[guard]\nupstream = "{upstream}"\nlisten = "127.0.0.1:{port}"\n{settings}', "utf-8")
    command = [sys.executable, "-m", "apiward", "guard", "--config", str(config), *arguments]
    with (home / "guard.log").open("wb") as words, subprocess.Popen(command, stderr=words, cwd=home) as process:
        try:
            guard = RunningGuard(port, home, process)
            until(lambda: process.poll() is not None or (is_listening(port) and guard.ready()))
            assert process.poll() is None, (home / "guard.log").read_text("utf-8")
            yield guard
        finally:
            end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """End the guard as its owner would."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(WAIT_S)
        except subprocess.TimeoutExpired:
            process.kill()


def until(holds: Callable[[], object], wait_s: float = WAIT_S) -> None:
    """Return when `holds` does; raises TimeoutError."""
    end_s = time.monotonic() + wait_s
    while not holds():
        if time.monotonic() > end_s:
            raise TimeoutError("it did not happen in time")
        time.sleep(_STEP_S)


def is_listening(port: int) -> bool:
    """Return whether somebody answers there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _is_worker(pid: int) -> bool:
    try:
        return b"resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def _caught(pid: int) -> int:
    """Return the signals that a process handles itself, as a mask."""
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:  # it has just ended
        return 0
    return int(text.partition("SigCgt:")[2].split()[0], 16)


def _rss_kb(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * (os.sysconf("SC_PAGE_SIZE") // 1024)
