import asyncio
from typing import Any

import pytest

from apiward.net.lifespan import StartFailedError, living
from apiward.net.messages import App, Message, Receive, Send


def _lived(app: App, *, limit_s: float = 5.0) -> dict[str, Any]:
    async def run() -> dict[str, Any]:
        async with living(app, start_s=limit_s, end_s=limit_s) as state:
            return dict(state)

    return asyncio.run(run())


def test_an_app_is_started_shares_its_state_and_is_ended_by_one_task() -> None:
    seen: list[tuple[str, str, object]] = []

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        for _ in range(2):
            message = await receive()
            seen.append((scope["type"], message["type"], asyncio.current_task()))
            scope["state"]["pool"] = "open"
            await send({"type": f"{message['type']}.complete"})

    assert _lived(app) == {"pool": "open"}
    (kind, begun, one), (_, ended, other) = seen
    assert (kind, begun, ended) == ("lifespan", "lifespan.startup", "lifespan.shutdown")
    assert one is other


@pytest.mark.parametrize("error", [AssertionError("http only"), SystemExit(1)])
def test_an_app_that_knows_of_no_start_is_let_be(error: BaseException) -> None:
    async def app(scope: Message, receive: Receive, send: Send) -> None:
        raise error

    assert _lived(app) == {}


def test_an_app_that_cannot_start_says_why_in_its_last_line() -> None:
    async def app(scope: Message, receive: Receive, send: Send) -> None:
        await receive()
        told = "Traceback (most recent call last):\n  File ...\nOSError: no database\n"
        await send({"type": "lifespan.startup.failed", "message": told})

    with pytest.raises(StartFailedError, match=r"^OSError: no database$"):
        _lived(app)


def test_an_app_that_never_starts_is_not_waited_for() -> None:
    ended: list[str] = []

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("stopped")

    with pytest.raises(StartFailedError, match="not complete within"):
        _lived(app, limit_s=0.02)
    assert ended == ["stopped"]
