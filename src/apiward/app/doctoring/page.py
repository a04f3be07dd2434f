"""Looks at the owner's page: whether it answers, and whether people can log in where others reach it."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from apiward.app.doctoring.model import Sight, State, sight
from apiward.app.page.links import page_address
from apiward.app.scanning import http_sender
from apiward.config.page import PageConfig
from apiward.core.exchange import Request

Answers = Callable[[str], bool]


def answers(address: str) -> bool:
    """Return whether the page answers at an address of this computer; whose certificate it shows does not matter."""

    async def ask() -> bool:
        async with http_sender(is_insecure=True) as sender:
            response = (await sender.send(Request("GET", f"{address}/log-in"))).response
        return response is not None and response.status < 500

    return asyncio.run(ask())


def look_at_page(data: Path, config: PageConfig, people: int | None, ask: Answers = answers) -> Sight:
    """Return how the page is. `people` is how many may log in, None where that cannot be told."""
    address = page_address(data)
    if not address:
        return sight("page", "none", State.LATER)
    if not ask(address):
        return sight("page", "silent", State.BROKEN, address=address)
    if not config.names:
        return sight("page", "near", State.GOOD, address=address)
    if people is None:
        return sight("page", "unknown", State.GOOD, name=config.names[0])
    if people == 0:
        return sight("page", "nobody", State.MISSING, name=config.names[0])
    return sight("page", "open", State.GOOD, name=config.names[0])
