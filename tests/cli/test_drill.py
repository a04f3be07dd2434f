import json
from pathlib import Path

import pytest

from apiward.cli.drill import KINDS
from apiward.cli.exits import ExitCode
from apiward.demo.traffic.attacks.registry import ATTACK_SESSIONS
from tests.cli.conftest import Run
from tests.cli.incident_store import kept


def test_an_exercise_says_how_long_everything_took(run: Run) -> None:
    kept("user:42")
    played = run("drill", "stuffing", "--json")
    document = json.loads(played.stdout)
    assert document["schema"] == "apiward.drill/1"
    assert 0 < document["noticed_after"] < document["attack_requests"]
    assert (document["told_s"], document["contained_s"]) == ({}, None)
    assert "No guard runs here now." in document["why_not_contained"]
    assert played.exit_code == ExitCode.NOT_ENOUGH  # nobody to tell, and nothing to hold off with
    assert document["incident"] not in run("incidents").stdout
    shown = run("incidents", "show", document["incident"]).stdout
    assert "This is an exercise." in shown
    assert "The exercise is over." in shown


def test_each_kind_is_an_attack_that_can_be_played() -> None:
    assert set(KINDS) <= {kind.value for kind in ATTACK_SESSIONS}


@pytest.mark.long
def test_it_is_told_in_words(run: Run) -> None:
    kept("user:42")
    Path("apiward.toml").write_text("")
    played = run("drill", "probing", "--no-tell")
    assert played.stdout.startswith("Exercise: probing, ")
    assert "Told: nobody." in played.stdout
    assert "Kept as evidence: drill." in played.stdout


def test_without_a_store_there_is_nothing_to_exercise(run: Run) -> None:
    assert "There is no store yet" in run("drill").stderr
    assert run("drill", "earthquake").exit_code == ExitCode.USAGE


@pytest.mark.long
def test_the_folder_may_be_named_and_what_is_not_noticed_is_said(run: Run) -> None:
    kept("user:42", folder="other")
    played = run("drill", "stolen-object", "--seed", "2", "--no-tell", "--data", "other")
    is_noticed = "Noticed: after" in played.stdout
    assert is_noticed or "Noticed: no." in played.stdout
    assert played.exit_code == (ExitCode.NOT_ENOUGH if is_noticed else ExitCode.BROKEN)
