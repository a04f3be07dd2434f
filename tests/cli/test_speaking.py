import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from apiward.cli.exits import ExitCode
from apiward.cli.failing import failed
from apiward.cli.speaking import is_styled, say


def test_a_poor_terminal_gets_question_marks() -> None:
    env = {**os.environ, "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "apiward", "explain", "OBJ01"]
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=True)
    assert done.stdout.startswith("OBJ01 object-read ? high")


def test_a_reader_that_goes_away_at_once_is_no_error(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        command = [sys.executable, "-m", "apiward", "explain"]
        done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False, cwd=tmp_path)
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


def test_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_styled(wanted=True)
    assert not is_styled(wanted=False)
    assert not is_styled(wanted=None), "this is no terminal"
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "")
    assert is_styled(wanted=None)
    monkeypatch.setenv("NO_COLOR", "1")
    assert not is_styled(wanted=None)


def test_what_each_error_ends_with(capsys: pytest.CaptureFixture[str]) -> None:
    assert failed(click.Abort(), []) == ExitCode.INTERRUPTED
    assert failed(click.UsageError("no"), []) == ExitCode.USAGE
    assert failed(BrokenPipeError(), []) == ExitCode.HOLDS
    assert "Stopped." in capsys.readouterr().err


def test_what_others_wrote_steers_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    say("line 1: found \x1b]0;owned\x07 \x9b31m\u202eexe\nand a second line")
    told = capsys.readouterr().err
    assert told == "line 1: found \\x1b]0;owned\\x07 \\x9b31m\\u202eexe\nand a second line\n"
