"""Something happened, from the command to the letter and the check of the evidence."""

import io
import json
import re
import zipfile
from pathlib import Path

import pytest

from apiward.app.breach import desk, freezing
from apiward.app.breach.freezing import without_secrets
from apiward.app.breach.records import Breach
from apiward.app.recording.checking import own_key
from apiward.cli.exits import ExitCode
from apiward.core.finding import Severity
from apiward.core.incident import Incident, IncidentState, Moment, MomentKind
from apiward.core.watching import WatchStep
from apiward.stores.events.database import open_database
from apiward.stores.watching.store import WatchStore
from apiward.watch.breach.limits import Facts
from tests.app.recording.made import guard
from tests.cli.conftest import Run

FACTS = ("--business-in", "DE", "--people-in", "DE", "--data-touched", "personal", "--people", "40", "--risk", "some")
SETTINGS = """
[business]
name = "Shop"
contact = "Anna, anna@shop.example"
countries = ["DE"]
customers_in = ["DE"]
data = ["personal"]
roles = ["none"]

[guard]
upstream = "http://localhost:8000"

[guard.events]
lines = ""

[[scan.accounts]]
name = "anna"
password = "hunter2secret"
"""


@pytest.fixture(autouse=True)
def stored(run: Run) -> None:
    guard(5)


@pytest.fixture
def bundle(run: Run, stored: None) -> Path:
    assert run("breach", "start", *FACTS, "--role", "none").exit_code == ExitCode.HOLDS
    (path,) = Path(".apiward/breaches").glob("*.evidence.zip")
    return path


@pytest.fixture
def incident(stored: None) -> str:
    engine = open_database("sqlite:///" + str(Path(".apiward/events.sqlite").absolute()))
    moments = (Moment(1.8e9, MomentKind.CONTAINED, "Held off until tomorrow."), Moment(1.8e9, MomentKind.NOTE, "Hm."))
    one = Incident(
        "i1", "objects.foreign", "user:7", Severity.HIGH, 1.8e9 - 60, 1.8e9, 1234, IncidentState.CONTAINED,
        touched=("user:8", "user:9", "object:1"), touched_count=3, timeline=moments,
    )  # fmt: skip
    WatchStore(engine, lambda: 1.8e9).commit(WatchStep(incidents=(one,)))
    engine.dispose()
    return "i1"


def test_it_begins_the_limits_and_freezes_the_evidence(run: Run) -> None:
    result = run("breach", "start", *FACTS, "--role", "none", "--what", "Orders were read.", "--noticed", "2h")
    assert "was begun, and the evidence is frozen" in result.stdout
    assert re.search(r"Until \S+ \S+ UTC \(in (69|70) hours\)\. European Union, GDPR", " ".join(result.stdout.split()))
    assert "California" not in result.stdout
    assert "no legal advice" in result.stderr
    shown = run("breach", "show").stdout
    assert "people:             40" in shown
    assert "harm:               some" in shown
    assert "incident:           not known yet" in shown
    record = run("audit-log", "show", "--kind", "incident").stdout
    assert "Something happened: breach" in record


def test_what_is_not_known_leaves_limits_open_until_it_is(run: Run) -> None:
    result = run("breach", "start")
    assert "These time limits run:" not in result.stdout
    assert "? Where is your business" in result.stdout
    more = run("breach", "update", *FACTS, "--role", "processor", "--told", "1h", "--judged", "1h")
    assert "These time limits run:" in more.stdout
    assert "GDPR, Article 33(2)" in more.stdout
    assert run("breach", "update").exit_code == ExitCode.USAGE
    assert "was updated" in run("audit-log", "show", "--kind", "incident").stdout


def test_where_nothing_runs_it_says_so(run: Run) -> None:
    facts = ("--business-in", "JP", "--people-in", "JP", "--data-touched", "none", "--role", "none")
    assert "No time limit that apiward knows runs." in run("breach", "start", *facts).stdout


def test_the_settings_say_what_they_know(run: Run) -> None:
    Path("apiward.toml").write_text(SETTINGS)
    result = run("breach", "start", "--people", "3", "--risk", "high", "--noticed", "2026-01-01")
    assert "Over since 2026-01-04" in result.stdout
    assert "At once. European Union, GDPR: Tell the people" in result.stdout
    letter = run("breach", "draft", "gdpr-people").stdout
    assert "What happened to your data at Shop" in letter
    assert "Please ask: Anna, anna@shop.example." in letter


