"""The guard starts after its app and ends after it; an app that takes no such messages is served as well."""

import asyncio
from collections.abc import Callable
from typing import Final

import pytest

from apiward.app.guarding.lifespans import alone, live
from apiward.app.guarding.living import LiveGuard
from apiward.config.errors import ConfigError
from apiward.core.ports import Gate
from apiward.net.messages import App, Message, Receive, Send
from apiward.net.middleware import Bounds

SCOPE: Final[Message] = {"type": "lifespan"}


class FakeSource:
    """A source that writes down what becomes of it."""

    def __init__(self, log: list[str], *, fails: bool = False) -> None:
        self.log = log
        self.fails = fails

    async def start(self) -> Gate:
        self.log.append("guard starts")
        if self.fails:
            raise ConfigError("No.")
        return None  # type: ignore[return-value]

    def is_changed(self) -> bool:
        return False

    async def renew(self) -> Gate:
        raise NotImplementedError

    def settled(self, gate: Gate) -> None:
        return None

    async def stop(self) -> None:
        self.log.append("guard ends")


def _run(make: Callable[[list[str]], App], *, fails: bool = False) -> list[str]:
    log: list[str] = []
    waiting: list[Message] = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]

    async def receive() -> Message:
        return waiting.pop(0)

    async def send(message: Message) -> None:
        log.append(message["type"].removeprefix("lifespan."))

    async def run() -> None:
        app = make(log)
        guard = LiveGuard(app, FakeSource(log, fails=fails), clock=lambda: 0.0, bounds=Bounds())
        await live(app, guard, SCOPE, receive, send)

    asyncio.run(run())
    return log


def _with_life(log: list[str]) -> App:
    async def app(scope: Message, receive: Receive, send: Send) -> None:
        await receive()
        log.append("app starts")
        await send({"type": "lifespan.startup.complete"})
        await receive()
        log.append("app ends")
        await send({"type": "lifespan.shutdown.complete"})

    return app


def _refusing(log: list[str]) -> App:
    async def app(scope: Message, receive: Receive, send: Send) -> None:
        raise ValueError("only HTTP here")

    return app


def _failing_late(log: list[str]) -> App:
    async def app(scope: Message, receive: Receive, send: Send) -> None:
        await receive()
        raise ValueError("only HTTP here")

    return app


def _silent(log: list[str]) -> App:
    async def app(scope: Message, receive: Receive, send: Send) -> None:
        return

    return app


def _breaking(log: list[str]) -> App:
    async def app(scope: Message, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        raise ValueError("broken while it ran")

    return app


def _unable(log: list[str]) -> App:
    async def app(scope: Message, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "no database"})

    return app


def test_the_guard_stands_between_start_and_end_of_the_app() -> None:
    expected = ["app starts", "guard starts", "startup.complete", "app ends", "guard ends", "shutdown.complete"]
    assert _run(_with_life) == expected


@pytest.mark.parametrize("make", [_refusing, _failing_late, _silent])
def test_for_an_app_without_such_messages_the_guard_answers(make: Callable[[list[str]], App]) -> None:
    assert _run(make) == ["guard starts", "startup.complete", "guard ends", "shutdown.complete"]


def test_a_guard_that_cannot_start_says_so_and_ends_the_app() -> None:
    assert _run(_with_life, fails=True) == ["app starts", "guard starts", "startup.failed", "app ends"]
    assert _run(_refusing, fails=True) == ["guard starts", "startup.failed"]


def test_an_app_that_cannot_start_is_believed() -> None:
    assert _run(_unable) == ["startup.failed"]


def test_an_app_that_breaks_takes_the_guard_with_it() -> None:
    with pytest.raises(ValueError, match="broken while it ran"):
        _run(_breaking)


def test_an_app_with_nothing_to_do_answers() -> None:
    log: list[str] = []
    assert _run(lambda _: alone) == ["guard starts", "startup.complete", "guard ends", "shutdown.complete"]
    assert log == []
