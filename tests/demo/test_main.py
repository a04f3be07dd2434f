"""The demo as a program: it listens, answers, stops when told and leaves nothing."""

import json
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from apiward.demo.__main__ import main

START = (sys.executable, "-m", "apiward.demo", "--data-dir")


def _start(folder: Path, *more: str) -> "subprocess.Popen[str]":
    return subprocess.Popen([*START, str(folder), *more], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_writes_what_a_guard_needs_to_check_log_ins(tmp_path: Path) -> None:
    with _start(tmp_path, "--weak", "none", "--keys", str(tmp_path)) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=10)
    secret = tmp_path / "client.secret"
    assert len(secret.read_bytes()) > 32
    assert secret.stat().st_mode & 0o077 == 0
    assert (tmp_path / "shop.pem").read_bytes().startswith(b"-----BEGIN PUBLIC KEY")


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_runs_answers_and_stops_leaving_no_files(tmp_path: Path, end: signal.Signals) -> None:
    data, score = tmp_path / "data", tmp_path / "score.json"
    data.mkdir()
    with _start(data, "--weak", "answer-drift,technology-disclosure", "--score", str(score)) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        with urllib.request.urlopen(f"{address}/api/v2/coach", timeout=5) as got:
            assert json.load(got)["years"] == "twelve"
            assert got.headers["Server"] == "gunicorn/19.9.0"
        assert len(list(data.iterdir())) == 1
        process.send_signal(end)
        out, err = process.communicate(timeout=10)
        assert (process.returncode, out, err) == (0, "", "")
    assert list(data.iterdir()) == []
    scored = json.loads(score.read_text())
    assert scored["exercised"] == ["answer-drift", "technology-disclosure"]
    assert scored["calls"] == {"GET /api/v2/coach": 1}


def test_says_when_the_port_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with _start(tmp_path, "--port", str(port), "--weak", "none") as process:
            _, err = process.communicate(timeout=10)
    assert process.returncode == 2
    assert "cannot run the demo" in err
    assert list(tmp_path.iterdir()) == []


def test_unknown_weakness_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--weak", "object-red-note"])
    assert ended.value.code == 2
    assert "object-red-note" in capsys.readouterr().err
