"""Real clients through the whole guard: they cannot tell that it is there."""

import hashlib
import json
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import httpx2
import pytest
from websockets.sync.client import connect
from websockets.sync.server import ServerConnection, serve

from tests.guarded.conftest import SETTINGS
from tests.guarded.guards import RunningGuard, guarding
from tests.guarded.recording import Recorder, plain, recording
from tests.guarded.speaking import ask, body_of, get, read_all, status_of

_MB: Final = 1024 * 1024
_UPLOAD_GROWTH_KB: Final = 40_000
_WS_UPGRADE: Final = (
    "GET {} HTTP/1.1\r\nHost: shop.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


def _echo(connection: ServerConnection) -> None:
    for message in connection:
        connection.send(message)


@pytest.fixture(scope="module")
def shop() -> Iterator[Recorder]:
    with recording() as recorder:
        recorder.answers["/nothing"] = b"HTTP/1.1 204 No Content\r\n\r\n"
        recorder.answers["/same"] = b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'
        recorder.answers["/zero"] = plain(b"")
        recorder.answers["/moved"] = plain(
            b"", "302 Found", more="Location: /elsewhere\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n"
        )
        recorder.answers["/early"] = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + plain()
        recorder.answers["/piece"] = plain(b'"password_hash": "$2b$12$abcdefghijklmnop"}', "206 Partial Content")
        recorder.answers["/clip"] = plain(b"abc", "206 Partial Content", "video/mp4", "Content-Range: bytes 0-2/9\r\n")
        recorder.answers["/person"] = plain(
            b'{"name": "Ann", "password_hash": "$2b$12$abcdefghijklmnopqrstuuMZ2dXKZ9B0jv"}'
        )
        recorder.answers["/boom"] = plain(
            b'Traceback (most recent call last):\n  File "/srv/app.py", line 3\nZeroDivisionError: division by zero',
            "500 Oh",
            "text/plain",
        )
        yield recorder


@pytest.fixture(scope="module")
def way(shop: Recorder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGuard]:
    """A guard before the shop, and before a WebSocket echo at /echo."""
    with serve(_echo, "127.0.0.1", 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        echo = f"http://127.0.0.1:{server.socket.getsockname()[1]}"
        parts = f'{SETTINGS}[[guard.upstreams]]\nservers = ["{echo}"]\npath = "/echo"\n'
        with guarding(tmp_path_factory.mktemp("clients"), shop.address, parts) as running:
            yield running
            assert running.stray_words() == []
        server.shutdown()


def _run(*command: str) -> str:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("version", ["--http1.1", "--http2-prior-knowledge", "--http1.0"])
def test_curl(way: RunningGuard, version: str) -> None:
    base = f"http://127.0.0.1:{way.port}"
    assert json.loads(_run("curl", "-sS", version, f"{base}/orders/1?a=b")) == {"ok": True}
    posted = _run("curl", "-sS", version, "-w", " %{http_code}", "--json", '{"a": 1}', f"{base}/orders")
    assert posted == '{"ok": true} 200'
    assert _run("curl", "-sS", version, "-I", "-o", "/dev/null", "-w", "%{http_code}", f"{base}/orders/1") == "200"


@pytest.mark.parametrize("is_two", [False, True])
def test_httpx(way: RunningGuard, shop: Recorder, *, is_two: bool) -> None:
    with httpx2.Client(base_url=f"http://127.0.0.1:{way.port}", http1=not is_two, http2=is_two) as client:
        for _ in range(3):  # the connection is used again
            assert client.get("/orders/1").json() == {"ok": True}
        assert client.post("/orders", json={"a": 1}).status_code == 200
        streamed = client.post(
            "/streamed", content=iter([b'{"a":', b" 1}"]), headers={"content-type": "application/json"}
        )
        assert streamed.status_code == 200
        assert client.head("/orders/1").content == b""
        assert client.get("/nothing").status_code == 204
        assert client.get("/same").headers["etag"] == '"1"'
        assert client.get("/zero").content == b""
        moved = client.get("/moved")
        assert (moved.status_code, moved.headers["location"]) == (302, "/elsewhere")
        assert len(moved.headers.get_list("set-cookie")) == 2
        assert client.get("/early").json() == {"ok": True}
        assert client.get(f"/big/{3 * _MB}").content == bytes(3 * _MB)
        assert client.put("/orders/1", json={"name": "Jörg ✓"}).status_code == 200
        assert client.request("DELETE", "/orders/1").status_code == 200
        assert client.options("/orders/1").status_code == 200
        assert client.get("/a%2fb").json()["status"] == 400
    assert shop.at("/streamed")[-1].body == b'{"a": 1}'


def test_node(way: RunningGuard) -> None:
    program = f"""
    const base = 'http://127.0.0.1:{way.port}';
    const one = await (await fetch(base + '/orders/1')).json();
    const two = await fetch(base + '/orders', {{method: 'POST', body: JSON.stringify({{a: 1}}),
        headers: {{'content-type': 'application/json'}}}});
    const form = new FormData();
    form.append('note', 'all well'); form.append('file', new Blob(['abc']), 'a.txt');
    const three = await fetch(base + '/upload', {{method: 'POST', body: form}});
    const four = await fetch(base + '/nothing');
    console.log(JSON.stringify([one.ok, two.status, three.status, four.status]));
    """
    assert json.loads(_run("node", "--input-type=module", "-e", program)) == [True, 200, 200, 204]


def test_h2load_and_wrk(way: RunningGuard) -> None:
    base = f"http://127.0.0.1:{way.port}/orders/1"
    assert "200 succeeded" in _run("h2load", "-n200", "-c4", "-m10", base)
    assert "200 succeeded" in _run("h2load", "--h1", "-n200", "-c4", base)
    assert "Non-2xx" not in _run("wrk", "-t1", "-c8", "-d1s", base)


def test_a_websocket_echoes(way: RunningGuard) -> None:
    with connect(f"ws://127.0.0.1:{way.port}/echo") as socket_:
        for message in ("hello", "Jörg ✓", b"\x00\xff" * 1_000, "x" * 100_000):
            socket_.send(message)
            assert socket_.recv(timeout=5) == message


@pytest.mark.parametrize("path", ["/person", "/boom"])
def test_an_opening_that_is_answered_plainly_is_judged_like_any_answer(way: RunningGuard, path: str) -> None:
    with socket.create_connection(("127.0.0.1", way.port), timeout=1) as line:
        line.sendall(_WS_UPGRADE.format(path).encode())
        said = read_all(line)
    assert b"Traceback" not in said
    assert b"password_hash" not in said
    assert status_of(said) == status_of(get(way.port, path))


def test_a_piece_of_a_json_answer_is_not_given_but_that_of_a_film_is(way: RunningGuard) -> None:
    assert status_of(get(way.port, "/piece", "Range: bytes=20-60")) == 416
    film = get(way.port, "/clip", "Range: bytes=0-2")
    assert (status_of(film), body_of(film)) == (206, b"abc")


def test_events_come_one_by_one(way: RunningGuard, shop: Recorder) -> None:
    with socket.create_connection(("127.0.0.1", way.port), timeout=5) as line:
        line.sendall(b"GET /events HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n")
        first = b""
        while b"data: 1" not in first:
            first += line.recv(4_096)
        assert b"data: 2" not in first
        shop.hold.set()
        assert b"data: 2" in read_all(line)
    assert b"text/event-stream" in first


def test_who_asks_first_is_told_to_go_on(way: RunningGuard, shop: Recorder) -> None:
    with socket.create_connection(("127.0.0.1", way.port), timeout=5) as line:
        line.sendall(
            b"POST /asked HTTP/1.1\r\nHost: shop.test\r\nContent-Type: application/json\r\nContent-Length: 8\r\n"
            b"Expect: 100-continue\r\nConnection: close\r\n\r\n"
        )
        assert line.recv(4_096).startswith(b"HTTP/1.1 100 ")
        line.sendall(b'{"a": 1}')
        assert status_of(read_all(line)) == 200
    (seen,) = shop.at("/asked")
    assert (seen.body, seen.values(b"expect")) == (b'{"a": 1}', [])


def test_who_asks_first_and_is_refused_sends_no_body(way: RunningGuard, shop: Recorder) -> None:
    with socket.create_connection(("127.0.0.1", way.port), timeout=5) as line:
        line.sendall(
            b"POST /asked/%2f HTTP/1.1\r\nHost: shop.test\r\nContent-Type: application/json\r\n"
            b"Content-Length: 8000\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
        )
        assert line.recv(4_096).startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize("is_chunked", [False, True])
def test_a_large_upload_streams_in_bounded_memory(way: RunningGuard, shop: Recorder, *, is_chunked: bool) -> None:
    piece = hashlib.sha256(b"seed").digest() * 2_048
    whole = hashlib.sha256(piece * 1_024).hexdigest()
    before_kb = way.peak_kb()
    framing = "Transfer-Encoding: chunked" if is_chunked else f"Content-Length: {64 * _MB}"
    target = f"/upload-{is_chunked}"
    lines = [
        f"PUT {target} HTTP/1.1",
        "Host: a",
        "Content-Type: application/octet-stream",
        "Connection: close",
        framing,
    ]
    with socket.create_connection(("127.0.0.1", way.port), timeout=20) as line:
        line.sendall("\r\n".join([*lines, "", ""]).encode())
        for _ in range(1_024):
            line.sendall(b"10000\r\n%b\r\n" % piece if is_chunked else piece)
        if is_chunked:
            line.sendall(b"0\r\n\r\n")
        assert status_of(read_all(line)) == 200
    (seen,) = shop.at(target)
    assert (seen.size, seen.digest) == (64 * _MB, whole)
    assert way.peak_kb() - before_kb < _UPLOAD_GROWTH_KB


def test_a_large_download_streams_in_bounded_memory(way: RunningGuard) -> None:
    before_kb = way.peak_kb()
    said = get(way.port, f"/big/{64 * _MB}")
    assert len(body_of(said)) == 64 * _MB
    assert way.peak_kb() - before_kb < _UPLOAD_GROWTH_KB


def test_a_file_with_a_form_passes(way: RunningGuard, shop: Recorder, tmp_path: Path) -> None:
    file = tmp_path / "photo.bin"
    file.write_bytes(bytes(range(256)) * 12_000)
    url = f"http://127.0.0.1:{way.port}/photos"
    assert "200" in _run("curl", "-sS", "-w", "%{http_code}", "-F", "note=a day out", "-F", f"photo=@{file}", url)
    assert shop.at("/photos")[-1].size > 3_000_000


def test_pipelined_requests_are_answered_in_order(way: RunningGuard, shop: Recorder) -> None:
    one = "GET /line/{} HTTP/1.1\r\nHost: shop.test\r\n{}\r\n"
    last = "Connection: close\r\n"
    said = ask(way.port, "".join(one.format(at, last if at == 9 else "") for at in range(10)).encode())
    assert said.count(b"HTTP/1.1 200 OK") == 10
    assert [seen.target for seen in shop.at("/line/")] == [f"/line/{at}" for at in range(10)]
