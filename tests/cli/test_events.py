import json
from pathlib import Path

from apiward.cli.exits import ExitCode
from tests.app.recording.made import guard
from tests.cli.conftest import Run
from tests.watch.formats.ocsf_rules import problems


def test_events_are_written_in_each_form(run: Run) -> None:
    guard(5)
    ocsf = [json.loads(line) for line in run("events", "export", "--format", "ocsf").stdout.splitlines()]
    assert [event["metadata"]["uid"] for event in ocsf] == [f"{number:08d}" for number in range(5)]
    assert [problems(event) for event in ocsf] == [[]] * 5
    cef = run("events", "export", "--format", "cef").stdout.splitlines()
    assert all(line.startswith("CEF:0|apiward|guard|") for line in cef)
    lines = [json.loads(line) for line in run("events", "export").stdout.splitlines()]
    assert [line["rulings"][0]["rule"] for line in lines] == ["permit.role"] * 5
    assert len(cef) == len(lines) == 5


def test_a_span_of_time_goes_into_a_file(run: Run) -> None:
    guard(5)
    result = run("events", "export", "--since", "1h", "--until", "2099-01-01", "-o", "out")
    assert (result.stdout, "Events that were written: 5." in result.stderr) == ("", True)
    assert len(Path("out").read_text().splitlines()) == 5
    assert run("events", "export", "--until", "1h").stdout == ""


def test_without_a_store_it_says_so(run: Run) -> None:
    assert run("events", "export").exit_code == ExitCode.USAGE
