import json
from pathlib import Path

import pytest

from apiward.cli.exits import ExitCode
from tests.cli.conftest import Run

ATTACK = "/orders?q=%27%20UNION%20SELECT%20password%20FROM%20users--"
HOST = [["Host", "shop.test"]]
SPEC = {
    "openapi": "3.0.3",
    "info": {"title": "Shop", "version": "1"},
    "paths": {
        "/orders": {
            "get": {
                "parameters": [{"name": "q", "in": "query", "schema": {"type": "integer"}}],
                "responses": {"200": {"description": "ok"}},
            }
        }
    },
}


def requests_file(*lines: dict[str, object]) -> str:
    whole = ({"method": "GET", "headers": HOST, **line} for line in lines)
    Path("requests.jsonl").write_text("".join(json.dumps(line) + "\n" for line in whole))
    return "requests.jsonl"


def test_everything_as_expected(run: Run) -> None:
    name = requests_file(
        {"id": "bad", "target": ATTACK, "expected": "block"}, {"id": "fine", "target": "/orders", "expected": "allow"}
    )
    result = run("guard", "--test", name)
    assert result.exit_code == ExitCode.HOLDS
    assert "There is no description" in result.stderr
    lines = result.stdout.splitlines()
    assert lines[0] == "1 bad  GET /orders"
    assert lines[1].startswith("  refused by inspect: inspect.sql at query q")
    assert "password" not in result.stdout, "a query may hold secrets"
    assert lines[-6:] == [
        "2 requests:",
        "      1  refused",
        "      1  let through as they are",
        "By rule:",
        "      1  inspect.sql",
        "As expected: 2 of 2.",
    ]
    assert not Path(".apiward").exists()


def test_a_miss_ends_with_1(run: Run) -> None:
    name = requests_file({"id": "a", "target": ATTACK, "expected": "allow"}, {"target": "/", "expected": "block"})
    result = run("guard", "--test", name)
    assert result.exit_code == ExitCode.BROKEN
    assert result.stdout.splitlines()[-3:] == [
        "As expected: 0 of 2.",
        "  1 a  should pass, but is refused",
        "  2  should be refused, but passes",
    ]


def test_nothing_expected_is_no_miss(run: Run) -> None:
    result = run("guard", "--test", requests_file({"target": ATTACK}), "--watch")
    assert result.exit_code == ExitCode.HOLDS
    assert "would be refused by inspect" in result.stdout
    assert "1  would be refused, were it not only watched" in result.stdout
    assert "As expected" not in result.stdout


def test_a_description_is_found_from_here(run: Run) -> None:
    Path("sub").mkdir()
    Path("spec.json").write_text(json.dumps(SPEC))
    Path("sub/apiward.toml").write_text("[guard]\n")
    name = requests_file({"target": "/orders?q=1"}, {"target": "/orders?q=x"})
    result = run("guard", "--test", name, "--spec", "spec.json", "--config", "sub/apiward.toml", "--format", "jsonl")
    assert "Judged by Shop" in result.stderr
    good, bad = map(json.loads, result.stdout.splitlines())
    assert (good["outcome"], good["operation"], good["status"]) == ("passed", "GET /orders", 0)
    assert bad["outcome"] == "refused"
    assert bad["rulings"][0]["stage"] == "shape"
    assert bad["rulings"][0]["applied"] is True
    assert bad["rulings"][0]["owner"]


def test_json(run: Run) -> None:
    name = requests_file({"target": ATTACK, "expected": "allow"})
    result = run("guard", "--test", name, "--format", "json")
    assert result.exit_code == ExitCode.BROKEN
    document = json.loads(result.stdout)
    assert document["schema"] == "apiward.guard-judgement/1"
    assert document["rules"] == {"inspect.sql": 1}
    assert document["counts"]["refused"] == 1
    assert document["expected"] == {"said": 1, "missed": 1}
    assert document["requests"][0]["as_expected"] is False


def test_replay(run: Run) -> None:
    request = {"method": "GET", "url": f"https://shop.test{ATTACK}", "httpVersion": "h2", "headers": []}
    content = {"mimeType": "text/plain", "text": 'Traceback (most recent call last):\n  File "/a.py", line 1\nE: x'}
    response = {"status": 500, "headers": [{"name": "Content-Type", "value": "text/plain"}], "content": content}
    fine = {**request, "url": "https://shop.test/orders"}
    entries = [
        {"startedDateTime": "2026-01-31T12:00:00Z", "request": request},
        {"startedDateTime": "2026-01-31T12:00:01Z", "request": fine, "response": response},
    ]
    Path("a.har").write_text(json.dumps({"log": {"entries": entries}}))
    result = run("guard", "--replay", "a.har")
    assert result.exit_code == ExitCode.HOLDS
    assert "refused by inspect" in result.stdout
    assert "changed by conceal" in result.stdout
    assert "1  changed and let through" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--test", "none.jsonl"], "none.jsonl cannot be read."),
        (["--test", "bad.jsonl"], "line 1: is no JSON"),
        (["--replay", "bad.jsonl"], "is no JSON"),
        (["--test", "a", "--replay", "b"], "cannot be used together"),
        (["http://127.0.0.1:1", "--format", "json"], "--format belongs to --replay and --test"),
    ],
)
def test_what_cannot_be_judged(run: Run, arguments: list[str], said: str) -> None:
    Path("bad.jsonl").write_text("{\n")
    result = run("guard", *arguments)
    assert result.exit_code == ExitCode.USAGE
    assert said in result.stderr
