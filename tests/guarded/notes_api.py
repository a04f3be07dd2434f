"""A small described API of notes, in the folder of a guard, and how its incidents are read."""

import json
from pathlib import Path
from typing import Final

from click.testing import CliRunner, Result

from apiward.cli.main import cli
from tests.guarded.speaking import body_of, get, status_of

NOTES: Final = "POST /notes"
_NOTE: Final = {
    "type": "object",
    "properties": {
        "text": {"type": "string"},
        "title": {"type": "string"},
        "tags": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["text"],
}
_POST: Final = {
    "requestBody": {"content": {"application/json": {"schema": _NOTE}}},
    "responses": {"200": {"description": "ok"}},
}
_DOCUMENT: Final = {
    "openapi": "3.1.0",
    "info": {"title": "notes", "version": "1"},
    "paths": {"/notes": {"post": _POST}},
}


def describe(home: Path) -> None:
    """Write the description into the guard's folder."""
    home.mkdir(parents=True, exist_ok=True)
    (home / "openapi.json").write_text(json.dumps(_DOCUMENT), "utf-8")


def note(port: int, source: str = "", target: str = "/notes", **fields: object) -> tuple[int, str]:
    """Post a note; return the status and the incident number, where one is told."""
    body = json.dumps(fields).encode()
    answer = get(port, target, "Content-Type: application/json", method="POST", body=body, source=source)
    try:
        told = json.loads(body_of(answer))
    except ValueError:
        told = {}
    return status_of(answer), str(told.get("incident", ""))


def command(home: Path, *words: str) -> Result:
    """Run a command of apiward for the guard in `home`."""
    return CliRunner().invoke(cli, [*words, "--config", str(home / "apiward.toml")], catch_exceptions=False)
