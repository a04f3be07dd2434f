import os
import re
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest

from apiward.cli.exits import ExitCode
from apiward.cli.touring import is_to_stay
from tests.cli.conftest import Run


@pytest.mark.long
def test_the_tour_ends_with_the_page_open_on_the_demo_and_cleans_up(tmp_path: Path, run: Run) -> None:
    folders = {name: tmp_path / name for name in ("temp", "state", "tour")}
    for folder in folders.values():
        folder.mkdir()
    env = {**os.environ, "TMPDIR": str(folders["temp"]), "XDG_STATE_HOME": str(folders["state"])}
    command = [sys.executable, "-m", "apiward", "try", "--keep"]
    talk = tmp_path / "talk"
    with (
        talk.open("w") as errors,
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=errors, text=True, env=env, cwd=folders["tour"]
        ) as tour,
    ):
        try:
            shown = _until_the_link(tour)
            _look(shown.split()[-1])
        finally:
            tour.send_signal(signal.SIGINT)
        out, _ = tour.communicate(timeout=60)
    assert "critical · proved" in shown
    _assert_all_is_told(shown)
    assert "65 calls, 0 refused." in shown, shown
    assert "A stranger tries 3 things at the guard: 3 refused." in shown, shown
    assert re.search(r"noticed after \d+ requests, held off in [\d.]+ s, then let in again\.", shown), shown
    assert tour.returncode == ExitCode.HOLDS, talk.read_text()
    assert out.endswith("  apiward scan http://localhost:8000\n")
    assert [path.name for path in folders["tour"].iterdir()] == ["apiward-demo-report.html"]
    assert list(folders["temp"].iterdir()) == []
    assert list(folders["state"].iterdir()) == [], "the tour is no scan of yours"
    port = talk.read_text().partition("http://127.0.0.1:")[2].partition(":")[0]
    assert run("scan", f"127.0.0.1:{port}", "-q").exit_code == ExitCode.NOT_ENOUGH, "the demo is gone"


def _assert_all_is_told(shown: str) -> None:
    """What a rule was made for is held, or said not to be shown; each of the others has its reason."""
    of = re.search(r"rules for (\d+) of the (\d+) serious findings", shown)
    again = re.search(r"Scanned again through the guard: (\d+) of (\d+) are held\.", shown)
    assert of is not None, shown
    assert again is not None, shown
    ruled, serious, held = int(of[1]), int(of[2]), int(again[1])
    assert (int(again[2]), ruled > 0.6 * serious, held > 0.9 * ruled) == (ruled, True, True), shown
    assert "Still open" not in shown
    assert "in the way" not in shown
    assert held + _counted(r"Could not be shown: [A-Z]{3}\d\d", shown) == ruled, shown
    _, _, others = shown.partition(f"No rule can hold the other {serious - ruled}")
    assert _counted(r"^  [A-Z]{3}\d\d", others) == serious - ruled, shown


def _counted(start: str, text: str) -> int:
    """Return of how many findings the lines with this start tell."""
    return sum(1 + int(more or 0) for more in re.findall(rf"{start}[^\n]*?(?: and (\d+) more)?: ", text, re.MULTILINE))


def _until_the_link(tour: "subprocess.Popen[str]") -> str:
    told = ""
    assert tour.stdout is not None
    for line in tour.stdout:
        told += line
        if "/open/" in line:
            return told
    pytest.fail(told)


def _look(link: str) -> None:
    """Look at the page as a browser does: what it shows is what the tour has told."""
    host, page = urlsplit(link).netloc, partial(_got, build_opener(HTTPCookieProcessor()))
    page(link)
    today = page(f"http://{host}/")
    assert re.search(r"\d+ serious (risks|problems)", today), "what no rule holds is still open"
    assert "risks are held shut by a rule at the guard" in today
    assert "The guard refused 3 requests" in today
    assert "1 incident was put together" in today
    assert "POST /api/v2/token" in page(f"http://{host}/traffic")
    assert "Somebody sent a piece of a database command" in page(f"http://{host}/traffic")


def _got(opener: OpenerDirector, url: str) -> str:
    with opener.open(url, timeout=30) as answer:
        text: str = answer.read().decode()
        return text


def test_nobody_at_a_terminal_is_not_kept_waiting() -> None:
    assert is_to_stay({"keep": None}) is (sys.stdin.isatty() and sys.stdout.isatty())
    assert is_to_stay({"keep": True})
    assert not is_to_stay({"keep": False})


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
