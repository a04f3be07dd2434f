"""The commands that explain: explain, checks, exit-codes, completion, config, describe."""

from pathlib import Path

import pytest
from inline_snapshot import snapshot

from apiward.catalogue.loading import load_catalogue
from apiward.cli.exits import ExitCode
from apiward.scan.registry import CHECKS
from tests.cli.conftest import Run


def test_everything_in_the_catalogue_can_be_explained(run: Run) -> None:
    catalogue = load_catalogue()
    listed = run("explain").stdout
    for name in (*catalogue.checks, *catalogue.risks):
        result = run("explain", name)
        assert result.exit_code == ExitCode.HOLDS
        assert result.stdout.startswith(name)
        assert name in listed


def test_explaining_says_all_that_is_needed(run: Run) -> None:
    said = run("explain", "object_read").stdout
    for part in ("matters", "fix", "effort", "proves", "cannot", "Send to your developer:", "CWE-639", "API1:2023"):
        assert part in said
    assert "OBJ01" in run("explain", "CWE-639").stdout


def test_unknown_names_are_told_with_the_nearest(run: Run) -> None:
    result = run("explain", "OBJ1")
    assert result.exit_code == ExitCode.USAGE
    assert "Did you mean OBJ01" in result.stderr
    assert "apiward explain" in run("explain", "\x1b[2J").stderr


def test_a_family_is_explained_by_its_checks(run: Run) -> None:
    said = run("explain", "Objects").stdout
    assert "OBJ01" in said
    assert "AUT01" not in said
    assert "--only objects" in said


@pytest.mark.parametrize("name", ["baseline", "config"])
def test_a_group_alone_shows_its_help(run: Run, name: str) -> None:
    result = run(name)
    assert result.exit_code == ExitCode.USAGE
    assert result.stdout.strip() == run(name, "--help").stdout.strip()
    assert result.stderr == ""


def test_checks_are_listed(run: Run) -> None:
    said = run("checks").stdout
    assert all(check.code in said for check in CHECKS)


def test_exit_codes_are_a_topic(run: Run) -> None:
    assert run("exit-codes").stdout == snapshot("""\
   0  Everything that should be checked was checked, and it holds.
   1  Something is broken at or above --fail-on (high, unless you say
      otherwise).
   2  The command or the settings were wrong. Nothing was checked.
   3  Too little could be checked: not reachable, no log-in, no permission, or
      no clear answer.
   4  apiward itself failed. The path of a file with the details is printed.
 130  You stopped it. What was found until then is reported.
""")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(run: Run, shell: str) -> None:
    assert "_APIWARD_COMPLETE" in run("completion", shell).stdout


def test_completion_knows_commands_and_options(run: Run) -> None:
    told = run(_APIWARD_COMPLETE="bash_complete", COMP_WORDS="apiward sc", COMP_CWORD="1").stdout
    assert told == "plain,scan\n"
    told = run(_APIWARD_COMPLETE="bash_complete", COMP_WORDS="apiward scan --lev", COMP_CWORD="2").stdout
    assert told == "plain,--level\n"


def test_config_check(run: Run) -> None:
    Path("good.toml").write_text('[scan]\nurl = "http://localhost:8000"\n')
    assert run("config", "check", "good.toml").exit_code == ExitCode.HOLDS
    Path("bad.toml").write_text('[scan]\nrat = 3\nlevel = "red"\n')
    result = run("config", "check", "bad.toml")
    assert result.exit_code == ExitCode.USAGE
    assert 'scan.rat: unknown key. Did you mean "rate"?' in result.stderr
    assert 'scan.level: must be one of read, write, full, not "red".' in result.stderr
    for line in ('url = "ftp://h"', 'only = ["OBJ0"]'):
        Path("bad.toml").write_text(f"[scan]\n{line}\n")
        assert run("config", "check", "bad.toml").exit_code == ExitCode.USAGE
    assert run("config", "check").exit_code == ExitCode.USAGE


def test_describe_says_what_was_understood(run: Run, sound: str) -> None:
    result = run("describe", sound)
    assert result.exit_code == ExitCode.HOLDS
    said = {line.split("  ")[1]: line for line in result.stdout.splitlines() if line.startswith("  ") and "/" in line}
    assert said["POST /api/v2/register"].endswith("sign-up")
    assert said["POST /shop/login"].endswith("log-in")
    assert "left alone" in said["GET /api/v2/demo/reset"]


def test_the_scan_that_describe_suggests_has_the_same_options(run: Run, sound: str) -> None:
    result = run("describe", sound, "--spec", f"{sound}/openapi.json", "--rate", "100")
    assert result.stdout.endswith(f"Next: apiward scan {sound} --spec {sound}/openapi.json --rate 100\n")


def test_describe_says_where_it_looked(run: Run) -> None:
    result = run("describe", "127.0.0.1:1")
    assert result.exit_code == ExitCode.NOT_ENOUGH
    assert "did not answer" in result.stderr
