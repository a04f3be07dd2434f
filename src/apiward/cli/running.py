"""Runs work until it ends or the person stops it: once to finish neatly, twice to stop at once."""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar

import click

_T = TypeVar("_T")
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class Stopper:
    """What the first signal does: `on_stop` once it is set; until then the work ends at once."""

    def __init__(self) -> None:
        self.on_stop: Callable[[], None] | None = None
        self.is_asked = False


def run_stoppable(work: Callable[[Stopper], Coroutine[Any, Any, _T]]) -> _T:
    """Return what `work` returns. Raises click.Abort where it was stopped at once."""
    return asyncio.run(_guarded(work))


async def _guarded(work: Callable[[Stopper], Coroutine[Any, Any, _T]]) -> _T:
    stopper = Stopper()
    loop = asyncio.get_running_loop()
    task = asyncio.create_task(work(stopper))

    def stop() -> None:
        if stopper.on_stop is None or stopper.is_asked:
            task.cancel()
            return
        stopper.is_asked = True
        stopper.on_stop()

    for name in _SIGNALS:
        loop.add_signal_handler(name, stop)
    try:
        return await task
    except asyncio.CancelledError:
        raise click.Abort from None
    finally:
        for name in _SIGNALS:
            loop.remove_signal_handler(name)
