"""Every `console` example is run, in the order of its page, against the demo business."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from apiward.cli.demo_process import running_demo
from apiward.cli.main import cli
from tests.docs.pages import FRONT, WRITTEN, Step, blocks, is_shown, name_of, steps

ADDRESS = "http://localhost:8000"
PAGES = [path for path in (*FRONT, *WRITTEN) if any(block.kind == "console" for block in blocks(path))]


@pytest.fixture(scope="module")
def demo() -> Iterator[str]:
    with running_demo(weak="all", port=0) as running:
        yield running.address


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_the_examples_of_a_page_do_what_it_says(
    page: Path, demo: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    env = {"XDG_STATE_HOME": str(tmp_path / "state"), "COLUMNS": "80", "NO_COLOR": "1"}
    for block in blocks(page):
        if block.kind == "toml":
            Path("apiward.toml").write_text(block.text.replace(ADDRESS, demo), "utf-8")
        for step in steps(block.text) if block.kind == "console" else ():
            code, output = _ran(step.command.replace(ADDRESS, demo), env)
            output = output.replace(demo, ADDRESS)
            assert code == block.exit_code, f"{step.command}\n{output}"
            assert is_shown(step.shown, output), f"{step.command}\n{output}"


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


def _ran(command: str, env: dict[str, str]) -> tuple[int, str]:
    """Run one line of a console; `export NAME=value` holds for the lines that follow."""
    first, *words = shlex.split(command)
    if first == "export":
        env.update({name: value for name, _, value in (word.partition("=") for word in words)})
        return 0, ""
    assert first == "apiward", f"{command}: only apiward is run"
    result = CliRunner().invoke(cli, words, env=env, catch_exceptions=False)
    return result.exit_code, result.output
