from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from apiward.cli.demo_process import running_demo
from apiward.cli.main import cli

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The whole command line in this process, in an empty folder with an empty state."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    env = {"XDG_STATE_HOME": str(tmp_path / "state"), "COLUMNS": "80", "NO_COLOR": "1", "CI": None}

    def invoke(*arguments: str, **more: str | None) -> Result:
        return CliRunner().invoke(cli, arguments, env={**env, **more}, catch_exceptions=False)

    return invoke


@pytest.fixture(scope="module")
def weak() -> Iterator[str]:
    """The address of a demo business that tells its technology and shows foreign notes."""
    with running_demo(weak="technology-disclosure,object-read-note", port=0) as demo:
        yield demo.address


@pytest.fixture(scope="module")
def sound() -> Iterator[str]:
    """The address of a demo business without a weakness."""
    with running_demo(weak="none", port=0) as demo:
        yield demo.address
