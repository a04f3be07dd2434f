import json
import signal
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from apiward.app.guarding.place import Place
from apiward.app.watching.running import Course, WatchRun, opened_once
from apiward.app.watching.watching import Told
from apiward.cli.exits import ExitCode
from apiward.cli.watch_progress import Bar, log_progress
from apiward.cli.watching import Show
from apiward.config.guarding import GuardConfig
from apiward.config.watching import SourceConfig, WatchConfig
from tests.cli.conftest import Run

START_S = 1_796_000_000
PROBED = (
    "/.env",
    "/.git/config",
    "/wp-login.php",
    "/actuator/env",
    "/admin",
    "/phpmyadmin/",
    "/api/debug",
    "/backup.sql",
)


def line(at: int, client: str, path: str, status: int, user: str = "-") -> str:
    shown = f"{datetime.fromtimestamp(START_S + at, UTC):%d/%b/%Y:%H:%M:%S +0000}"
    return f'{client} - {user} [{shown}] "GET {path} HTTP/1.1" {status} 64 "-" "curl/8.5.0"\n'


def ordinary(number: int = 200, first: int = 0) -> str:
    return "".join(line(first + at, f"192.0.2.{at % 9}", f"/orders/{at % 9}", 200) for at in range(number))


def probing(client: str = "198.51.100.7", first: int = 300) -> str:
    """Four dozen doors, tried one after another."""
    paths = [f"{path}{number or ''}" for number in range(6) for path in PROBED]
    return "".join(line(first + at, client, path, 404) for at, path in enumerate(paths))


def write(name: str, text: str) -> Path:
    path = Path(name)
    with path.open("a") as file:
        file.write(text)
    return path


def test_an_ordinary_log_is_quiet(run: Run) -> None:
    write("access.log", ordinary())
    result = run("watch", "access.log")
    assert result.exit_code == ExitCode.HOLDS
    assert result.stdout == (
        "access.log: nginx or Apache, combined form (50 of the first 50 lines are of this form).\n"
        "200 requests were read, from 2026-11-30 00:53:20 to 2026-11-30 00:56:39 (UTC).\n"
        "No incident.\n"
    )


def test_somebody_who_tries_doors_is_one_incident_however_often_it_is_read(run: Run) -> None:
    write("access.log", ordinary() + probing())
    first = run("watch", "access.log", "--json", "--fail-on", "low")
    assert first.exit_code == ExitCode.BROKEN
    (incident,) = json.loads(first.stdout)["incidents"]
    assert (incident["rule"], incident["who"]) == ("inventory.shadow-probing", "address:198.51.100.7")
    again = run("watch", "access.log", "--json", "--fail-on", "never")
    assert again.exit_code == ExitCode.HOLDS
    assert json.loads(again.stdout) == json.loads(first.stdout)
    with sqlite3.connect(".apiward/events.sqlite") as database:
        assert database.execute("SELECT count(*) FROM events").fetchone() == (248,)
        assert database.execute("SELECT count(*) FROM incidents").fetchone() == (1,)
    database.close()


def test_what_is_said_of_an_incident(run: Run) -> None:
    write("access.log", probing())
    said = run("watch", "access.log").stdout
    assert "1 incident:" in said
    assert "the address 198.51.100.7" in said
    for label in ("Who:", "What we saw:", "What it means:", "What to do:"):
        assert label in said


def test_texts_that_attack_are_seen_in_a_log_and_never_kept(run: Run) -> None:
    attacks = (
        "1%27%20OR%20%271%27=%271",
        "1%27%20UNION%20SELECT%20s3cr3t%20FROM%20users--%20",
        "%27;DROP%20TABLE%20users;--%20",
    )
    write("access.log", ordinary())
    write("access.log", "".join(line(300 + at, "198.51.100.7", f"/orders?id={q}", 200) for at, q in enumerate(attacks)))
    (incident,) = json.loads(run("watch", "access.log", "--json", "--fail-on", "never").stdout)["incidents"]
    assert (incident["rule"], incident["who"]) == ("attacks.injection", "address:198.51.100.7")
    assert b"s3cr3t" not in Path(".apiward/events.sqlite").read_bytes()


def test_nothing_is_kept_where_one_only_looks(run: Run) -> None:
    write("access.log", probing())
    assert "1 incident:" in run("watch", "access.log", "--fresh").stdout
    assert not Path(".apiward").exists()


def test_values_of_queries_are_nowhere(run: Run) -> None:
    write("access.log", line(0, "192.0.2.1", "/orders/7?token=s3cr3tvalue", 200, user="anna"))
    run("watch", "access.log")
    assert b"s3cr3tvalue" not in Path(".apiward/events.sqlite").read_bytes()
    assert b"user:anna" in Path(".apiward/events.sqlite").read_bytes()


def test_another_form_than_was_named(run: Run) -> None:
    write("access.log", ordinary(3))
    result = run("watch", "access.log", "--format", "caddy")
    assert result.exit_code == ExitCode.USAGE
    assert "access.log is not of the form Caddy." in result.stderr
    assert "Line 1: expected a JSON object" in result.stderr
    assert run("watch", "access.log", "--format", "combind").exit_code == ExitCode.USAGE
    assert run("watch", "access.log", "--time-zone", "Mars").exit_code == ExitCode.USAGE
    assert run("watch", "no.log").exit_code == ExitCode.USAGE


def test_lines_that_cannot_be_read_are_told(run: Run) -> None:
    write("access.log", ordinary(30) + "<html>\n")
    result = run("watch", "access.log")
    assert "access.log: 1 line of 31 could not be read." in result.stderr
    assert (
        "line 31: expected a blank after remote_addr, found '<html>'; it looks like XML or a web page." in result.stderr
    )


