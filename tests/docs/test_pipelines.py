"""The templates for pipelines: they can be read, and each command in them works."""

import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from apiward.cli.main import cli
from apiward.demo.server import free_port
from tests.docs.pages import ROOT, blocks
from tests.guarded.guards import is_listening, until

PAGE = ROOT / "docs" / "how-to" / "use-in-ci.md"
REPORTS = {f"apiward-reports/apiward-report.{ending}" for ending in ("sarif", "xml", "md", "html")}


def _template(kind: str, number: int = 0) -> str:
    return [block.text for block in blocks(PAGE) if block.kind == kind][number]


def _yaml(number: int) -> dict[Any, Any]:
    found: dict[Any, Any] = yaml.safe_load(_template("yaml", number))
    return found


def _is_scan(line: str) -> bool:
    """Whether a line scans with options that there are. Raises where an option is unknown."""
    words = shlex.split(line, comments=True)
    if not words or Path(words[0]).name != "apiward":
        return False
    whole = cli.make_context("apiward", ["scan"])
    command = cli.get_command(whole, words[1])
    assert command is not None
    return command.make_context(words[1], words[2:], parent=whole).params["ci"] is True


def test_the_template_of_github_is_a_workflow() -> None:
    workflow = _yaml(0)
    assert workflow[True] == ["push", "pull_request"], "YAML 1.1 reads `on` as true"
    steps = workflow["jobs"]["scan"]["steps"]
    assert all(("uses" in step) != ("run" in step) for step in steps)
    assert all(re.fullmatch(r"[\w-]+/[\w/-]+@v\d+", step["uses"]) for step in steps if "uses" in step)
    assert sum(_is_scan(step["run"]) for step in steps if "run" in step) == 1
    after = [step for step in steps if "upload" in step.get("uses", "")]
    assert [step["if"] for step in after] == ["always()"] * 2, "a failed scan has reports as well"
    assert after[0]["with"]["sarif_file"] in REPORTS
    assert after[1]["with"]["path"] == "apiward-reports"
    assert workflow["permissions"] == {"contents": "read", "security-events": "write"}


def test_the_template_of_gitlab_is_a_job() -> None:
    (job,) = _yaml(1).values()
    assert all(isinstance(line, str) for line in job["script"])
    assert sum(map(_is_scan, job["script"])) == 1
    assert job["artifacts"]["when"] == "always"
    assert job["artifacts"]["reports"]["junit"] in REPORTS


def test_the_template_for_a_shell_has_no_slip() -> None:
    text = _template("sh")
    subprocess.run(["sh", "-n"], input=text, text=True, check=True)
    assert sum(map(_is_scan, text.splitlines())) == 1


@pytest.fixture
def job(tmp_path: Path) -> Path:
    """A folder of a job: a `python3` that makes an environment with this apiward, and an API to start."""
    tools = tmp_path / "tools"
    tools.mkdir()
    run = f'exec "{sys.executable}" -m apiward'
    made = f"mkdir -p .apiward/bin; printf '#!/bin/sh\\nexit 0\\n' > .apiward/bin/pip; cp {tools}/apiward .apiward/bin/"
    _program(tools / "apiward", f'{run} "$@"')
    _program(tools / "python3", f"{made}; chmod +x .apiward/bin/*")
    _program(
        tmp_path / "start-my-api.sh", f'exec "{sys.executable}" -m apiward.demo --port PORT --weak object-read-note'
    )
    return tmp_path


def _program(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


@pytest.mark.long
@pytest.mark.skipif(shutil.which("curl") is None, reason="the template needs curl")
def test_the_template_for_a_shell_scans_and_leaves_reports_and_nothing_running(job: Path) -> None:
    port = free_port()
    starting = job / "start-my-api.sh"
    starting.write_text(starting.read_text().replace("PORT", str(port)))
    text = (
        _template("sh").replace("localhost:8000", f"127.0.0.1:{port}").replace("--ci", "--ci --only OBJ01 --level full")
    )
    env = {**os.environ, "PATH": f"{job / 'tools'}:{os.environ['PATH']}", "XDG_STATE_HOME": str(job / "state")}
    done = subprocess.run(["sh"], input=text, text=True, cwd=job, env=env, capture_output=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "OBJ01 high" in done.stdout
    assert {f"apiward-reports/{path.name}" for path in (job / "apiward-reports").iterdir()} == REPORTS
    until(lambda: not is_listening(port))
