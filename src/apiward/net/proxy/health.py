"""Active health checks: each server is asked now and then, on a connection of its own."""

import asyncio

from apiward.net.proxy.connection import Connection
from apiward.net.proxy.failures import UpstreamError
from apiward.net.proxy.upstreams import HealthSettings, Server


async def watch_health(server: Server, settings: HealthSettings) -> None:
    """Keep `server.is_healthy` true to what it answers, for ever."""
    failures = 0
    while True:
        failures = 0 if await is_well(server, settings) else failures + 1
        if failures == 0:
            server.is_healthy = True
        elif failures >= settings.failures:
            server.is_healthy = False
        await asyncio.sleep(settings.interval_s)


async def is_well(server: Server, settings: HealthSettings) -> bool:
    """Ask once."""
    path = (settings.path or "/").encode("ascii")
    head = b"GET " + server.base + path + server.host_line + b"user-agent: apiward\r\nconnection: close\r\n\r\n"
    connection: Connection | None = None
    try:
        async with asyncio.timeout(settings.timeout_s):
            connection = await server.pool.connect()
            answer = await connection.ask(head, is_head_request=False)
    except (UpstreamError, TimeoutError):
        return False
    finally:
        if connection is not None:
            connection.cut()
    return answer.status < 400
