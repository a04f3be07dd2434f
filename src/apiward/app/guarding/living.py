"""A guard that runs: it starts with its app, takes new settings while it runs, and keeps the last good ones."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Final, Protocol, TypeAlias

from apiward.app.guarding.log import log
from apiward.config.errors import AdvisedError
from apiward.core.ports import Clock, Gate
from apiward.net.messages import App, Message, Receive, Send
from apiward.net.middleware import Bounds, GuardMiddleware

LOOK_S: Final = 1.0
Wrap: TypeAlias = Callable[[Gate], App]
"""Returns what serves with this gate."""


class Source(Protocol):
    """Where a guard's gate comes from, and what must be started and ended with it."""

    async def start(self) -> Gate:
        """Return the first gate; raises AdvisedError where the settings cannot be used."""
        ...

    def is_changed(self) -> bool:
        """Return whether settings, description, keys or certificates have changed since the last gate was made."""
        ...

    async def renew(self) -> Gate | None:
        """Return a gate of what stands there now, or None where nothing is new; raises AdvisedError."""
        ...

    def settled(self, gate: Gate) -> None:
        """Note that this gate judges from now on."""
        ...

    async def stop(self) -> None:
        """Let go of everything."""
        ...


class LiveGuard:
    """An ASGI app: the guard around `app`, with a gate that is exchanged while it runs.

    `wrap` is for those who serve with the gate in another way than by letting pass to `app`.
    """

    def __init__(
        self,
        app: App,
        source: Source,
        *,
        clock: Clock,
        bounds: Bounds,
        look_s: float = LOOK_S,
        wrap: Wrap | None = None,
    ) -> None:
        self._app = app
        self._source = source
        self._look_s = look_s
        self._wrap = wrap or (lambda gate: GuardMiddleware(app, gate, clock=clock, bounds=bounds))
        self._lock = asyncio.Lock()
        self._guarded: App | None = None
        self._watcher: asyncio.Task[None] | None = None

    def __call__(self, scope: Message, receive: Receive, send: Send) -> Awaitable[None]:
        """Serve one ASGI scope. No coroutine of its own: each one costs something with every request."""
        guarded = self._guarded
        if guarded is None or scope["type"] == "lifespan":
            return self._begin(scope, receive, send)
        return guarded(scope, receive, send)

    async def start(self) -> None:
        """Make the first gate, once; raises AdvisedError."""
        async with self._lock:
            if self._guarded is None:
                self._use(await self._source.start())
                self._watcher = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        """Let go of everything; what was said until now is kept."""
        watcher, self._watcher = self._watcher, None
        if watcher is not None:
            watcher.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watcher
        if self._guarded is not None:
            await self._source.stop()

    async def renew(self) -> None:
        """Take what stands in the files now. What cannot be used is said, and the last good gate stays."""
        try:
            gate = await self._source.renew()
        except AdvisedError as error:
            log("The new settings cannot be used. The last good ones stay.", level="error", why=str(error))
        except Exception as error:  # noqa: BLE001 - a mistake in reading new settings must not end the old ones
            log("The new settings cannot be used. The last good ones stay.", level="error", why=repr(error))
        else:
            if gate is not None:
                self._use(gate)
                log("The new settings are in use.")

    def _use(self, gate: Gate) -> None:
        self._guarded = self._wrap(gate)
        self._source.settled(gate)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self._look_s)
            if await asyncio.to_thread(self._source.is_changed):
                await self.renew()

    async def _begin(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(scope, receive, send)
            return
        await self.start()  # for an app server that tells no start
        assert self._guarded is not None  # noqa: S101 - start sets it or raises
        await self._guarded(scope, receive, send)

    async def _live(self, scope: Message, receive: Receive, send: Send) -> None:
        """Start before the app does, and end after it has."""

        async def received() -> Message:
            message = await receive()
            if message["type"] == "lifespan.startup":
                try:
                    await self.start()
                except Exception as error:
                    why = str(error) if isinstance(error, AdvisedError) else repr(error)
                    log("The guard cannot start.", level="error", why=why)
                    # A server takes an exception for "knows no start", and would serve without a guard that works.
                    await send({"type": "lifespan.startup.failed", "message": why})
                    raise
            return message

        async def sent(message: Message) -> None:
            if message["type"].startswith("lifespan.shutdown"):
                await self.stop()
            await send(message)

        await self._app(scope, received, sent)
