"""Programs of the owner that print what a scan shows: run without a shell, for a bounded time, with bounded output."""

import asyncio
import contextlib
from typing import Final

from apiward.core.account import NoCredentialError

MOST_PRINTED: Final = 65_536


async def printed(command: tuple[str, ...], *, within_s: float, told: bytes = b"") -> str:
    """Run a program that reads `told`, and return what it prints. Raises NoCredentialError, without secrets."""
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE if told else asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except OSError as error:
        raise NoCredentialError(f"the command cannot be run ({error.strerror})") from None
    try:
        async with asyncio.timeout(within_s):
            text = await _exchanged(process, told)
            code = await process.wait()
    except TimeoutError:
        raise NoCredentialError(f"the command took more than {within_s:g} seconds") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if code != 0:
        raise NoCredentialError(f"the command ended with exit code {code}")
    return text.decode("utf-8", "replace")


async def _exchanged(process: asyncio.subprocess.Process, told: bytes) -> bytes:
    """Tell the program what it has to know, and return what it prints, up to a bound."""
    if process.stdin is not None:
        process.stdin.write(told)
        with contextlib.suppress(ConnectionError):  # a program need not read what it is told
            await process.stdin.drain()
        process.stdin.close()
    found = b""
    while (
        process.stdout is not None and len(found) < MOST_PRINTED and (piece := await process.stdout.read(MOST_PRINTED))
    ):
        found += piece
    return found
