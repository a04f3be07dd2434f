"""Scans of an app object: the whole command, and no socket."""

import json
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from apiward.cli.exits import ExitCode
from apiward.cli.wanted import wanted
from tests.cli.conftest import Run

SHOP = """
import secrets
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel

people, tokens, notes = {}, {}, {}
OWNERS_ONLY = __name__.endswith("sound")

class Person(BaseModel):
    username: str
    password: str

class Note(BaseModel):
    text: str

app = FastAPI(title="Notes")

def caller(shown: HTTPAuthorizationCredentials = Depends(HTTPBearer())) -> str:
    if shown.credentials not in tokens:
        raise HTTPException(401, "log in first")
    return tokens[shown.credentials]

@app.post("/register", status_code=201)
async def register(person: Person):
    if person.username in people:
        raise HTTPException(409, "taken")
    people[person.username] = person.password
    return {"username": person.username}

@app.post("/login")
async def log_in(person: Person):
    if people.get(person.username) != person.password:
        raise HTTPException(401, "wrong")
    token = secrets.token_hex(16)
    tokens[token] = person.username
    print("logged in")
    return {"token": token}

@app.post("/notes", status_code=201)
async def write(note: Note, me: str = Depends(caller)):
    id = len(notes) + 1
    notes[id] = {"id": id, "text": note.text, "owner": me}
    return notes[id]

@app.get("/notes/{note_id}")
async def read(note_id: int, me: str = Depends(caller)):
    note = notes.get(note_id)
    if note is None or (OWNERS_ONLY and note["owner"] != me):
        raise HTTPException(404, "no such note")
    return note

def create_app():
    return app
"""
ONE = ("--only", "OBJ01", "--seed", "1")


@pytest.fixture(autouse=True)
def programs(run: Run, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(sys, "path", list(sys.path))
    for name in ("notes_weak", "notes_sound"):
        Path(f"{name}.py").write_text(SHOP)
    yield
    for name in ("notes_weak", "notes_sound"):
        sys.modules.pop(name, None)


@pytest.fixture
def no_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a socket is used")

    for act in ("listen", "connect", "connect_ex", "bind"):
        monkeypatch.setattr(socket.socket, act, refuse)


@pytest.mark.usefixtures("no_sockets")
def test_a_weak_app_is_found_and_a_sound_one_is_not(run: Run) -> None:
    weak = run("scan", "--app", "notes_weak:app", *ONE, "--format", "json")
    document = json.loads(weak.stdout)
    assert weak.exit_code == ExitCode.BROKEN
    assert [(one["check"], one["operation"]) for one in document["findings"]] == [("OBJ01", "GET /notes/{note_id}")]
    assert document["scan"]["level"] == "full"
    assert "in this process" in weak.stderr
    assert "logged in" in weak.stderr
    assert document["problems"][0]["retest_command"].startswith("apiward scan --app notes_weak:app ")
    sound = run("scan", "--app", "notes_sound:create_app()", *ONE, "--quiet")
    assert sound.exit_code == ExitCode.HOLDS, sound.output


def test_a_finding_is_tried_again_on_the_same_app(run: Run) -> None:
    found = json.loads(run("scan", "--app", "notes_weak:app", *ONE, "--format", "json").stdout)["findings"][0]["id"]
    assert run("replay", found, "--quiet").exit_code == ExitCode.BROKEN
    patched = run("patch", found)
    assert patched.exit_code == ExitCode.USAGE
    assert "Scan its server" in patched.stderr
    sys.modules.pop("notes_weak")
    Path("notes_weak.py").write_text(SHOP.replace('__name__.endswith("sound")', "True"))
    assert run("replay", found, "--quiet").exit_code == ExitCode.HOLDS


def test_scans_of_two_apps_are_not_compared_with_one_another(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    target, names = "http://localhost", set()
    for folder, app in ((tmp_path, "shop:app"), (tmp_path, "desk:app"), (tmp_path.parent, "shop:app")):
        monkeypatch.chdir(folder)
        names.add(wanted({"app": app}, None, env={}).kept_as(target))
    assert len(names) == 3
    assert wanted({}, target, env={}).kept_as(target) == target


def test_the_app_may_stand_in_the_settings_and_is_described(run: Run) -> None:
    Path("apiward.toml").write_text('[scan]\napp = "notes_weak:app"\n')
    result = run("describe")
    assert result.exit_code == ExitCode.HOLDS
    assert "  answers at http://localhost\n  4 operations\n" in result.stdout
    assert "Next: apiward scan\n" in result.stdout
    assert run("describe", "127.0.0.1:1").exit_code == ExitCode.NOT_ENOUGH, "an address that is typed wins"


def test_an_app_that_cannot_be_had_is_wrong_usage(run: Run) -> None:
    result = run("scan", "--app", "notes_weak:ap")
    assert (result.exit_code, result.stdout) == (ExitCode.USAGE, "")
    assert 'notes_weak has no ap.\n  Did you mean "app"?' in result.stderr


def test_what_is_to_be_left_alone_is_never_called(run: Run) -> None:
    Path("apiward.toml").write_text('[scan]\nleave_alone = ["POST /notes"]\n')
    result = run("scan", "--app", "notes_weak:app", "--only", "objects,INV01", "--quiet", "--all")
    assert sys.modules["notes_weak"].notes == {}
    assert "1 operation you asked us to leave alone: POST /notes." in result.stdout
    assert "--allow" not in result.stdout
    typed = run("scan", "--app", "notes_weak:app", "--leave-alone", "GET /note", "--quiet")
    assert typed.exit_code == ExitCode.USAGE, "a slip must not pass for a wish"
