"""`apiward guard --verify` as one app; tests/net has its questions, tests/frameworks a real nginx that asks."""

import asyncio
import json
from pathlib import Path
from typing import Final

import pytest

from apiward.app.guarding.place import Overrides, Place
from apiward.app.guarding.verifying import VerifyOverrides, run_verify, verify_application
from apiward.config.errors import ConfigError
from apiward.config.guarding import GuardConfig
from apiward.core.decision import Mode
from apiward.guard.stages.origin import OriginSettings
from apiward.net.messages import App, Message

DOCUMENT: Final = {
    "openapi": "3.1.0",
    "info": {"title": "Shop", "version": "1"},
    "paths": {"/orders": {"get": {"responses": {"200": {"description": "all"}}}}},
}


def _place(folder: Path, settings: str) -> Place:
    (folder / "openapi.json").write_text(json.dumps(DOCUMENT))
    (folder / "apiward.toml").write_text(f'[guard]\ndescription = "openapi.json"\n{settings}')
    return Place.of(folder / "apiward.toml", GuardConfig())


def _statuses(app: App, *targets: str, peer: str = "127.0.0.1", client: str = "192.0.2.1") -> list[int]:
    """Return the answers to questions between the start of the app and its end."""
    statuses: list[int] = []

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    async def nothing() -> Message:
        raise AssertionError("bodies are not read")

    waiting = [{"type": "lifespan.startup"}]

    async def live() -> Message:
        if waiting:
            return waiting.pop()
        for target in targets:
            await app(_question(target, peer, client), nothing, send)
        return {"type": "lifespan.shutdown"}

    async def run() -> None:
        await app({"type": "lifespan"}, live, send)

    asyncio.run(run())
    return statuses


def _question(target: str, peer: str, client: str) -> Message:
    headers = {"host": "shop.test", "x-forwarded-for": client, "x-forwarded-method": "GET", "x-forwarded-uri": target}
    pairs = [(name.encode(), text.encode()) for name, text in headers.items()]
    return {"type": "http", "method": "GET", "path": "/verify", "headers": pairs, "client": (peer, 1)}


def test_it_judges_by_the_description_and_the_settings(tmp_path: Path) -> None:
    place = _place(tmp_path, "")
    app = verify_application(place, VerifyOverrides(), GuardConfig())
    assert _statuses(app, "/orders", "/other") == [204, 404]


def test_who_asks_is_a_proxy_that_names_the_caller(tmp_path: Path) -> None:
    place = _place(tmp_path, '[guard.origin]\nblocked = ["203.0.113.0/24"]\n')
    app = verify_application(place, VerifyOverrides(), GuardConfig())
    assert _statuses(app, "/orders") == [204]
    app = verify_application(place, VerifyOverrides(), GuardConfig())
    assert _statuses(app, "/orders", client="203.0.113.9") == [403]


def test_other_proxies_are_believed_where_they_are_named(tmp_path: Path) -> None:
    for settings, status in (("", 403), ('[guard.origin]\ntrusted_proxies = ["10.0.0.0/8"]\n', 204)):
        app = verify_application(_place(tmp_path, settings), VerifyOverrides(), GuardConfig())
        assert _statuses(app, "/orders", peer="10.0.0.9") == [status]


def test_the_command_line_wins_over_the_file() -> None:
    config = VerifyOverrides(mode=Mode.WATCH).applied(GuardConfig())
    assert (config.mode, config.origin.trusted_proxies) == (Mode.WATCH, ("127.0.0.0/8", "::1/128"))
    named = GuardConfig(origin=OriginSettings(trusted_proxies=("10.0.0.0/8",)))
    assert VerifyOverrides().applied(named).origin.trusted_proxies == ("10.0.0.0/8",)


def test_networks_that_are_none_stop_the_start(tmp_path: Path) -> None:
    config = GuardConfig(origin=OriginSettings(trusted_proxies=("proxy.test",)))
    with pytest.raises(ConfigError, match="trusted_proxies"):
        run_verify(Place(None, tmp_path, tmp_path / "data"), config, Overrides())
