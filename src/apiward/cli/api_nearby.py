"""Looks whether an API answers on this computer already, so that its address need not be typed."""

import asyncio
from collections.abc import Sequence
from typing import Final

from apiward.app.scanning import http_sender
from apiward.core.exchange import Request

PORTS: Final = (8000, 3000, 5000, 8001, 4000, 9000)
"""Where frameworks for APIs listen if nobody says otherwise."""
WAIT_S: Final = 2.0


def api_nearby(ports: Sequence[int] = PORTS, *, wait_s: float = WAIT_S) -> str:
    """Return the address of the first that answers, empty where none does. One harmless request is sent to each."""

    async def look() -> list[bool]:
        async with http_sender() as sender:
            asked = [sender.send(Request("GET", _address(port)), timeout_s=wait_s) for port in ports]
            return [one.response is not None for one in await asyncio.gather(*asked)]

    answers = asyncio.run(look())
    return next((_address(port) for port, is_there in zip(ports, answers, strict=True) if is_there), "")


def _address(port: int) -> str:
    return f"http://localhost:{port}"
