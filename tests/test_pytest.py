"""What the plug-in does is told by `docs/how-to/scan-in-your-tests.md`, whose examples are run."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from apiward import pytest as plug_in

ROOT = Path(__file__).parents[1]


def test_runs_that_do_not_use_it_load_nothing_of_apiward() -> None:
    told = "import sys, apiward.pytest; print(*sorted(name for name in sys.modules if name.startswith('apiward')))"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["apiward", "apiward.pytest"]


def test_it_is_found_and_adds_one_fixture_and_no_hook() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["entry-points"]["pytest11"] == {"apiward": plug_in.__name__}
    assert [name for name in vars(plug_in) if name.startswith("pytest_")] == []
    with pytest.raises(pytest.fail.Exception, match="what was found"):
        plug_in._fail("what was found")
