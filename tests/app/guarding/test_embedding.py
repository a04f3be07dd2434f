"""`from apiward import Guard`: its settings, its data, its reload. tests/frameworks has it around real frameworks."""

import asyncio
import contextlib
import json
import sqlite3
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

import pytest

import apiward
from apiward import Guard
from apiward.config.errors import ConfigError
from apiward.config.guarding import GuardConfig
from apiward.core.decision import Mode
from apiward.net.messages import Message, Receive, Send

DOCUMENT: Final[dict[str, Any]] = {
    "openapi": "3.1.0",
    "info": {"title": "Shop", "version": "1"},
    "paths": {"/orders": {"get": {"responses": {"200": {"description": "all"}}}}},
}


async def app(scope: Message, receive: Receive, send: Send) -> None:
    """Answer 200 to whatever passes, with what it was told."""
    told = {"path": scope["path"], "raw": scope.get("raw_path", b"none").decode(), "own": sorted(_own(scope))}
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": json.dumps(told).encode()})


def _own(scope: Message) -> list[str]:
    return [name for name in scope if name.startswith("apiward.")]


async def _ask(guard: Guard, path: str, **more: object) -> tuple[int, dict[str, Any]]:
    sent: list[Message] = []
    scope: Message = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", b"shop.test")],
        "client": ("192.0.2.1", 1),
        "http_version": "1.1",
        **more,
    }

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await guard(scope, receive, send)
    return sent[0]["status"], json.loads(sent[1]["body"])


def _run(guard: Guard, talk: Callable[[], Awaitable[None]]) -> None:
    """Run `talk` between the start and the end of the guard."""

    async def run() -> None:
        has_ended, has_started = asyncio.Event(), asyncio.Event()
        waiting = [{"type": "lifespan.startup"}]

        async def receive() -> Message:
            if waiting:
                return waiting.pop()
            await has_ended.wait()
            return {"type": "lifespan.shutdown"}

        async def send(message: Message) -> None:
            assert message["type"].endswith("complete"), message
            has_started.set()

        async with asyncio.TaskGroup() as group:
            life = group.create_task(guard({"type": "lifespan"}, receive, send))
            await has_started.wait()
            await talk()
            has_ended.set()
            await life

    asyncio.run(run())


def _statuses(guard: Guard, *paths: str) -> list[int]:
    statuses: list[int] = []

    async def talk() -> None:
        statuses.extend([(await _ask(guard, path))[0] for path in paths])

    _run(guard, talk)
    return statuses


def test_the_package_loads_the_guard_only_when_asked() -> None:
    code = "import sys, apiward; print(len([n for n in sys.modules if n.startswith('apiward.')]))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert told.stdout.strip() == "0"
    with pytest.raises(AttributeError, match="no attribute 'Gaurd'"):
        apiward.Gaurd  # type: ignore[attr-defined]  # noqa: B018 - the look itself is the test


@pytest.mark.parametrize("config", [{"mode": "watch"}, GuardConfig(mode=Mode.WATCH)])
def test_settings_may_be_given(tmp_path: Path, config: dict[str, Any] | GuardConfig) -> None:
    assert _statuses(Guard(app, config, description=DOCUMENT, data=tmp_path), "/orders", "/other") == [200, 200]


def test_the_defaults_refuse_what_nobody_described(tmp_path: Path) -> None:
    configs: tuple[dict[str, Any] | GuardConfig, ...] = ({}, GuardConfig())
    for config in configs:
        assert _statuses(Guard(app, config, description=DOCUMENT, data=tmp_path), "/orders", "/other") == [200, 404]


def test_a_file_gives_settings_and_the_place_of_data(tmp_path: Path) -> None:
    (tmp_path / "openapi.json").write_text(json.dumps(DOCUMENT))
    file = tmp_path / "apiward.toml"
    file.write_text('[guard]\ndescription = "openapi.json"\n')
    assert _statuses(Guard(app, str(file)), "/orders", "/other") == [200, 404]
    assert (tmp_path / ".apiward" / "events.sqlite").exists()