def test_a_letter_holds_the_figures_of_the_incident(run: Run, incident: str) -> None:
    run("breach", "start", "--incident", incident, *FACTS)
    letter = " ".join(run("breach", "draft", "authority").stdout.split())
    assert "Requests that belong to it so far: 1,234." in letter
    assert "How many people are concerned: 40." in letter
    assert "user: 2, object: 1" in letter
    assert "What we have done: 2027-01-15 08:00 UTC: Held off until tomorrow." in letter
    assert "[to be filled in: the name of your business]" in letter
    assert run("breach", "draft", "people", "-o", "letter.txt").stdout == ""
    assert "Dear customer" in Path("letter.txt").read_text()


def test_an_incident_of_which_not_all_is_listed_says_at_least() -> None:
    one = Incident("i", "r", "w", Severity.LOW, 1.0, 2.0, 3, touched=("user:1",), touched_count=9)
    assert desk._with_incident(Breach("", 0.0, "", Facts(0.0)), one).touched == ("user: at least 1",)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["start", "--incident", "i9"], "There is no incident"),
        (["start", "--noticed", "2999-01-01"], "is in the future"),
        (["start", "--noticed", "soon"], "is no time"),
        (["start", "--business-in", "Germany"], "is no country"),
        (["start", "--data-touched", "secrets"], "is none of"),
        (["show"], "Nothing has been begun"),
        (["draft", "people"], "Nothing has been begun"),
    ],
)
def test_what_cannot_be_used_is_told(run: Run, words: list[str], said: str) -> None:
    result = run("breach", *words)
    assert (result.exit_code, said in result.stderr) == (ExitCode.USAGE, True)
    assert not Path(".apiward/breaches").exists()


def test_unknown_ones_and_damaged_ones_are_told(run: Run, bundle: Path) -> None:
    assert "There is no breach" in run("breach", "show", "2026-01-01-ffff").stderr
    assert "There is no letter" in run("breach", "draft", "poem").stderr
    record = next(Path(".apiward/breaches").glob("*.json"))
    for text in ("{", "[]", '{"schema": "other", "facts": {}}'):
        record.write_text(text)
        assert "cannot be used" in run("breach", "show").stderr


def test_the_evidence_holds_what_was_stored_and_no_secret(run: Run, incident: str) -> None:
    Path("apiward.toml").write_text(SETTINGS)
    Path("apiward.rules.toml").write_text("# nothing\n[[share]]\n")
    run("breach", "start", "--incident", incident)
    (path,) = Path(".apiward/breaches").glob("*.evidence.zip")
    with zipfile.ZipFile(path) as archive:
        pieces = {name: archive.read(name).decode() for name in archive.namelist()}
    assert set(pieces) >= {
        "breach.json",
        "incident.json",
        "events.jsonl",
        "audit.jsonl",
        "audit.key",
        "config/apiward.json",
    }
    assert json.loads(pieces["incident.json"])["incident"]["count"] == 1234
    assert len(pieces["audit.jsonl"].splitlines()) == 5 + 2  # what was stored, and the incident's two steps
    assert "hunter2secret" not in "".join(pieces.values())
    assert json.loads(pieces["config/apiward.json"])["scan"]["accounts"][0]["password"] == "***"
    assert path.stat().st_mode & 0o077 == 0


def test_events_of_the_day_before_are_in_it_where_no_incident_says_when(bundle: Path) -> None:
    with zipfile.ZipFile(bundle) as archive:
        assert len(archive.read("events.jsonl").splitlines()) == 5


def test_evidence_verifies_offline_with_the_key_or_the_seal(run: Run, bundle: Path) -> None:
    key = own_key(Path(".apiward")).text
    seal = run("evidence", "verify", str(bundle)).stdout.split("seal: ")[1].split()[0]
    (elsewhere := Path("elsewhere")).mkdir()
    (elsewhere / "it.zip").write_bytes(bundle.read_bytes())
    data = ("--data", str(elsewhere))
    good = run("evidence", "verify", "elsewhere/it.zip", "--key", key, *data)
    assert (good.exit_code, "The evidence holds:" in good.stdout) == (ExitCode.HOLDS, True)
    assert run("evidence", "verify", "elsewhere/it.zip", "--seal", seal, *data).exit_code == ExitCode.HOLDS
    alone = run("evidence", "verify", "elsewhere/it.zip", *data)
    assert (alone.exit_code, "from the bundle itself" in alone.stderr) == (ExitCode.NOT_ENOUGH, True)
    other = run("evidence", "verify", "elsewhere/it.zip", "--seal", "0" * 64, *data)
    assert (other.exit_code, "another one" in other.stdout) == (ExitCode.BROKEN, True)
    assert run("evidence", "verify", "elsewhere/it.zip", "--key", "nonsense").exit_code == ExitCode.USAGE
    assert run("evidence", "verify", "nowhere.zip").exit_code == ExitCode.USAGE


