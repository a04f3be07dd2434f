"""A socket server that keeps every byte it was sent, and answers each request as told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.net.hostile import answer, hostile_server


@dataclass
class Recording:
    """What came in: `heads` one per request, `connection_count` how many connections were made."""

    address: str = ""
    heads: list[bytes] = field(default_factory=list)
    connection_count: int = 0


@asynccontextmanager
async def recording_server(*replies: bytes, per_connection: int = 1_000) -> AsyncIterator[Recording]:
    """Give `replies` in order, the last one again and again; hang up after `per_connection` requests."""
    seen = Recording()
    given = list(replies) or [answer(b"{}")]

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.connection_count += 1
        for _ in range(per_connection):
            seen.heads.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(given[min(len(seen.heads), len(given)) - 1])

    # The hostile server reads one head itself; this one wants all of them.
    async with hostile_server(serve, reads_head=False) as seen.address:
        yield seen
