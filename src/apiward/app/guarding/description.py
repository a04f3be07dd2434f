"""The description that a guard judges by: from a file, an address, or the API itself."""

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from apiward.app.scanning import CannotScanError, describe, read_spec
from apiward.config.errors import AdvisedError
from apiward.core.api import Api
from apiward.net.sender import HttpSender

WAIT_S: Final = 5.0
"""Seconds that the start waits for an API that is asked for its description."""


@dataclass(frozen=True, slots=True)
class Known:
    """The description, or why there is none (one sentence)."""

    api: Api | None
    why: str = ""


def is_address(place: str) -> bool:
    """Return whether `place` is an address, and no file."""
    return urlsplit(place).scheme in {"http", "https"}


async def known_api(upstream: str, description: str, base: Path) -> Known:
    """Return the description of the API. Raises AdvisedError for a file that is no good."""
    async with HttpSender(clock=time.time, timeout_s=WAIT_S) as sender:
        try:
            api = await _read(sender, upstream, description, base)
        except CannotScanError as error:
            if description and not is_address(description):
                raise AdvisedError(error.what, error.why, error.advice) from error
            return Known(None, f"{error.what} {error.why}".strip())
        except TimeoutError:
            return Known(None, "It was not told in time.")
    return Known(api.by_address()) if api is not None else Known(None, "No description was named.")


async def _read(sender: HttpSender, upstream: str, description: str, base: Path) -> Api | None:
    if description and not is_address(description):
        return await read_spec(sender, str(base / description))
    if description:
        return await asyncio.wait_for(read_spec(sender, description, typed=upstream), 2 * WAIT_S)
    if upstream:
        return (await asyncio.wait_for(describe(sender, upstream, looks_around=False), 4 * WAIT_S)).api
    return None
