import os
import subprocess
import sys
from pathlib import Path

import pytest

from apiward.cli.exits import ExitCode
from tests.cli.conftest import Run


@pytest.mark.long
def test_the_tour_shows_findings_and_cleans_up(tmp_path: Path, run: Run) -> None:
    folders = {name: tmp_path / name for name in ("temp", "state", "tour")}
    for folder in folders.values():
        folder.mkdir()
    env = {**os.environ, "TMPDIR": str(folders["temp"]), "XDG_STATE_HOME": str(folders["state"])}
    command = [sys.executable, "-m", "apiward", "try"]
    done = subprocess.run(command, capture_output=True, text=True, env=env, cwd=folders["tour"], check=False)
    assert done.returncode == ExitCode.HOLDS, done.stderr
    assert "critical · proved" in done.stdout
    assert done.stdout.endswith("  apiward scan http://localhost:8000\n")
    assert [path.name for path in folders["tour"].iterdir()] == ["apiward-demo-report.html"]
    assert list(folders["temp"].iterdir()) == []
    assert list(folders["state"].iterdir()) == [], "the tour is no scan of yours"
    port = done.stderr.partition("http://127.0.0.1:")[2].partition(":")[0]
    assert run("scan", f"127.0.0.1:{port}", "-q").exit_code == ExitCode.NOT_ENOUGH, "the demo is gone"


def test_a_port_in_use_is_told_in_a_sentence(run: Run, sound: str) -> None:
    result = run("try", "--port", sound.rpartition(":")[2])
    assert result.exit_code == ExitCode.USAGE
    assert "Another program uses it." in result.stderr
    assert "Errno" not in result.stderr


def test_a_demo_that_cannot_start_is_told(run: Run) -> None:
    result = run("try", "--weak", "nonsense")
    assert result.exit_code == ExitCode.USAGE
    assert "nonsense" in result.stderr
    assert "apiward.demo" not in result.stderr
