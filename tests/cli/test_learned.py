import json
from pathlib import Path
from typing import Any

import pytest

from apiward.cli.exits import ExitCode
from apiward.spec.reading import read_description
from tests.cli.conftest import Run


def entry(method: str, path: str, sent: Any, said: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    headers = [{"name": "Content-Type", "value": "application/json"}]
    request: dict[str, Any] = {"method": method, "url": f"https://shop.test{path}", "headers": headers}
    request["headers"] = [*headers, {"name": "Authorization", "value": "Bearer x"}]
    if sent is not None:
        request["postData"] = {"mimeType": "application/json", "text": json.dumps(sent)}
    content = {"mimeType": "application/json", "text": json.dumps(said)}
    return {"request": request, "response": {"status": 200, "headers": headers, "content": content}}


@pytest.fixture
def har(run: Run) -> str:
    note = {"id": 1, "text": "x", "mail": "anna@mail.example"}
    entries = [entry("GET", f"/notes/{number}", None, note) for number in range(3)]
    entries += [entry("POST", "/notes", {"text": "x"}, note), entry("GET", "/debug", None, {"a": 1})]
    Path("a.har").write_text(json.dumps({"log": {"entries": entries}}))
    return "a.har"


def described(**more: object) -> str:
    answers = {"200": {"description": "", "content": {"application/json": {"schema": {"type": "object", "properties": {
        "id": {"type": "integer"}, "text": {"type": "string"}, "mail": {"type": "string"}}}}}}}  # fmt: skip
    body = {"content": {"application/json": {"schema": {"type": "object", "properties": {"text": {"type": "string"}}}}}}
    paths = {
        "/notes/{id}": {"get": {"responses": answers}},
        "/notes": {"post": {"requestBody": body, "responses": answers}},
        **more,
    }
    Path("api.json").write_text(
        json.dumps({"openapi": "3.1.0", "info": {"title": "x", "version": "1"}, "paths": paths})
    )
    return "api.json"


def test_what_was_learned_is_shown(run: Run, har: str) -> None:
    result = run("learned", "--from", har)
    assert result.exit_code == ExitCode.HOLDS
    lines = result.stdout.splitlines()
    assert lines[0] == "Learned from traffic: 3 operations, 0 of them sure"
    assert "GET /notes/{note_id}" in lines
    assert "  3 requests of 1 caller; not sure yet: needs 17 more requests and 3 more callers" in lines
    assert "  holds: answer.mail (email)" in lines
    assert "  takes: body text" in lines


def test_as_json_for_programs(run: Run, har: str) -> None:
    document = json.loads(run("learned", "--from", har, "--format", "json").stdout)
    assert document["schema"] == "apiward.learned-operations/1"
    (one,) = [row for row in document["operations"] if row["operation"] == "GET /notes/{note_id}"]
    assert (one["requests"], one["callers"], one["sure"]) == (3, 1, False)
    assert one["sensitive"] == [{"place": "answer.mail", "kind": "email"}]


@pytest.mark.parametrize("name", ["api.yaml", "api.json", ""])
def test_it_is_written_as_openapi(run: Run, har: str, name: str) -> None:
    result = run("describe", "--learned", "--from", har, *(["-o", name] if name else []))
    assert result.exit_code == ExitCode.HOLDS
    text = Path(name).read_text() if name else result.stdout
    api = read_description(text.encode(), source="x")
    assert {one.key for one in api.operations} == {"GET /notes/{note_id}", "POST /notes", "GET /debug"}
    assert api.problems == ()


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["describe", "--from", "x.log"], "belongs to --learned"),
        (["describe", "-o", "x.yaml"], "The address of the API is missing"),
        (["describe", "--learned", "http://localhost:1"], "takes neither"),
        (["describe", "--learned", "-o", "x.txt"], "says no form"),
        (["describe", "--learned"], "Nothing was learned yet"),
        (["learned"], "Nothing was learned yet"),
        (["learned", "--spec", "api.yaml"], "--spec belongs to --drift"),
        (["learned", "--drift"], "Drift cannot be told"),
    ],
)
def test_what_cannot_be_done_is_told(run: Run, arguments: list[str], what: str) -> None:
    result = run(*arguments)
    assert result.exit_code == ExitCode.USAGE
    assert what in result.stderr


def test_drift_is_told_and_ends_with_1_where_it_is_severe(run: Run, har: str) -> None:
    result = run("learned", "--drift", "--from", har, "--spec", described())
    assert result.exit_code == ExitCode.BROKEN
    assert "An operation is called that the description does not name (medium)" in result.stdout
    assert "  - GET /debug: 1 request of 1 caller" in result.stdout
    never = run("learned", "--drift", "--from", har, "--spec", "api.json", "--fail-on", "never")
    assert never.exit_code == ExitCode.HOLDS


def test_drift_for_programs(run: Run, har: str) -> None:
    result = run("learned", "--drift", "--from", har, "--spec", described(), "--format", "json", "--fail-on", "high")
    assert result.exit_code == ExitCode.HOLDS
    assert json.loads(result.stdout) == {
        "schema": "apiward.drift/1",
        "drift": [
            {
                "kind": "shadow",
                "check": "INV01",
                "severity": "medium",
                "operation": "GET /debug",
                "place": "",
                "saw": "1 request of 1 caller",
            }
        ],
    }


def test_where_all_agrees_that_is_said(run: Run, har: str) -> None:
    debug = {"get": {"responses": {"200": {"description": ""}}}}
    result = run("learned", "--drift", "--from", har, "--spec", described(**{"/debug": debug}))
    assert result.stdout == "Traffic and description agree, as far as was seen.\n"
