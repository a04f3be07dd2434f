"""`apiward playbook`."""

import json
import shlex
from pathlib import Path

import click
import pytest

from apiward.catalogue.detections import PLAYBOOKS, load_detections
from apiward.catalogue.playbooks import ACTIONS, PLAYBOOK_NAMES, load_playbooks
from apiward.cli.exits import ExitCode
from apiward.cli.main import cli
from tests.cli.conftest import Run
from tests.watch.formats.test_cacao import problems


def test_all_are_listed(run: Run) -> None:
    assert [line.split()[0] for line in run("playbook", "list").stdout.splitlines()] == list(PLAYBOOK_NAMES)


@pytest.mark.parametrize("name", PLAYBOOK_NAMES)
def test_everything_of_one_is_shown(run: Run, name: str) -> None:
    said = " ".join(run("playbook", "show", name).stdout.split())
    book = load_playbooks()[name]
    for text in (book.title, book.what, book.worst, book.done, book.customers, *book.evidence):
        assert text in said
    for step in book.steps:
        assert step.do in said
        assert step.undo in said
        assert not step.only_if or f"{step.only_if} If so: {step.do}" in said
    assert said.index("Now") < said.index("Today") < said.index("Keep")


def test_one_of_them_may_ask_for_their_own_steps(run: Run) -> None:
    said = run("playbook", "show", "stuffing", "--for", "owner").stdout
    assert "your developer" not in said
    assert "This week" not in said
    assert "apiward block address:ADDRESS --for 24h" in said


def test_it_is_written_as_cacao(run: Run) -> None:
    assert problems(json.loads(run("playbook", "export", "takeover").stdout)) == []
    assert run("playbook", "export", "takeover", "-o", "it.json").stdout == ""
    assert json.loads(Path("it.json").read_text())["spec_version"] == "cacao-2.0"


def test_an_unknown_one_is_told(run: Run) -> None:
    result = run("playbook", "show", "stufing")
    assert result.exit_code == ExitCode.USAGE
    assert 'Did you mean "stuffing"?' in result.stderr


@pytest.mark.parametrize("action", ACTIONS)
def test_what_a_step_asks_of_apiward_can_be_asked(action: str) -> None:
    kind, command = ACTIONS[action]
    first, *words = shlex.split(command.format_map({kind: "x"}))
    found = cli.get_command(click.Context(cli), words[0])
    assert first == "apiward"
    assert found is not None
    known = {name for param in found.params for name in param.opts}
    assert [word for word in words if word.startswith("--") and word not in known] == []
    assert words[1] == f"{kind}:x"


def test_detections_name_playbooks_that_there_are() -> None:
    assert set(PLAYBOOK_NAMES) == set(PLAYBOOKS)
    assert {entry.playbook for entry in load_detections().values()} <= set(PLAYBOOK_NAMES)
