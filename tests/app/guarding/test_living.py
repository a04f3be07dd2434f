import asyncio
from collections.abc import Awaitable, Callable

import pytest

from apiward.app.guarding.living import LiveGuard
from apiward.config.errors import ConfigError
from apiward.core.ports import Gate
from apiward.net.messages import Message, Receive, Send
from apiward.net.middleware import Bounds
from tests.net.gates import NO, FakeGate

Request = Callable[[], Awaitable[int]]


class FakeSource:
    """Gives gates, and counts what is asked of it."""

    def __init__(self, *gates: FakeGate | Exception | None) -> None:
        self._gates = list(gates)
        self.changes = 0
        self.settled_count = 0
        self.is_stopped = False

    async def start(self) -> Gate:
        """Give the first gate."""
        gate = await self.renew()
        assert gate is not None
        return gate

    def is_changed(self) -> bool:
        """Say so as often as was set."""
        self.changes -= 1
        return self.changes >= 0

    async def renew(self) -> Gate | None:
        """Give the next gate, or fail as it says."""
        gate = self._gates.pop(0)
        if isinstance(gate, Exception):
            raise gate
        return gate

    def settled(self, gate: Gate) -> None:
        """Count."""
        self.settled_count += 1

    async def stop(self) -> None:
        """Note it."""
        self.is_stopped = True


async def hello(scope: Message, receive: Receive, send: Send) -> None:
    """Answer, and live as servers want it."""
    if scope["type"] == "lifespan":
        for name in ("startup", "shutdown"):
            assert (await receive())["type"] == f"lifespan.{name}"
            await send({"type": f"lifespan.{name}.complete"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"hello"})


async def _status(guard: LiveGuard) -> int:
    sent: list[Message] = []

    async def receive() -> Message:
        raise AssertionError("there is no body")

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Message = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []}
    await guard(scope, receive, send)
    status: int = sent[0]["status"]
    return status


def _guard(source: FakeSource) -> LiveGuard:
    return LiveGuard(hello, source, clock=lambda: 0.0, bounds=Bounds(), look_s=0.001)


def test_it_starts_with_the_first_request_where_no_start_is_told() -> None:
    source = FakeSource(FakeGate())

    async def run() -> None:
        guard = _guard(source)
        assert list(await asyncio.gather(_status(guard), _status(guard))) == [200, 200]
        await guard.stop()

    asyncio.run(run())
    assert (source.settled_count, source.is_stopped) == (1, True)


def test_it_lives_as_long_as_its_app() -> None:
    source = FakeSource(FakeGate())
    seen: list[str] = []

    async def run() -> None:
        told = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])

        async def receive() -> Message:
            return next(told)

        async def send(message: Message) -> None:
            seen.append(f"{message['type']} {source.settled_count} {source.is_stopped}")

        await _guard(source)({"type": "lifespan"}, receive, send)

    asyncio.run(run())
    assert seen == ["lifespan.startup.complete 1 False", "lifespan.shutdown.complete 1 True"]


@pytest.mark.parametrize("trouble", [ConfigError("It is broken."), RuntimeError("a mistake of ours")])
def test_new_settings_that_are_no_good_leave_the_old_ones(
    trouble: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    async def run() -> int:
        guard = _guard(FakeSource(FakeGate(), trouble))
        await guard.start()
        await guard.renew()
        status = await _status(guard)
        await guard.stop()
        return status

    assert asyncio.run(run()) == 200
    assert "The last good ones stay." in capsys.readouterr().err


def test_where_nothing_is_new_all_stays() -> None:
    source = FakeSource(FakeGate(), None)

    async def run() -> int:
        guard = _guard(source)
        await guard.start()
        await guard.renew()
        status = await _status(guard)
        await guard.stop()
        return status

    assert asyncio.run(run()) == 200
    assert source.settled_count == 1


def test_new_settings_count_from_the_next_request_on() -> None:
    async def run() -> tuple[int, int]:
        source = FakeSource(FakeGate(), FakeGate(head=NO))
        guard = _guard(source)
        before = await _status(guard)
        source.changes = 1
        while source.settled_count < 2:  # noqa: ASYNC110 - the guard looks by itself
            await asyncio.sleep(0)
        after = await _status(guard)
        await guard.stop()
        return before, after

    before, after = asyncio.run(run())
    assert (before, after) == (200, 403)


@pytest.mark.parametrize("trouble", [ConfigError("It is broken."), RuntimeError("a mistake of ours")])
def test_a_start_that_fails_is_said_and_told_to_the_server(
    trouble: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    seen: list[str] = []

    async def receive() -> Message:
        return {"type": "lifespan.startup"}

    async def send(message: Message) -> None:
        seen.append(message["type"])

    async def start() -> None:
        await _guard(FakeSource(trouble))({"type": "lifespan"}, receive, send)

    with pytest.raises(type(trouble)):
        asyncio.run(start())
    assert seen == ["lifespan.startup.failed"]
    assert "The guard cannot start." in capsys.readouterr().err
