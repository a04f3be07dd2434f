"""A guarded FastAPI app under granian, spoken to by real clients."""

import contextlib
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import httpx2
import pytest
import websockets.exceptions
import websockets.sync.client

pytestmark = pytest.mark.long

ROOT: Final = Path(__file__).parent.parent.parent


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def port(data: Path) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--port", str(port), "--workers", "2"]
    # A worker that still loads its app does not hear that it is told to end, and granian would wait for it forever.
    command += ["--workers-kill-timeout", "5"]
    env = {**os.environ, "APIWARD_TEST_DATA": str(data)}
    process = subprocess.Popen([*command, "tests.frameworks.served:app"], cwd=ROOT, env=env)
    try:
        _await_port(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _await_port(port: int, process: "subprocess.Popen[bytes]") -> None:
    ends_s = time.monotonic() + 90
    while time.monotonic() < ends_s:
        assert process.poll() is None, "it has ended by itself"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)  # until somebody listens
        else:
            return
    raise AssertionError("nobody listens")


def test_real_clients_are_served_and_each_request_is_kept(port: int, data: Path) -> None:
    with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as client:
        assert client.get("/orders", params={"q": "tea"}).json() == {"q": "tea"}
        assert client.post("/orders", json={"item": "tea", "quantity": 1, "price": 0}).status_code == 422
        assert client.get("/hidden").status_code == 404
        assert "41111111" not in client.get("/customers/7").text
        with client.stream("GET", "/news") as news:
            assert next(news.iter_text()) == "data: first\n\n"
    _await_file(data.parent / "left")
    with websockets.sync.client.connect(f"ws://127.0.0.1:{port}/talk") as talk:
        talk.send("tea")
        assert talk.recv(timeout=10) == "TEA"
    with pytest.raises(websockets.exceptions.InvalidStatus, match="404"):
        websockets.sync.client.connect(f"ws://127.0.0.1:{port}/other")
    wanted = {("/orders", 200), ("/orders", 422), ("/hidden", 404), ("/talk", 101)}
    assert _events(data, wanted) >= wanted


def _await_file(file: Path) -> None:
    ends_s = time.monotonic() + 10
    while not file.exists():
        assert time.monotonic() < ends_s, "the app does not hear that its client has left"
        time.sleep(0.05)


def _events(data: Path, wanted: set[tuple[str, int]]) -> set[tuple[str, int]]:
    """Wait until these are written: batches come a little later, and the first makes the database."""
    ends_s = time.monotonic() + 20
    rows: list[tuple[str, int]] = []
    while time.monotonic() < ends_s and not wanted <= set(rows):
        time.sleep(0.1)
        with contextlib.suppress(sqlite3.OperationalError):
            rows = _rows(data / "events.sqlite")
    return set(rows)


def _rows(file: Path) -> list[tuple[str, int]]:
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        return database.execute("SELECT path, status FROM events").fetchall()