def test_without_a_word_the_file_in_the_current_folder_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert _statuses(Guard(app, description=DOCUMENT), "/other") == [404]
    (tmp_path / "apiward.toml").write_text('[guard]\nmode = "watch"\n')
    assert _statuses(Guard(app, description=DOCUMENT), "/other") == [200]


def test_python_forms_are_taken(tmp_path: Path) -> None:
    config = {"route": {"open": ("/other",)}, "issuers": ({"issuer": "x", "secret_file": tmp_path / "secret"},)}
    (tmp_path / "secret").write_text("k" * 48)
    assert _statuses(Guard(app, config, description=DOCUMENT, data=tmp_path), "/other") == [200]


@pytest.mark.parametrize("config", [{"mod": "watch"}, {"mode": "wach"}, {"flood": 3}, "missing.toml"])
def test_settings_that_cannot_be_used_stop_the_start(config: Any) -> None:  # noqa: ANN401 - what users may pass
    with pytest.raises(ConfigError):
        Guard(app, config)


def test_a_changed_file_counts_while_it_runs(tmp_path: Path) -> None:
    file = tmp_path / "apiward.toml"
    file.write_text("[guard]\n")
    guard = Guard(app, file, description=DOCUMENT)

    async def talk() -> None:
        assert (await _ask(guard, "/other"))[0] == 404
        file.write_text('[guard]\nmode = "watch"\n')
        await guard.renew()
        assert (await _ask(guard, "/other"))[0] == 200
        file.write_text("[guard\n")
        await guard.renew()
        assert (await _ask(guard, "/other"))[0] == 200

    _run(guard, talk)


def test_the_app_sees_its_own_path_and_who_calls(tmp_path: Path) -> None:
    guard = Guard(app, {}, description=DOCUMENT, data=tmp_path)

    async def talk() -> None:
        below = await _ask(guard, "/shop/orders", root_path="/shop")
        assert below == (200, {"path": "/shop/orders", "raw": "/shop/orders", "own": below[1]["own"]})
        assert "apiward.principal" in below[1]["own"]
        assert "apiward.raw_path" not in below[1]["own"]
        assert (await _ask(guard, "/orders", raw_path=None))[1]["path"] == "/orders"

    _run(guard, talk)


def test_one_guard_may_be_started_again(tmp_path: Path) -> None:
    guard = Guard(app, {}, description=DOCUMENT, data=tmp_path)
    for _ in range(3):
        assert _statuses(guard, "/orders", "/other") == [200, 404]
    assert _kept(tmp_path) == 6


def test_two_guards_may_share_a_process_and_a_folder(tmp_path: Path) -> None:
    one, other = (Guard(app, {}, description=DOCUMENT, data=tmp_path) for _ in range(2))

    async def talk() -> None:
        for _ in range(10):
            assert (await _ask(one, "/orders"))[0] == 200
            assert (await _ask(other, "/other"))[0] == 404

    async def talk_inside() -> None:
        await asyncio.to_thread(_run, other, talk)

    _run(one, talk_inside)
    assert _kept(tmp_path) == 20


def _kept(folder: Path) -> int:
    with contextlib.closing(sqlite3.connect(folder / "events.sqlite")) as database:
        return int(database.execute("SELECT count(*) FROM events WHERE kind = 'request'").fetchone()[0])


def test_nothing_unknown_passes(tmp_path: Path) -> None:
    guard = Guard(app, {}, description=DOCUMENT, data=tmp_path)

    async def nothing() -> Message:
        return {}

    async def no(message: Message) -> None:
        raise AssertionError(message)

    with pytest.raises(RuntimeError, match="lets nothing pass"):
        asyncio.run(guard({"type": "telepathy"}, nothing, no))