def _changed(bundle: Path, name: str, change: bytes | None) -> str:
    buffer = io.BytesIO()
    with zipfile.ZipFile(bundle) as old, zipfile.ZipFile(buffer, "w") as new:
        for one in old.namelist():
            body = change if one == name else old.read(one)
            if body is not None:
                new.writestr(one, body)
    Path("changed.zip").write_bytes(buffer.getvalue())
    return "changed.zip"


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("events.jsonl", b"", "Changed: events.jsonl"),
        ("audit.jsonl", None, "Taken out: audit.jsonl"),
        ("manifest.note", None, "The signature is not good"),
    ],
)
def test_what_was_done_to_it_is_told(run: Run, bundle: Path, name: str, change: bytes | None, said: str) -> None:
    result = run("evidence", "verify", _changed(bundle, name, change))
    assert (result.exit_code, said in result.stdout) == (ExitCode.BROKEN, True)


def test_one_with_another_key_is_told(run: Run, bundle: Path) -> None:
    other = Path("other")
    guard(1, folder="other")
    key = own_key(other).text
    result = run("evidence", "verify", str(bundle), "--key", key)
    assert (result.exit_code, "The signature is not good" in result.stdout) == (ExitCode.BROKEN, True)


def test_what_has_no_room_is_said(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(freezing, "MAX_AUDIT", 2)
    monkeypatch.setattr(freezing, "MAX_EVENTS", 1)
    Path("apiward.toml").write_text("[business]\nname = 'x'\n")
    result = run("breach", "start")
    assert "only the first 2 entries" in result.stderr
    (path,) = Path(".apiward/breaches").glob("*.evidence.zip")
    assert "only the first" in run("evidence", "verify", str(path)).stdout


def test_without_a_store_it_says_so(run: Run) -> None:
    result = run("breach", "start", "--data", "nowhere")
    assert (result.exit_code, "no store yet" in result.stderr) == (ExitCode.USAGE, True)


def test_secrets_are_masked_by_name_and_in_addresses() -> None:
    table = {
        "a": {"password": "x", "password_env": "X", "database": "postgresql://u:p@h/d", "api_key": "k", "key_file": "f"}
    }
    masked = without_secrets({**table, "tokens": ["t"], "empty_secret": "", "n": 1})
    assert masked["a"] == {
        "password": "***",
        "password_env": "X",
        "database": "postgresql://***@h/d",
        "api_key": "***",
        "key_file": "f",
    }
    assert masked["tokens"] == ["***"]
    assert (masked["empty_secret"], masked["n"]) == ("", 1)


def test_an_address_that_anybody_could_post_to_is_no_evidence() -> None:
    channels = [
        {"name": "chat", "address": "https://hooks.example/services/T0/B0/SECRET"},
        {"name": "bot", "address": "tgram://123:SECRET/chat"},
        {"name": "push", "address": "https://ntfy.example"},
        {"name": "link", "link": "https://a.example/x?sig=SECRET&b=1"},
    ]
    masked = without_secrets({"notify": {"channels": channels}})
    assert "SECRET" not in str(masked)
    shown = [one.get("address") or one["link"] for one in masked["notify"]["channels"]]
    assert shown == ["https://hooks.example/***", "***", "https://ntfy.example", "https://a.example/x?***"]


def test_the_limits_are_written_for_a_calendar(run: Run, bundle: Path) -> None:
    told = run("breach", "calendar", "-o", "limits.ics")
    assert (told.exit_code, "Time limits in it: " in told.stderr) == (ExitCode.HOLDS, True)
    raw = Path("limits.ics").read_bytes()
    assert raw.startswith(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert raw.endswith(b"END:VCALENDAR\r\n")
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert f"gdpr-authority.{bundle.name.removesuffix('.evidence.zip')}@apiward".encode() in raw.replace(b"\r\n ", b"")
