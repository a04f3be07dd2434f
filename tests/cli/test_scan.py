"""The command as people run it, against the demo business on this machine."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from apiward.cli.exits import ExitCode
from apiward.demo.app import DOCUMENTED
from tests.cli.conftest import Run

QUICK = ("--level", "read", "--only", "CFG01", "--quiet")


def test_a_sound_api_holds(run: Run, sound: str) -> None:
    result = run("scan", sound, *QUICK)
    assert result.exit_code == ExitCode.HOLDS
    assert "We found no problem in what we checked." in result.stdout
    assert result.stderr == ""


def test_a_weak_api_is_broken_from_fail_on_on(run: Run, weak: str) -> None:
    assert run("scan", weak, *QUICK).exit_code == ExitCode.HOLDS, "a note is below high"
    result = run("scan", weak, *QUICK, "--fail-on", "note")
    assert result.exit_code == ExitCode.BROKEN
    assert "CFG01 note" in result.stdout
    assert run("scan", weak, *QUICK, "--fail-on", "never").exit_code == ExitCode.HOLDS


def test_an_unreachable_api_is_no_pass(run: Run) -> None:
    result = run("scan", "127.0.0.1:1", "--quiet")
    assert result.exit_code == ExitCode.NOT_ENOUGH
    assert "did not answer" in result.stderr
    assert "Nothing was checked" in result.stderr


def test_wrong_usage_is_told_with_what_is_near(run: Run) -> None:
    for arguments, said in (
        (("scna",), "'scan'"),
        (("scan", "--levle", "x"), "'--level'"),
        (("scan", "127.0.0.1:1", "--only", "OBJ0"), "OBJ01"),
        (("scan", "127.0.0.1:1", "--only", "object-raed"), "object-read"),
        (("scan",), "address of the API is missing"),
        (("scan", "127.0.0.1:1", "--reason", "x"), "--write-baseline"),
        (("scan", "127.0.0.1:1", "--write-baseline", "b.json"), "--reason"),
        (("scan", "127.0.0.1:1", "--output", f"{__file__}/x"), "cannot be written"),
    ):
        result = run(*arguments)
        assert (result.exit_code, result.stdout) == (ExitCode.USAGE, ""), arguments
        assert said in result.stderr


def test_passwords_are_never_repeated(run: Run) -> None:
    for account in ("name=anna,hunter2", "passwrod=hunter2,username=anna", "header=hunter2", "username=hunter2"):
        result = run("scan", "127.0.0.1:1", "--account", account)
        assert result.exit_code == ExitCode.USAGE
        assert "hunter2" not in result.output
    assert "hunter2" not in run("scan", "127.0.0.1:1", "--header", "hunter2").output


def test_accounts_that_cannot_log_in_are_not_enough(run: Run, sound: str) -> None:
    result = run("scan", sound, *QUICK, "--account", "username=nobody@example.com,password=hunter2")
    assert result.exit_code == ExitCode.NOT_ENOUGH
    assert "hunter2" not in result.output


def test_machines_get_their_format_on_success_and_on_error(run: Run, weak: str) -> None:
    for address in (weak, "127.0.0.1:1"):
        document = json.loads(run("scan", address, *QUICK, "--format", "json").stdout)
        assert document["schema"] in ("apiward.scan/1", "apiward.error/1")
        sarif = json.loads(run("scan", address, *QUICK, "--format=sarif").stdout)
        assert sarif["version"] == "2.1.0"
        assert sarif["runs"][0]["tool"]["driver"]["name"] == "apiward"
        assert ET.fromstring(run("scan", address, *QUICK, "--format", "junit").stdout).tag == "testsuites"
    usage = json.loads(run("scan", "--format", "json", "--bogus").stdout)
    assert usage["error"]["exit_code"] == ExitCode.USAGE


def test_several_formats_become_several_files(run: Run, weak: str) -> None:
    result = run("scan", weak, *QUICK, "--format", "json", "--format", "html", "--format", "text", "--output", "out")
    assert sorted(path.name for path in Path("out").iterdir()) == ["apiward-report.html", "apiward-report.json"]
    assert "CFG01" in result.stdout
    assert run("scan", weak, *QUICK, "--format", "md", "--output", "x.md").stdout == ""
    assert "CFG01" in Path("x.md").read_text()


def test_accepted_findings_do_not_count(run: Run, weak: str) -> None:
    accept = ("--write-baseline", "known.json", "--reason", "behind a proxy", "--expires", "2999-01-01")
    assert run("scan", weak, *QUICK, "--fail-on", "note", *accept).exit_code == ExitCode.HOLDS
    again = run("scan", weak, *QUICK, "--fail-on", "note", "--baseline", "known.json")
    assert again.exit_code == ExitCode.HOLDS
    assert "behind a proxy" in again.stdout
    pruned = run("baseline", "prune", "known.json")
    assert "0 taken out, 1 stay" in pruned.stderr


def test_accepting_into_a_file_that_stands_loses_nothing(run: Run, weak: str) -> None:
    old = ("--reason", "the first", "--expires", "2999-01-01")
    run("scan", weak, "--level", "read", "--only", "CFG01", "--quiet", "--write-baseline", "known.json", *old)
    more = ("--reason", "the second", "--expires", "2999-01-01")
    result = run("scan", weak, "--only", "OBJ01", "--quiet", "--write-baseline", "known.json", *more)
    assert result.exit_code == ExitCode.HOLDS
    accepted = json.loads(Path("known.json").read_text())["accepted"]
    assert {(entry["check"], entry["reason"]) for entry in accepted} == {
        ("CFG01", "the first"),
        ("OBJ01", "the second"),
    }
    assert {entry["target"] for entry in accepted} == {weak}
    assert "No new problem." in result.stdout
    Path("known.json").write_text("{")
    before = run("scan", weak, *QUICK, "--write-baseline", "known.json", *more)
    assert (before.exit_code, Path("known.json").read_text()) == (ExitCode.USAGE, "{")


def test_suggested_commands_hold_the_options(run: Run, weak: str) -> None:
    document = json.loads(run("scan", weak, *QUICK, "--format", "json", "--rate", "500").stdout)
    assert document["problems"][0]["retest_command"] == f"apiward scan {weak} --level read --rate 500 --only CFG01"
    assert document["state"]["sentence"].endswith(
        f"Checked the API as a whole with 1 kind of check, and none of its {len(DOCUMENTED)} operations alone."
    )


def test_what_is_new_or_fixed_since_the_last_scan_is_said(run: Run, sound: str) -> None:
    whole = ("--level", "read", "--quiet")
    assert "Since the scan before" not in run("scan", sound, *whole).stdout
    assert "Since the scan before: 0 new" in run("scan", sound, *whole).stdout


def test_what_a_narrow_scan_did_not_look_at_is_not_gone(run: Run, weak: str) -> None:
    run("scan", weak, "--level", "read", "--quiet", "--format", "json", "--output", "x.json")
    said = run("scan", weak, *QUICK).stdout
    assert "0 fixed, 0 gone but not confirmed" in " ".join(said.split())


def test_a_scan_that_was_cut_short_is_nothing_to_compare_with(run: Run, weak: str) -> None:
    cut = run("scan", weak, "--level", "read", "--quiet", "--budget", "250")
    assert "The scan ended before it was through." in cut.stdout
    assert "Since the scan before" not in run("scan", weak, *QUICK).stdout


def test_progress_is_a_line_for_each_part_and_quiet_in_ci(run: Run, sound: str) -> None:
    loud = ("scan", sound, "--level", "read", "--only", "CFG01")
    assert "requests sent to your API" in run(*loud).stderr
    assert run(*loud, CI="true").stderr == ""


def test_unknown_operations_are_told_with_the_nearest(run: Run, sound: str) -> None:
    result = run("scan", sound, *QUICK, "--operation", "GET /api/v2/m")
    assert result.exit_code == ExitCode.USAGE
    assert 'Did you mean "GET /api/v2/me"?' in result.stderr


def test_settings_come_from_the_file_in_this_folder(run: Run, weak: str) -> None:
    Path("apiward.toml").write_text(f'[scan]\nurl = "{weak}"\nonly = ["CFG01"]\nlevel = "read"\nfail_on = "note"\n')
    assert run("scan", "--quiet").exit_code == ExitCode.BROKEN
    assert run("scan", "--quiet", "--fail-on", "high").exit_code == ExitCode.HOLDS
    Path("apiward.toml").write_text("[scan]\nlevle = 1\n")
    result = run("scan", "--quiet")
    assert result.exit_code == ExitCode.USAGE
    assert 'Did you mean "level"?' in result.stderr


def test_colours_only_where_wanted(run: Run, weak: str) -> None:
    assert "\x1b[" not in run("scan", weak, *QUICK).stdout
    assert "\x1b[" in run("scan", weak, *QUICK, "--color").stdout


def test_a_reader_that_goes_away_is_no_error(weak: str, tmp_path: Path) -> None:
    env = {**os.environ, "XDG_STATE_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "apiward", "scan", weak, *QUICK, "--format", "json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env, cwd=tmp_path) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"{\n"
        process.stdout.close()
        process.stdout = None
        assert process.communicate(timeout=30)[1] == b""
        assert process.returncode == ExitCode.HOLDS


@pytest.mark.parametrize("name", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_ends_neatly_with_a_report(sound: str, tmp_path: Path, name: signal.Signals) -> None:
    env = {**os.environ, "XDG_STATE_HOME": str(tmp_path), "CI": "", "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "apiward", "scan", sound, "--level", "read", "--rate", "40"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env, cwd=tmp_path) as process:
        _until(process, b"operations, described at")
        process.send_signal(name)
        out, err = process.communicate(timeout=60)
    assert process.returncode == ExitCode.INTERRUPTED
    assert b"The scan was stopped before its end." in out
    assert err.count(b"Stopping:") == 1


def test_the_second_signal_ends_at_once(sound: str, tmp_path: Path) -> None:
    env = {**os.environ, "XDG_STATE_HOME": str(tmp_path), "CI": ""}
    command = [sys.executable, "-m", "apiward", "scan", sound, "--level", "read", "--rate", "2"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env, cwd=tmp_path) as process:
        _until(process, b"operations, described at")
        process.send_signal(signal.SIGINT)
        _until(process, b"Stopping:")
        started = time.monotonic()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
        assert time.monotonic() - started < 10
    assert process.returncode == ExitCode.INTERRUPTED


def _until(process: "subprocess.Popen[bytes]", words: bytes) -> None:
    assert process.stderr is not None
    line = b"-"
    while line and words not in line:
        line = process.stderr.readline()
    assert words in line


def test_operations_that_a_narrow_scan_never_asked_are_not_called_silent(run: Run, sound: str) -> None:
    document = json.loads(run("scan", sound, *QUICK, "--format", "json").stdout)
    coverage = document["coverage"]
    asked, answered = set(coverage["operations_asked"]), set(coverage["operations_answered"])
    assert answered < asked < set(coverage["operations"])
    (said,) = (text for text in document["state"]["not_checked"] if "never answered" in text)
    assert said.startswith(f"{len(asked - answered)} ")
