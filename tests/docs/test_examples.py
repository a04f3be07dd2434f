"""Every `console` example is run, in the order of its page, against the demo business.

What a page starts to stay (a guard, an app) runs for real until the end of the page, on a port of its own.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner

from apiward.cli.demo_process import running_demo
from apiward.cli.main import cli
from apiward.config.guarding import parse_guard
from tests.docs.pages import FRONT, WRITTEN, Step, blocks, is_shown, name_of, steps
from tests.guarded.guards import end, free_port, is_listening, until

ADDRESS = "http://localhost:8000"
GUARD = "http://localhost:8080"
PAGES = [path for path in (*FRONT, *WRITTEN) if any(block.kind == "console" for block in blocks(path))]
CURL = shutil.which("curl")
LONG: Final = frozenset(
    {"end-an-attack", "from-watching-to-enforcing", "hold-a-finding-shut", "scan-without-a-description"}
    | {"allow-what-was-refused", "give-accounts", "guard-an-api", "scan-in-your-tests"}
)
"""Pages whose examples take long; they run with `make long`."""


def _page(page: Path) -> object:
    return pytest.param(page, marks=pytest.mark.long) if page.stem in LONG else page


@pytest.fixture(scope="module")
def demo() -> Iterator[str]:
    with running_demo(weak="all", port=0) as running:
        yield running.address


@pytest.mark.parametrize("page", [_page(page) for page in PAGES], ids=name_of)
def test_the_examples_of_a_page_do_what_it_says(
    page: Path, demo: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    env = {"XDG_STATE_HOME": str(tmp_path / "state"), "COLUMNS": "80", "NO_COLOR": "1"}
    port = free_port()
    here = {ADDRESS: demo, GUARD: f"http://localhost:{port}"}
    with ExitStack() as staying:
        for block in blocks(page):
            if block.kind == "toml" or block.file:
                Path(block.file or "apiward.toml").write_text(_exchanged(block.text, here), "utf-8")
            if block.stays:
                staying.enter_context(_staying(_exchanged(block.text, here), port))
            for step in steps(block.text) if block.kind == "console" else ():
                code, output = _ran(_exchanged(step.command, here), env)
                output = _exchanged(output, {real: told for told, real in here.items()})
                assert code == block.exit_code, f"{step.command}\n{output}"
                assert is_shown(step.shown, output), f"{step.command}\n{output}"


@pytest.mark.parametrize("page", WRITTEN, ids=name_of)
def test_settings_and_programs_on_a_page_are_without_mistakes(page: Path) -> None:
    for block in blocks(page):
        if block.kind == "toml":
            tomllib.loads(block.text)
            assert parse_guard(block.text)[1] == ()
        elif block.kind == "python":
            compile(block.text, page.name, "exec")
        elif block.file.endswith(".jsonl"):
            assert [json.loads(line)["target"] for line in block.text.splitlines()]


@pytest.mark.long
def test_the_scan_finds_what_the_readme_says_of_the_demo(demo: str, tmp_path: Path) -> None:
    told = re.search(r"## What it finds in the demo\n(.*?)\n## ", FRONT[0].read_text("utf-8"), re.DOTALL)
    codes = re.findall(r"\(([A-Z]{3}\d\d)\)", told[1] if told else "")
    assert len(codes) == 5
    command = f"apiward scan {demo} --only {','.join(codes)} --format json --fail-on never --quiet"
    code, output = _ran(command, {"XDG_STATE_HOME": str(tmp_path)})
    assert code == 0
    assert {problem["check"] for problem in json.loads(output)["problems"]} == set(codes)


@pytest.mark.parametrize(
    ("shown", "is_fine"),
    [("a\n", False), ("a\n...\n", True), ("...\nthe end, 7\n", True), ("a\nb ... d\nthe end, ...\n", True), ("", True)],
)
def test_examples_are_compared_loosely(shown: str, is_fine: bool) -> None:  # noqa: FBT001 - a case of the table
    assert is_shown(shown, "a\nb c d\nthe end, 7\n") == is_fine


def test_a_block_is_taken_apart_into_steps() -> None:
    text = "$ apiward scan \\\n    URL\nfound\n$ apiward checks\n"
    assert list(steps(text)) == [Step("apiward scan      URL", "found\n"), Step("apiward checks", "")]


def _exchanged(text: str, addresses: dict[str, str]) -> str:
    for told, real in addresses.items():
        text = text.replace(told, real)
    return text


@contextmanager
def _staying(command: str, port: int) -> Iterator[None]:
    """Run a guard or an app server while the block lasts, listening on `port` whatever port the page says."""
    first, *words = shlex.split(command.replace("--port 8080", f"--port {port}").removeprefix("python -m "))
    if first == "apiward":
        words += ["--listen", f"127.0.0.1:{port}"]
    with (
        Path("staying.log").open("wb") as log,
        subprocess.Popen([sys.executable, "-m", first, *words], stdout=log, stderr=log) as process,
    ):
        try:
            until(lambda: process.poll() is not None or is_listening(port))
            assert process.poll() is None, Path("staying.log").read_text("utf-8")
            yield
        finally:
            end(process)


def _ran(command: str, env: dict[str, str]) -> tuple[int, str]:
    """Run one line of a console; `export NAME=value` holds for the lines that follow."""
    first, *words = shlex.split(command)
    if first == "curl":
        if CURL is None:
            pytest.skip("the examples of this page need curl")
        done = subprocess.run([CURL, "--max-time", "20", *words], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout
    if first == "pytest":
        whole = [sys.executable, "-m", first, "-p", "apiward.pytest", *words]
        alone = {**os.environ, **env, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # the plug-ins of these tests take seconds
        done = subprocess.run(whole, capture_output=True, text=True, check=False, env=alone)
        return done.returncode, done.stdout
    if first == "export":
        env.update({name: value for name, _, value in (word.partition("=") for word in words)})
        return 0, ""
    assert first == "apiward", f"{command}: only apiward, curl and pytest are run"
    result = CliRunner().invoke(cli, words, env=env, catch_exceptions=False)
    return result.exit_code, result.output
