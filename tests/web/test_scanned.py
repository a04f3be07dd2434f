import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

from apiward.app.page.links import sessions_of
from apiward.app.people.door import Door, From
from apiward.cli.main import cli
from tests.web.entering import PASSWORD, with_person
from tests.web.made import filled, people_of, served, shop

OPEN = {"responses": {"200": {"description": "Good."}}}
KIND = {"name": "kind", "in": "query", "schema": {"type": "string"}}


def described(origin: str, cookie: str, **more: object) -> str:
    """Return the page as an API that scans can read."""
    paths = {f"/{name}.json": {"get": {**OPEN, "parameters": [KIND]}} for name in ("risks", "incidents", "traffic")}
    paths |= {f"/{name}.json": {"get": dict(OPEN)} for name in ("today", "settings", "you")}
    schemes = {"session": {"type": "apiKey", "in": "cookie", "name": cookie}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "The page", "version": "1"},
        "servers": [{"url": origin}],
        "components": {"securitySchemes": schemes},
        "security": [{"session": []}],
        "paths": paths | more,
    }
    return json.dumps(document)


def scanned(folder: Path, origin: str, spec: Path, account: str, *words: str) -> dict[str, Any]:
    """Return what a scan of the page says."""
    given = ["--spec", str(spec), "--account", account, *words]
    result = CliRunner().invoke(
        cli,
        ["scan", origin, *given, "--format", "json", "--quiet", "--fail-on", "never"],
        env={"XDG_STATE_HOME": str(folder / "state"), "NO_COLOR": "1"},
        catch_exceptions=False,
    )
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_our_own_scanner_finds_nothing_in_the_page(tmp_path: Path) -> None:
    with shop(tmp_path) as one, served(one) as origin:
        filled(one)
        cookie = f"apiward-{urlsplit(origin).port}"
        spec = tmp_path / "page.json"
        spec.write_text(described(origin, cookie), "utf-8")
        session = sessions_of(one.source.place.data, one.source.clock).make()
        found = scanned(tmp_path, origin, spec, f"name=ada,cookie={cookie}={session}", "--level", "read")
    assert [(one["check"], one["operation"]) for one in found["findings"]] == []
    assert len(found["coverage"]["operations_answered"]) == 6
    assert sum(one["holds"] for one in found["coverage"]["checks"]) > 30


@pytest.mark.long
def test_our_own_scanner_finds_nothing_in_the_log_in(tmp_path: Path) -> None:
    fields = {"name": {"type": "string"}, "password": {"type": "string", "format": "password"}}
    schema = {"type": "object", "required": list(fields), "properties": fields}
    body = {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": schema}}}
    answers = {
        "303": {"description": "In."},
        "401": {"description": "Wrong."},
        "403": {"description": "Not from here."},
    }
    log_in = {"post": {"operationId": "logIn", "security": [], "requestBody": body, "responses": answers}}
    with shop(tmp_path) as one, served(one) as origin:
        filled(one)
        with_person(one)
        cookie = f"apiward-{urlsplit(origin).port}"
        spec = tmp_path / "page.json"
        spec.write_text(described(origin, cookie, **{"/log-in": log_in}), "utf-8")
        session = Door(people_of(one)).log_in("anna", PASSWORD, From("127.0.0.1")).session
        found = scanned(tmp_path, origin, spec, f"name=anna,cookie={cookie}={session}")
    assert [(one["check"], one["operation"], one["saw"]) for one in found["findings"]] == []
    assert len(found["coverage"]["operations_answered"]) >= 6
