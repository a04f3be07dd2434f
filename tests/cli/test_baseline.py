import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from apiward.cli.baseline_file import accepted_now, read_baseline, save_baseline, standing_baseline
from apiward.cli.exits import ExitCode
from apiward.cli.state import Context, State
from apiward.config.errors import AdvisedError
from apiward.core.finding import Finding
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
    later = TODAY + timedelta(99)
    new = accepted_now(old, [first, second], reason="new", today=TODAY, expires=later, target="http://h")
    assert [(entry.reason, entry.target) for entry in new.accepted] == [("old", ""), ("new", "http://h")]
    save_baseline(str(place), new)
    assert read_baseline(str(place)) == standing_baseline(str(place)) == new
    assert [path.name for path in tmp_path.iterdir()] == ["known.json"]


def test_what_ran_out_is_accepted_anew() -> None:
    ended = accept(finding(), reason="old", accepted_on=TODAY - timedelta(9), expires_on=TODAY - timedelta(1))
    new = accepted_now(Baseline((ended,)), [finding()], reason="new", today=TODAY, expires=TODAY, target="")
    assert [entry.reason for entry in new.accepted] == ["new"]


def test_files_that_cannot_be_used(tmp_path: Path) -> None:
    assert read_baseline("") == Baseline()
    with pytest.raises(AdvisedError, match="cannot be read"):
        read_baseline(str(tmp_path / "none.json"))
    (tmp_path / "large.json").write_text(" " * 1_048_577)
    with pytest.raises(AdvisedError, match="larger than 1 MB"):
        read_baseline(str(tmp_path / "large.json"))
    (tmp_path / "odd.json").write_text("[]")
    with pytest.raises(AdvisedError, match=r"odd\.json"):
        read_baseline(str(tmp_path / "odd.json"))


def test_a_place_that_cannot_hold_a_file_is_told_before_the_scan(tmp_path: Path) -> None:
    assert standing_baseline("") == standing_baseline(str(tmp_path / "new" / "known.json")) == Baseline()
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file" / "known.json", tmp_path):
        with pytest.raises(AdvisedError):
            standing_baseline(str(place))


def _accepted(*findings: Finding, target: str = "http://h") -> Baseline:
    return accepted_now(Baseline(), findings, reason="r", today=TODAY, expires=date(2999, 1, 1), target=target)


def _scan(target: str, *, held: Finding | None = None, found: Finding | None = None) -> dict[str, Json]:
    return {
        "schema": "apiward.scan/1",
        "scan": {"target": target},
        "findings": [{"id": f.id, "check": f.check, "operation": f.operation} for f in (found,) if f],
        "items": [{"check": f.check, "operation": f.operation, "outcome": "holds"} for f in (held,) if f],
    }


def _left() -> list[str]:
    return [entry["id"] for entry in json.loads(Path("known.json").read_text())["accepted"]]


def test_prune_takes_out_only_what_was_seen_to_hold(run: Run, tmp_path: Path) -> None:
    gone, unseen = finding(), finding("CFG03")
    save_baseline("known.json", _accepted(gone, unseen))
    assert "no scan of http://h to compare with" in run("baseline", "prune", "known.json").stderr
    State(tmp_path / "state" / "apiward").keep("http://h", CONTEXT, _scan("http://h", held=gone), is_whole=True)
    result = run("baseline", "prune", "known.json")
    assert result.exit_code == ExitCode.HOLDS
    assert f"fixed, taken out: {gone.id}" in result.stdout
    assert _left() == [unseen.id]


def test_prune_looks_at_the_api_of_the_entry_and_not_at_the_last_scan(run: Run, tmp_path: Path) -> None:
    state = State(tmp_path / "state" / "apiward")
    state.keep("http://h", CONTEXT, _scan("http://h", found=finding()), is_whole=True)
    state.keep("http://other", CONTEXT, _scan("http://other", held=finding()), is_whole=True)
    save_baseline("known.json", _accepted(finding()))
    assert "0 taken out, 1 stay" in run("baseline", "prune", "known.json").stderr
    save_baseline("known.json", _accepted(finding(), target="http://other"))
    assert "1 taken out, 0 stay" in run("baseline", "prune", "known.json").stderr


def test_prune_believes_the_latest_scan_that_can_tell(run: Run, tmp_path: Path) -> None:
    state = State(tmp_path / "state" / "apiward")
    state.keep("http://h", CONTEXT, _scan("http://h", held=finding()), is_whole=True)
    state.keep("http://h", CONTEXT, _scan("http://h", found=finding()), is_whole=False)
    save_baseline("known.json", _accepted(finding()))
    assert "0 taken out" in run("baseline", "prune", "known.json").stderr
    state.keep("http://h", CONTEXT, _scan("http://h"), is_whole=False)
    assert "1 taken out" in run("baseline", "prune", "known.json").stderr


def test_prune_asks_for_the_api_where_the_file_does_not_say_it(run: Run, tmp_path: Path) -> None:
    State(tmp_path / "state" / "apiward").keep("http://h", CONTEXT, _scan("http://h", held=finding()), is_whole=True)
    save_baseline("known.json", _accepted(finding(), target=""))
    result = run("baseline", "prune", "known.json")
    assert result.exit_code == ExitCode.USAGE
    assert "apiward baseline prune known.json --url URL" in result.stderr
    assert "1 taken out" in run("baseline", "prune", "known.json", "--url", "http://h").stderr
