"""Forwards to all destinations of the settings: from a running guard in a thread of its own, or from a command."""

import asyncio
import hashlib
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from apiward.app.forwarding.destinations import destination_of
from apiward.app.forwarding.lines import Lines
from apiward.app.forwarding.records import Records
from apiward.app.forwarding.sending import Forwarder, Sent
from apiward.config.guarding import ForwardConfig
from apiward.core.ports import Clock
from apiward.net.sender import HttpSender
from apiward.stores.events.draining import Turn

LOCK: Final = "forward.lock"
"""Held by the one process that forwards what is in a data folder."""
AGAIN_S: Final = 2.0
"""Seconds between two looks whether another process has let go."""


class Forwarding:
    """All destinations at once. Raises ForwardError where one cannot be built."""

    def __init__(
        self,
        configs: Sequence[ForwardConfig],
        engine: Engine,
        base: Path,
        *,
        tell: Callable[[str], None],
        env: Mapping[str, str] = os.environ,
        clock: Clock = time.time,
    ) -> None:
        self._sender = HttpSender(clock=clock)
        self._forwarders = [
            Forwarder(
                place_name(config.to),
                Records(engine, Lines(config.form)),
                destination_of(config, base, env, self._sender, clock),
                clock=clock,
                tell=tell,
                kinds=config.what,
                begins_anew=not config.sends_old,
                batch=config.batch,
            )
            for config in configs
        ]

    async def run(self, ending: asyncio.Event, *, follow: bool = True) -> None:
        """Forward until `ending` is set, or where it does not `follow`, until nothing is left."""
        try:
            async with asyncio.TaskGroup() as group:
                for forwarder in self._forwarders:
                    group.create_task(forwarder.run(ending, follow=follow))
        finally:
            await self._sender.aclose()

    @property
    def sent(self) -> list[Sent]:
        """What came of it, for each destination."""
        return [forwarder.sent for forwarder in self._forwarders]


class ForwardingThread:
    """Forwards beside a guard's work. Of all workers with one folder, one does so; another takes over at its end."""

    def __init__(self, forwarding: Forwarding, folder: Path) -> None:
        self._forwarding = forwarding
        self._folder = folder
        self._ending: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="apiward-forward", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self, timeout_s: float = 3.0) -> None:
        """End. What was not sent yet is sent after the next start."""
        self._is_closed.set()
        loop, ending = self._loop, self._ending
        if loop is not None and ending is not None:
            with suppress(RuntimeError):  # it has ended by itself
                loop.call_soon_threadsafe(ending.set)
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    @property
    def sent(self) -> list[Sent]:
        """What came of it, for each destination."""
        return self._forwarding.sent

    def _run(self) -> None:
        with Turn(self._folder, LOCK) as turn:
            while not turn.is_ours():
                if self._is_closed.wait(AGAIN_S):
                    return
            asyncio.run(self._main())

    async def _main(self) -> None:
        self._loop, self._ending = asyncio.get_running_loop(), asyncio.Event()
        if not self._is_closed.is_set():
            await self._forwarding.run(self._ending)


def place_name(address: str) -> str:
    """Return the name under which the place of a destination is kept; the address itself may hold a token."""
    return hashlib.sha256(address.encode()).hexdigest()[:16]
