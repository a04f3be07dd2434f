"""The life of an ASGI app in this process: started before its first request, ended after its last (ASGI's lifespan)."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any, Final

from apiward.net.messages import App, Message

START_S: Final = 30.0
END_S: Final = 10.0


class StartFailedError(Exception):
    """The app says that it cannot start, or takes too long over it; `detail` says why, in a plain clause."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


@contextlib.asynccontextmanager
async def living(app: App, *, start_s: float = START_S, end_s: float = END_S) -> AsyncIterator[dict[str, Any]]:
    """Start `app`, give the state that it shares with its requests, and end it. Raises StartFailedError.

    An app that does not know of start and end is let be, as servers do.
    """
    life = _Life(app)
    try:
        await life.begin(start_s)
        yield life.state
    finally:
        await life.end(end_s)


class _Life:
    """One task from start to end: what an app opens in its start must be closed by the same task."""

    def __init__(self, app: App) -> None:
        self.state: dict[str, Any] = {}
        self._events: asyncio.Queue[Message] = asyncio.Queue()
        self._answers: asyncio.Queue[Message] = asyncio.Queue()
        self._task = asyncio.create_task(self._run(app))

    async def begin(self, limit_s: float) -> None:
        await self._events.put({"type": "lifespan.startup"})
        answer = await self._answer(limit_s)
        if answer is None and not self._task.done():
            raise StartFailedError(f"its start was not complete within {limit_s:g} s")
        if answer is not None and answer["type"] == "lifespan.startup.failed":
            raise StartFailedError(_last_line(str(answer.get("message", ""))) or "it gives no reason")

    async def end(self, limit_s: float) -> None:
        if not self._task.done():
            await self._events.put({"type": "lifespan.shutdown"})
            await self._answer(limit_s)
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _answer(self, limit_s: float) -> Message | None:
        """Return what the app says next; None where it ends, or says nothing in time."""
        saying = asyncio.create_task(self._answers.get())
        try:
            await asyncio.wait((saying, self._task), timeout=limit_s, return_when=asyncio.FIRST_COMPLETED)
            return saying.result() if saying.done() else None
        finally:
            saying.cancel()

    async def _run(self, app: App) -> None:
        scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": self.state}
        # An app that knows of no start raises whatever it likes (ASGI 3.0): that is no failure.
        with contextlib.suppress(Exception, SystemExit):
            await app(scope, self._events.get, self._answers.put)


def _last_line(text: str) -> str:
    """Return what a traceback ends with: frameworks send all of it."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:300] if lines else ""
