"""A finding from the scan to the day on which somebody decides to live with it, and back."""

import json
import re
from datetime import date
from pathlib import Path

from apiward.cli.exits import ExitCode
from apiward.prove.baseline import Accepted, Baseline, dumped
from tests.app.recording.made import guard
from tests.cli.conftest import Run

QUICK = ("--level", "read", "--only", "CFG01", "--quiet", "--fail-on", "note")


def test_a_finding_is_listed_shown_accepted_and_counts_again(run: Run, weak: str) -> None:
    guard(1)
    assert run("findings").stderr == "Nothing is open.\n"
    assert "No scan has kept a finding" in run("findings", "--all").stderr
    assert "No scan has kept a finding" in run("findings", "history").stderr
    assert run("scan", weak, *QUICK).exit_code == ExitCode.BROKEN

    listed = run("findings")
    id_ = listed.stdout.split()[0]
    assert re.fullmatch(rf"{id_}  \w+: .+, since \d{{4}}-\d\d-\d\d\n", listed.stdout)
    assert f"apiward findings show {id_}" in listed.stderr
    shown = run("findings", "show", id_[:5]).stdout
    for line in (f"  Where: {weak}", "  What we saw: ", "  What it means: ", "  What to do: ", "  Found\n"):
        assert line in shown

    done = run("findings", "accept", id_, "--reason", "The new server comes.", "--until", "90d")
    assert (done.exit_code, f"{id_} is accepted until 20" in done.stderr) == (ExitCode.HOLDS, True)
    assert "Accepted, not counted: 1." in run("findings").stderr
    assert "accepted until" in run("findings", "--all").stdout
    (entry,) = json.loads(run("findings", "--all", "--json").stdout)["findings"]
    assert (entry["accepted"]["reason"], entry["state"]) == ("The new server comes.", "open")
    ended = Accepted(id_, "CFG01", "GET /", "It was old.", date(2020, 1, 1), date(2020, 1, 2))
    Path("known.json").write_text(dumped(Baseline((ended,))))
    again = run("scan", weak, *QUICK, "--baseline", "known.json")  # of the two, the one that counts now
    assert (again.exit_code, "Accepted, not counted" in again.stdout) == (ExitCode.HOLDS, True)

    assert run("findings", "unaccept", id_).stderr == f"{id_} counts again.\n"
    assert run("scan", weak, *QUICK).exit_code == ExitCode.BROKEN
    told = run("findings", "history").stdout
    assert [line.split("  ")[2].partition(":")[0] for line in told.splitlines()] == [
        "Still there",
        "Accepted no longer, by owner",
        told.splitlines()[2].split("  ")[2].partition(":")[0],
        "Found",
    ]
    assert len(json.loads(run("findings", "history", "--json").stdout)["history"]) == 4
    assert "accepted until" in run("audit-log", "show").stdout


def test_slips_are_told(run: Run) -> None:
    assert "There is no store yet" in run("findings").stderr
    guard(1)
    assert "There is no finding" in run("findings", "show", "4f2a").stderr
    accept = ("findings", "accept", "4f2a")
    assert "There is no reason." in run(*accept, "--reason", " ", "--until", "90d").stderr
    assert "is in the past" in run(*accept, "--reason", "x", "--until", "2020-01-01").stderr
    assert "no span of time" in run(*accept, "--reason", "x", "--until", "soon").stderr
    assert run(*accept, "--until", "90d").exit_code == ExitCode.USAGE