def test_a_declared_form_with_callers_and_proxies(run: Run) -> None:
    form = '$remote_addr [$time_iso8601] "$request" $status "$http_x_forwarded_for" "$http_x_user"'
    text = '10.0.0.2 [2026-11-30T13:34:15] "GET /a HTTP/1.1" 200 "198.51.100.1" "42"\n'
    write("access.log", text)
    run(
        "watch", "access.log", "--format", form, "--principal", "X-User", "--trusted-proxy", "10.0.0.0/8",
        "--time-zone", "Europe/Berlin",
    )  # fmt: skip
    with sqlite3.connect(".apiward/events.sqlite") as database:
        found = database.execute("SELECT client, principal, at_s FROM events").fetchone()
    database.close()
    assert found == ("198.51.100.1", "user:42", 1_796_042_055.0)


def test_logs_of_the_settings_go_on_where_they_were(run: Run) -> None:
    write("apiward.toml", '[[watch.sources]]\nfile = "access.log"\n')
    write("access.log", ordinary())
    assert "200 requests were read" in run("watch", "--once").stdout
    assert "No requests were read: there is nothing new." in run("watch", "--once").stdout
    write("access.log", probing())
    result = run("watch", "--once")
    assert "48 requests were read" in result.stdout
    assert "1 incident:" in result.stdout
    write("access.log", probing(first=400))
    (incident,) = json.loads(run("watch", "--once", "--json").stdout)["incidents"]
    assert incident["last_s"] == START_S + 447


def test_what_a_guard_has_seen_is_watched_too(run: Run) -> None:
    from tests.app.recording.made import guard  # noqa: PLC0415 - of this test alone

    guard(5)
    assert "5 requests were read" in run("watch", "--once").stdout
    assert "there is nothing new" in run("watch", "--once").stdout


def test_there_must_be_something_to_watch(run: Run) -> None:
    result = run("watch")
    assert result.exit_code == ExitCode.USAGE
    assert "There is nothing to watch." in result.stderr
    write("access.log", ordinary(3))
    assert run("watch", "access.log", "--follow", "--fresh").exit_code == ExitCode.USAGE


def test_settings_that_cannot_be_used(run: Run) -> None:
    write("apiward.toml", "[[watch.sources]]\nfiel = 'x'\n")
    result = run("watch", "--once")
    assert result.exit_code == ExitCode.USAGE
    assert 'watch.sources[1].fiel: unknown key. Did you mean "file"?' in result.stderr
    assert "watch.sources[1].fiel" in run("config", "check", "apiward.toml").stderr


def test_standard_input_is_read(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    log = write("access.log", ordinary(7))
    with log.open() as file:
        monkeypatch.setattr("apiward.app.watching.opening.standard_input", file.fileno)
        assert "7 requests were read" in run("watch", "-").stdout


def test_what_is_followed_says_each_change_once(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write("access.log", ordinary() + probing())

    def few_steps(course: Course, shown: Show, *__: object) -> Told:
        for _ in range(3):
            course.watching.step()
            shown(course)
        return course.watching.finish()

    monkeypatch.setattr("apiward.cli.watching.run_on", few_steps)
    result = run("watch", "access.log", "--follow")
    assert result.exit_code == ExitCode.HOLDS
    assert "Watching access.log, the guard's own events. Ctrl-C ends it." in result.stderr
    assert result.stdout.count("Somebody looks for doors that were left open. By the address 198.51.100.7") == 1
    write("access.log", probing("198.51.100.8", first=600))
    lines = run("watch", "access.log", "--follow", "--json").stdout.splitlines()
    assert [json.loads(one)["who"] for one in lines] == ["address:198.51.100.8"]


def test_what_apiward_may_do_by_itself_is_said_at_the_start(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write("access.log", ordinary(3))
    monkeypatch.setattr("apiward.cli.watching.run_on", lambda course, *_: course.watching.finish())
    assert "by itself" not in run("watch", "access.log", "--follow").stderr
    Path("apiward.toml").write_text('[watch.automatic]\nconsent = ["stuffing:block-address"]\nmost = 3\n')
    said = run("watch", "access.log", "--follow").stderr
    assert "It may hold off by itself, for 60 minutes and not more than 3 at once: stuffing:block-address." in said


def test_what_was_stopped_says_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write("access.log", ordinary(30_000))

    def stopped(course: Course, shown: Show, *_: object) -> Told:
        course.watching.step()
        shown(course)
        signal.raise_signal(signal.SIGINT)
        return course.watching.finish()

    monkeypatch.setattr("apiward.cli.watching.run_once", stopped)
    result = run("watch", "access.log")
    assert result.exit_code == ExitCode.INTERRUPTED
    assert "It was stopped after" in result.stderr


def test_how_far_it_is_moves_on_a_terminal_and_is_a_line_in_a_file(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write("access.log", ordinary(50))
    monkeypatch.setattr("apiward.cli.watch_progress._LINE_EVERY", 20)
    assert "50 requests were read; incidents so far: 0." in run("watch", "access.log").stderr
    assert "50 requests were read; incidents" not in run("watch", "access.log", "-q").stderr
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with log_progress(is_quiet=False) as shown:
        assert isinstance(shown, Bar)
        place = Place(None, Path.cwd(), Path("data"))
        source = SourceConfig(file="access.log")
        with opened_once(WatchRun(place, GuardConfig(), WatchConfig(), (source,), is_kept=False)) as course:
            course.watching.step()
            shown.show(course)
    assert "50 requests, 0 incidents" in capsys.readouterr().err
