from pathlib import Path

from apiward.cli.exits import ExitCode
from tests.cli.conftest import Run


def test_the_tour_shows_findings_and_cleans_up(run: Run, tmp_path: Path) -> None:
    (tmp_path / "temp").mkdir()
    result = run("try", TMPDIR=str(tmp_path / "temp"))
    assert result.exit_code == ExitCode.HOLDS
    assert "critical · proved" in result.stdout
    assert result.stdout.endswith("  apiward scan http://localhost:8000\n")
    assert Path("apiward-demo-report.html").read_text().startswith("<!")
    assert not (tmp_path / "state").exists(), "the tour is no scan of yours"
    address = result.stderr.partition("http://127.0.0.1:")[2].partition(":")[0]
    assert address.isdigit()
    assert run("scan", f"127.0.0.1:{address}", "-q").exit_code == ExitCode.NOT_ENOUGH, "the demo is gone"
    assert list((tmp_path / "temp").iterdir()) == []


def test_a_demo_that_cannot_start_is_told(run: Run) -> None:
    result = run("try", "--weak", "nonsense")
    assert result.exit_code == ExitCode.USAGE
    assert "nonsense" in result.stderr
