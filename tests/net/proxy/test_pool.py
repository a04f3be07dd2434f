"""Connections: how many, how long, who gets the next."""

import asyncio
import time

import pytest

from apiward.net.proxy.failures import BusyError, UnreachableError
from apiward.net.proxy.pool import Pool, PoolSettings
from tests.net.proxy.rig import PLAIN, Line, Upstream, upstream

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


async def _serve(line: Line) -> None:
    while True:
        await line.head()
        await line.say(PLAIN)


def _pool(seen: Upstream, settings: PoolSettings) -> Pool:
    port = int(seen.address.rpartition(":")[2])
    return Pool("127.0.0.1", port, None, settings, time.monotonic)


def test_who_waits_gets_the_connection_that_comes_free() -> None:
    async def run() -> int:
        async with upstream(_serve) as seen:
            pool = _pool(seen, PoolSettings(connections=2))

            async def exchange() -> None:
                connection = pool.take_idle(time.monotonic()) or await pool.take_new()
                await connection.ask(GET, is_head_request=False)
                pool.give_back(connection)

            await asyncio.gather(*(exchange() for _ in range(50)))
            pool.close()
            await asyncio.sleep(0)
            return seen.connections

    assert asyncio.run(run()) == 2


def test_who_waits_too_long_is_told() -> None:
    async def run() -> None:
        async with upstream(_serve) as seen:
            pool = _pool(seen, PoolSettings(connections=1, wait_s=0.02))
            connection = await pool.take_new()
            with pytest.raises(BusyError):
                await pool.take_new()
            pool.give_back(connection)
            assert not pool.busy

    asyncio.run(run())


def test_a_waiter_that_gives_up_blocks_nobody() -> None:
    async def run() -> None:
        async with upstream(_serve) as seen:
            pool = _pool(seen, PoolSettings(connections=1))
            connection = await pool.take_new()
            first = asyncio.create_task(pool.take_new())
            second = asyncio.create_task(pool.take_new())
            await asyncio.sleep(0)
            first.cancel()
            await asyncio.gather(first, return_exceptions=True)
            pool.give_back(connection)
            async with asyncio.timeout(5):
                (await second).cut()

    asyncio.run(run())


def test_a_port_where_nobody_listens_is_said() -> None:
    async def run() -> None:
        with pytest.raises(UnreachableError):
            await Pool("127.0.0.1", 1, None, PoolSettings(), time.monotonic).take_new()

    asyncio.run(run())
