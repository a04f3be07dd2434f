"""A guarded app for a server of its own process; its data folder stands in APIWARD_TEST_DATA."""

import asyncio
import os
from collections.abc import AsyncIterator

import fastapi

from apiward import Guard
from tests.frameworks.shops import fastapi_shop

shop = fastapi_shop()


@shop.get("/news", response_class=fastapi.responses.PlainTextResponse)
async def news() -> fastapi.responses.StreamingResponse:
    """Say one thing, and go on for as long as anybody listens."""

    async def pieces() -> AsyncIterator[str]:
        yield "data: first\n\n"
        await asyncio.sleep(3600)

    return fastapi.responses.StreamingResponse(pieces(), media_type="text/event-stream")


app = Guard(shop, {"route": {"open": ["/talk"]}}, data=os.environ["APIWARD_TEST_DATA"])
