"""Help, versions and errors of the whole command line."""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import ClassVar

import pytest
from click.testing import CliRunner
from inline_snapshot import snapshot

from apiward import __version__
from apiward.cli.exits import ExitCode
from apiward.cli.main import PLACES, Apiward, cli
from tests.cli.conftest import Run

HEAVY = ("rich", "jinja2", "yaml", "h11", "granian", "cryptography", "starlette", "brotli", "asyncio", "ssl", "socket")


def test_help_shows_every_command(run: Run) -> None:
    result = run("--help")
    assert result.exit_code == ExitCode.HOLDS
    assert result.stdout == snapshot("""\
Usage: apiward [OPTIONS] [COMMAND] [ARGS]...

  Find out what is wrong with your API, in plain words and with proof.

  Nothing leaves this computer but the requests to the API that you name.

Options:
  --version   Show the version and exit.
  --debug     Show the details when apiward itself fails.
  -h, --help  Show this message and exit.

Commands:
  try             a tour on a built-in weak demo API, offline
  up              start guard, watch and your page together, with a few
                  questions
  open            print a link into your page; it works once
  people          say who may log in at your page from elsewhere, and as what
  scan            find out what is wrong with an API, each finding proved
  findings        what scans found, since when; accept one for a time
  guard           put a gate before an API that holds its holes shut
  watch           read logs that exist already, and say what happened
  patch           hold what a scan has found shut at the guard, and prove it
  allow           let through what the guard refused wrongly, and nothing else
  incidents       what happened, told once: look at it, hold it off, close it
  block           shut a caller, an address or an operation out for a time, and
                  undo it
  notify          try the ways in which you are told of incidents
  drill           an exercise: how long to notice an attack, to tell you, to
                  hold it off
  objects         whose things are whose, and who reached for other people's
  keys            make and take back the API keys that the guard knows
  audit-log       look at the audit record and check that nobody changed it
  store           back up, restore, check or move what the guard has stored
  events          send stored events elsewhere: OCSF, CEF or JSON lines
  rules           check your own rules, in Sigma, and see what they would have
                  told
  breach          something happened: time limits, frozen evidence, letters
  evidence        check that frozen evidence is what was frozen
  playbook        what to do when something has happened, step by step
  explain-access  say whether a caller may do something at the guard, and why
  learned         show what the guard has learned of an API, and how sure it is
  describe        show what apiward understands of an API; checks nothing
  accounts        try the accounts of a scan, and say what would make it see
                  more
  explain         what a check, a risk or a finding means and how to fix it
  report          how your API stands: grade, next steps, a page to show others
  doctor          what is set up, what is missing, and the next command
  digest          the week in a few lines, shown or sent to your channels
  replay          send one finding again: does it hold now?
  checks          list all checks with level and severity
  baseline        tidy a file of accepted findings
  config          check the settings in apiward.toml
  exit-codes      what the exit codes say
  completion      print the completion script of bash, zsh or fish

  Start with: apiward try. Then your own: apiward scan http://localhost:8000
""")
    assert run("-h").stdout == result.stdout
    assert run().stdout == result.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["scan", "--help"],
        ["try", "-h"],
        ["replay", "-h"],
        ["guard", "--help"],
        ["keys", "new", "--help"],
        ["explain-access", "--help"],
        ["--version"],
    ],
)
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    script = (
        "import sys\nfrom apiward.cli.main import cli\n"
        f"try: cli.main({arguments!r})\nexcept SystemExit: pass\n"
        f"print(*sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)"
    )
    # Measuring coverage loads modules of its own into every process.
    env = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=env)
    assert done.stderr.strip() == ""


@pytest.mark.parametrize("name", PLACES)
def test_every_command_has_help(run: Run, name: str) -> None:
    result = run(name, "--help")
    assert result.exit_code == ExitCode.HOLDS
    assert f"Usage: apiward {name}" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_version(run: Run) -> None:
    assert run("--version").stdout == f"apiward {__version__}\n"


def test_python_m_is_the_same() -> None:
    command = [sys.executable, "-m", "apiward", "exit-codes"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.count("\n") >= len(ExitCode)


class Broken(Apiward):
    """The command line with one command that fails as a bug would."""

    places: ClassVar = {"crash": ("tests.cli.crashing", "fails")}


@pytest.mark.parametrize("flags", [[], ["--debug"]])
def test_our_own_bug_is_told_kept_and_has_its_code(flags: list[str]) -> None:
    group = Broken("apiward", params=cli.params, callback=cli.callback)
    result = CliRunner().invoke(group, [*flags, "crash"], catch_exceptions=False)
    assert result.exit_code == ExitCode.BUG
    assert "This is our mistake, not yours." in result.stderr
    told = re.search(r"The details are in (\S+)\.", result.stderr)
    assert told is not None
    kept = Path(told[1])
    assert "ZeroDivisionError: oh" in kept.read_text()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    kept.unlink()
    assert ("Traceback" in result.stderr) is bool(flags)
