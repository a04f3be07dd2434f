import json
from pathlib import Path

import pytest

from apiward.app.forwarding import sending
from apiward.app.forwarding.running import LOCK
from apiward.cli.exits import ExitCode
from apiward.stores.events.database import open_database, sqlite_url
from apiward.stores.events.draining import Turn
from tests.app.forwarding.receiving import receiver
from tests.app.recording.made import guard
from tests.cli.conftest import Run
from tests.stores.watching.made import keep_one_of_each
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


def test_findings_and_incidents_are_written_too(run: Run) -> None:
    guard(1)
    engine = open_database(sqlite_url(Path(".apiward/events.sqlite")))
    keep_one_of_each(engine)
    engine.dispose()
    for kind, class_uid in (("findings", 2002), ("detections", 2004), ("incidents", 2005)):
        result = run("events", "export", "--what", kind, "--format", "ocsf")
        (found,) = [json.loads(line) for line in result.stdout.splitlines()]
        assert (found["class_uid"], problems(found)) == (class_uid, [])
        assert f"{kind.capitalize()} that were written: 1." in result.stderr
        assert run("events", "export", "--what", kind, "--since", "2099-01-01").stdout == ""


def test_what_is_stored_is_sent_once(run: Run) -> None:
    guard(5)
    with receiver() as got:
        result = run("events", "forward", "--to", got.address, "--format", "jsonl", "--secret-env", "S", S="s3cret")
        assert (result.exit_code, "Records that were sent: 5." in result.stderr) == (ExitCode.HOLDS, True)
        guard(2, first=5)
        assert "sent: 2." in run("events", "forward", "--to", got.address, "--format", "jsonl").stderr
    assert [json.loads(line)["id"] for line in got.lines] == [f"{number:08d}" for number in range(7)]
    assert got.headers[0]["webhook-signature"].startswith("v1,")
    assert "webhook-signature" not in got.headers[1]


def test_a_receiver_stands_in_the_settings(run: Run) -> None:
    guard(3)
    with receiver() as got:
        what = '[[guard.forward]]\nto = "%s"\nform = "cef"\nwhat = ["events"]\nsends_old = true\n'
        Path("apiward.toml").write_text(what % got.address)
        assert run("events", "forward").exit_code == ExitCode.HOLDS
    assert [line[:6] for line in got.lines] == ["CEF:0|"] * 3
    assert got.headers[0]["content-type"] == "text/plain; charset=utf-8"


def test_the_first_time_what_is_old_may_be_left_out(run: Run) -> None:
    guard(3)
    with receiver() as got:
        assert "sent: 0." in run("events", "forward", "--to", got.address, "--new").stderr
        guard(1, first=3)
        assert "sent: 1." in run("events", "forward", "--to", got.address, "--new").stderr


def test_a_receiver_that_is_away_is_no_success(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    guard(1)
    monkeypatch.setattr(sending, "INTERVAL_S", 0.001)
    result = run("events", "forward", "--to", "http://127.0.0.1:1/x")
    assert result.exit_code == ExitCode.NOT_ENOUGH
    assert "The rest could not be sent: no answer came" in result.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "There is nowhere to send to."),
        (("--to", "ftp://a"), "no address that begins with"),
        (("--to", "http://logs.example.com/x"), "must be https"),
        (("--to", "syslog+tls://a", "--ca", "missing.pem"), "cannot be used"),
        (("--to", "https://a.example/x", "--secret-env", "MISSING"), "MISSING is not set"),
    ],
)
def test_a_slip_is_told(run: Run, words: tuple[str, ...], said: str) -> None:
    guard(1)
    result = run("events", "forward", *words)
    assert (result.exit_code, said in result.stderr) == (ExitCode.USAGE, True)


def test_two_do_not_send_at_once(run: Run) -> None:
    guard(1)
    with Turn(Path(".apiward/spool"), LOCK) as turn:
        assert turn.is_ours()
        result = run("events", "forward", "--to", "http://127.0.0.1:1/x")
    assert (result.exit_code, "being sent already" in result.stderr) == (ExitCode.USAGE, True)


def test_without_a_store_it_says_so(run: Run) -> None:
    assert run("events", "export").exit_code == ExitCode.USAGE
