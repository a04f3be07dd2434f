import json
from pathlib import Path
from urllib.parse import urlsplit

from click.testing import CliRunner

from apiward.app.page.links import sessions_of
from apiward.cli.main import cli
from tests.web.made import filled, served, shop

OPEN = {"responses": {"200": {"description": "Good."}}}
KIND = {"name": "kind", "in": "query", "schema": {"type": "string"}}


def described(origin: str, cookie: str) -> str:
    """Return the page as an API that scans can read."""
    paths = {f"/{name}.json": {"get": {**OPEN, "parameters": [KIND]}} for name in ("risks", "incidents", "traffic")}
    paths |= {f"/{name}.json": {"get": dict(OPEN)} for name in ("today", "settings")}
    schemes = {"session": {"type": "apiKey", "in": "cookie", "name": cookie}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "The page", "version": "1"},
        "servers": [{"url": origin}],
        "components": {"securitySchemes": schemes},
        "security": [{"session": []}],
        "paths": paths,
    }
    return json.dumps(document)


def test_our_own_scanner_finds_nothing_in_the_page(tmp_path: Path) -> None:
    with shop(tmp_path) as one, served(one) as origin:
        filled(one)
        cookie = f"apiward-{urlsplit(origin).port}"
        spec = tmp_path / "page.json"
        spec.write_text(described(origin, cookie), "utf-8")
        session = sessions_of(one.source.place.data, one.source.clock).make()
        words = ["--spec", str(spec), "--account", f"name=ada,cookie={cookie}={session}", "--level", "read"]
        result = CliRunner().invoke(
            cli,
            ["scan", origin, *words, "--format", "json", "--quiet", "--fail-on", "never"],
            env={"XDG_STATE_HOME": str(tmp_path / "state"), "NO_COLOR": "1"},
            catch_exceptions=False,
        )
        found = json.loads(result.stdout)
    assert [(one["check"], one["operation"]) for one in found["findings"]] == []
    assert len(found["coverage"]["operations_answered"]) == 5
    assert sum(one["holds"] for one in found["coverage"]["checks"]) > 30
