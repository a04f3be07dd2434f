import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from apiward.cli.baseline_file import read_baseline, written_baseline
from apiward.cli.exits import ExitCode
from apiward.cli.state import Context, State
from apiward.config import AdvisedError
from apiward.core.jsonvalue import Json
from apiward.prove.baseline import Baseline, accept
from tests.cli.conftest import Run
from tests.prove.sample import finding

TODAY = date(2026, 11, 23)
CONTEXT = Context("http://h", "", "", "full", 7, is_stated=False, is_insecure=False, is_allowed=False)


def test_accepting_keeps_what_was_accepted_before(tmp_path: Path) -> None:
    place = tmp_path / "known.json"
    first, second = finding(), finding("CFG03")
    old = Baseline((accept(first, reason="old", accepted_on=TODAY, expires_on=TODAY + timedelta(9)),))
    new = written_baseline(str(place), old, [first, second], reason="new", today=TODAY, expires=TODAY + timedelta(99))
    assert [entry.reason for entry in new.accepted] == ["old", "new"]
    assert read_baseline(str(place)) == new


def test_what_ran_out_is_accepted_anew(tmp_path: Path) -> None:
    ended = accept(finding(), reason="old", accepted_on=TODAY - timedelta(9), expires_on=TODAY - timedelta(1))
    place = str(tmp_path / "known.json")
    new = written_baseline(place, Baseline((ended,)), [finding()], reason="new", today=TODAY, expires=TODAY)
    assert [entry.reason for entry in new.accepted] == ["new"]


def test_files_that_cannot_be_used(tmp_path: Path) -> None:
    assert read_baseline("") == Baseline()
    with pytest.raises(AdvisedError, match="cannot be read"):
        read_baseline(str(tmp_path / "none.json"))
    (tmp_path / "odd.json").write_text("[]")
    with pytest.raises(AdvisedError, match=r"odd\.json"):
        read_baseline(str(tmp_path / "odd.json"))


def test_prune_takes_out_only_what_was_seen_to_hold(run: Run, tmp_path: Path) -> None:
    gone, unseen = finding(), finding("CFG03")
    written_baseline("known.json", Baseline(), [gone, unseen], reason="r", today=TODAY, expires=date(2999, 1, 1))
    assert "no scan to compare with" in run("baseline", "prune", "known.json").stderr
    report: dict[str, Json] = {
        "schema": "apiward.scan/1",
        "findings": [],
        "items": [{"check": gone.check, "operation": gone.operation, "outcome": "holds"}],
    }
    State(tmp_path / "state" / "apiward").keep("http://h", CONTEXT, report, is_whole=True)
    result = run("baseline", "prune", "known.json")
    assert result.exit_code == ExitCode.HOLDS
    assert f"fixed, taken out: {gone.id}" in result.stdout
    assert [entry["id"] for entry in json.loads(Path("known.json").read_text())["accepted"]] == [unseen.id]
