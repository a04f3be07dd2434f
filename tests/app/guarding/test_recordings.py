import json
from pathlib import Path
from typing import Any

from apiward.app.guarding.place import Place
from apiward.app.guarding.recordings import learned_from, read_recording
from apiward.config.guarding import GuardConfig
from apiward.spec.learning.learner import Learner
from tests.app.guarding.test_access_logs import COMBINED


def entry(number: int, body: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - HAR
    request: dict[str, Any] = {"method": "GET", "url": f"https://shop.test/orders/{number}", "headers": []}
    if body is not None:
        request |= {"method": "POST", "url": "https://shop.test/orders"}
        request["headers"] = [{"name": "Content-Type", "value": "application/json"}]
        request["postData"] = {"mimeType": "application/json", "text": json.dumps(body)}
    content = {"mimeType": "application/json", "text": json.dumps({"id": number, "total": 1.5})}
    headers = [{"name": "Content-Type", "value": "application/json"}]
    response = {"status": 200, "headers": headers, "content": content, **more}
    return {"startedDateTime": "2026-11-30T10:00:00Z", "request": request, "response": response}


def har(folder: Path, *entries: object) -> Path:
    path = folder / "a.har"
    path.write_text(json.dumps({"log": {"version": "1.2", "entries": entries}}, indent=1))
    return path


def learned(path: Path) -> Learner:
    return learned_from(path, GuardConfig(), Place.of(None, GuardConfig()), None, bytes(32))


def keys(path: Path) -> set[str]:
    return {one.operation.key for one in learned(path).learned().operations}


def test_a_har_file_is_learned_from_with_bodies_and_answers(tmp_path: Path) -> None:
    path = har(tmp_path, *(entry(number) for number in range(4)), entry(9, {"total": 2}))
    assert keys(path) == {"GET /orders/{order_id}", "POST /orders"}
    (made, _) = learned(path).learned().operations
    assert set(made.operation.bodies[0].schema.properties) == {"total"}


def test_attacks_in_a_recording_teach_nothing(tmp_path: Path) -> None:
    evil = entry(9, {"total": "' UNION SELECT password FROM users--"})
    assert keys(har(tmp_path, entry(1), evil)) == {"GET /orders/{order_id}"}
    assert keys(har(tmp_path, entry(1), entry(9, {"total": 2}, status=422))) == {"GET /orders/{order_id}"}


def test_json_lines_count_as_taken_unless_they_are_named_attacks(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    lines = [{"target": "/a/7", "expected": "allow"}, {"target": "/b"}, {"target": "/evil", "expected": "block"}]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert keys(path) == {"GET /a/{a_id}", "GET /b"}


def test_an_access_log_tells_paths_and_methods(tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    path.write_text(f"{COMBINED}\n")
    assert keys(path) == {"GET /orders/{order_id}"}
    assert len(read_recording(path)) == 1
