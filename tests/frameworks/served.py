"""A guarded app for a server of its own process; its data folder stands in APIWARD_TEST_DATA.

Beside that folder it makes a file `left` when a client of its news has left.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import fastapi

from apiward import Guard
from tests.frameworks.shops import fastapi_shop

DATA: Final = Path(os.environ["APIWARD_TEST_DATA"])
shop = fastapi_shop()


@shop.get("/news", response_class=fastapi.responses.PlainTextResponse)
async def news() -> fastapi.responses.StreamingResponse:
    """Say one thing, and go on for as long as anybody listens."""

    async def pieces() -> AsyncIterator[str]:
        try:
            yield "data: first\n\n"
            await asyncio.sleep(3600)
        finally:
            (DATA.parent / "left").touch()

    return fastapi.responses.StreamingResponse(pieces(), media_type="text/event-stream")


app = Guard(shop, {"route": {"open": ["/talk"]}}, data=DATA)
