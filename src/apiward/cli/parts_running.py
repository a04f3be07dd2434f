"""Runs programs beside this one until somebody asks to stop: one that ends by itself is started again, or told."""

import asyncio
import contextlib
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from apiward.cli.exits import ExitCode
from apiward.cli.speaking import say

AGAIN_S: Final = (1.0, 5.0, 30.0)
"""Seconds until a part that failed is started again: the first time, the second, and from then on."""
END_S: Final = 40.0
"""So long may a part take to end: a guard lets end what is under way."""
_HOPELESS: Final = frozenset({ExitCode.USAGE, ExitCode.BUG})


@dataclass(frozen=True, slots=True)
class Part:
    """One program: what people call it, its command, and where it runs. `is_once`: it ends by itself, and may fail."""

    name: str
    command: tuple[str, ...]
    folder: Path
    is_once: bool = False


async def run_parts(
    parts: Sequence[Part], stop: asyncio.Event, *, again_s: Sequence[float] = AGAIN_S, tell: Callable[[str], None] = say
) -> int:
    """Run all until `stop`. Where one cannot be started as it is told to, end all, and return its exit code."""
    codes = await asyncio.gather(*(_kept(one, stop, again_s, tell) for one in parts))
    return next((code for code in codes if code), ExitCode.HOLDS)


async def _kept(part: Part, stop: asyncio.Event, again_s: Sequence[float], tell: Callable[[str], None]) -> int:
    times = 0
    while not stop.is_set():
        code = await _once(part, stop)
        if stop.is_set() or part.is_once:
            break
        if code in _HOPELESS and times == 0:
            stop.set()  # it has said itself what is wrong
            return code
        wait_s = again_s[min(times, len(again_s) - 1)]
        times += 1
        tell(f"The {part.name} ended by itself (exit code {code}). It is started again in {wait_s:g} s.")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), wait_s)
    return ExitCode.HOLDS


async def _once(part: Part, stop: asyncio.Event) -> int:
    """Run a program until it ends or is asked to; return its exit code."""
    process = await asyncio.create_subprocess_exec(*part.command, cwd=part.folder, start_new_session=True)
    ended = asyncio.create_task(process.wait())
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({ended, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not ended.done():
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
            await asyncio.wait({ended}, timeout=END_S)
    finally:
        stopping.cancel()
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
    return await ended
