"""Commands to copy: they hold what the scan was given, and no secret."""

import shlex

import pytest

from apiward.cli.main import cli
from apiward.cli.repeating import commands_of
from apiward.cli.wanted import wanted
from apiward.prove.model import Commands

URL = "http://127.0.0.1:8000"


def _commands(*options: str, url: str = URL) -> Commands:
    whole = cli.make_context("apiward", ["scan"])
    command = cli.get_command(whole, "scan")
    assert command is not None
    given = command.make_context("scan", [url, *options], parent=whole).params
    return commands_of(given, wanted(given, url, env={}))


def test_without_options_there_is_nothing_to_add() -> None:
    assert _commands() == Commands(f"apiward scan {URL}", f"apiward scan {URL}", "")


@pytest.mark.parametrize(
    "options",
    [
        "--level read --spec my.json --rate 2.5 --connections 3 --budget 90 --patience 0 --listen host:1",
        "--baseline known.json --fail-on note --insecure --allow --i-have-permission",
        "--app shop:app --leave-alone 'POST /payments' --leave-alone 'GET /x'",
    ],
)
def test_every_option_that_matters_is_given_again(options: str) -> None:
    commands = _commands(*shlex.split(options))
    assert sorted(shlex.split(commands.scan)[3:]) == sorted(shlex.split(options))
    assert commands.retest == commands.scan
    again = shlex.split(commands.scan)
    assert _commands(*again[3:]) == commands


def test_an_app_alone_needs_no_address() -> None:
    whole = cli.make_context("apiward", ["scan"])
    command = cli.get_command(whole, "scan")
    assert command is not None
    given = command.make_context("scan", ["--app", "shop:app"], parent=whole).params
    assert commands_of(given, wanted(given, None, env={})).scan == "apiward scan --app shop:app"


def test_the_choice_of_checks_is_for_the_report_and_not_for_the_retest() -> None:
    commands = _commands("--only", "OBJ01,CFG01", "--skip", "CFG01", "--operation", "GET /x y")
    assert commands.scan == f"apiward scan {URL} --only OBJ01,CFG01 --skip CFG01 --operation 'GET /x y'"
    assert commands.retest == f"apiward scan {URL} --operation 'GET /x y'"


def test_accounts_from_the_environment_are_whole_and_others_lack_their_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANNA", "hunter2")
    commands = _commands("--account", "username=anna,password-env=ANNA")
    assert commands.scan == f"apiward scan {URL} --account username=anna,password-env=ANNA"
    assert commands.replay == "", "replay knows it"
    secret = _commands("--account", "username=anna,password=hunter2", "--header", "X-Key: hunter2")
    assert secret.replay == " --account 'username=anna,password=…' --header 'X-Key: …'"
    assert "hunter2" not in f"{secret}"


def test_the_query_of_an_address_is_not_shown() -> None:
    commands = _commands("--spec", f"{URL}/my.json?key=hunter2", url=f"{URL}/v1?key=hunter2")
    assert "hunter2" not in f"{commands}"
    assert f"'{URL}/v1?…'" in commands.scan
