"""The description of an app in this process, and whether it fits the paths that the app serves."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from apiward.app.guarding.asking import Described, described_app
from apiward.config.errors import AdvisedError, ConfigError
from apiward.config.guarding import GuardConfig
from apiward.net.messages import App, Message, Receive, Send

DOCUMENT: Final[dict[str, Any]] = {
    "openapi": "3.1.0",
    "info": {"title": "Shop", "version": "1"},
    "paths": {"/orders": {"get": {"responses": {"200": {"description": "all"}}}}},
}
BELOW: Final = {**DOCUMENT, "servers": [{"url": "https://shop.test/v1"}]}


def _app(answers: Mapping[str, object]) -> App:
    """Return an app that answers with these documents, and 404 otherwise."""

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        found = answers.get(scope["path"])
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200 if found else 404, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps(found or {}).encode()})

    return app


def _found(
    app: App, document: Mapping[str, Any] | None = None, *, named: str = "", base: Path = Path("/nowhere")
) -> Described:
    return asyncio.run(described_app(app, GuardConfig(description=named), document, base))


def _paths(described: Described) -> list[str]:
    api = described.known.api
    return [operation.base_path + operation.path for operation in api.operations] if api else []


def test_the_app_is_asked() -> None:
    assert _paths(_found(_app({"/openapi.json": DOCUMENT}))) == ["/orders"]


def test_an_app_that_tells_nothing_has_none() -> None:
    described = _found(_app({}))
    assert described.known.api is None
    assert "Guard(app, description=...)" in described.known.why


def test_a_document_or_a_file_goes_before_what_the_app_tells(tmp_path: Path) -> None:
    other = {**DOCUMENT, "paths": {"/other": DOCUMENT["paths"]["/orders"]}}
    app = _app({"/openapi.json": DOCUMENT})
    assert _paths(_found(app, other)) == ["/other"]
    (tmp_path / "openapi.json").write_text(json.dumps(other))
    assert _paths(_found(app, named="openapi.json", base=tmp_path)) == ["/other"]


@pytest.mark.parametrize("document", [{}, {"openapi": "3.1.0", "info": {}, "paths": {}}, {"paths": {1: {2}}}])
def test_a_document_that_is_none_is_refused(document: Mapping[str, Any]) -> None:
    with pytest.raises(ConfigError, match="given to Guard"):
        _found(_app({}), document)


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AdvisedError):
        _found(_app({}), named="missing.json", base=tmp_path)


def test_a_prefix_for_the_world_outside_is_taken_off() -> None:
    described = _found(_app({"/orders": [1]}), BELOW)
    assert (_paths(described), described.left_out) == (["/orders"], "/v1")


def test_a_prefix_that_the_app_serves_stays() -> None:
    described = _found(_app({"/v1/orders": [1]}), BELOW)
    assert (_paths(described), described.left_out) == (["/v1/orders"], "")


def test_an_app_that_does_not_answer_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    async def app(scope: Message, receive: Receive, send: Send) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr("apiward.app.guarding.asking.WAIT_S", 0.05)
    assert _found(app).known.api is None
