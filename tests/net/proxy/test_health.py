"""One health check."""

import asyncio
import time

import pytest

from apiward.net.proxy.health import is_well
from apiward.net.proxy.upstreams import HealthSettings, Upstreams, UpstreamSettings
from tests.net.hostile import answer
from tests.net.proxy.rig import answering

SETTINGS = HealthSettings(path="/up", timeout_s=0.1)


def _is_well(address: str) -> bool:
    server = Upstreams([UpstreamSettings((address,))], time.monotonic).servers[0]
    return asyncio.run(is_well(server, SETTINGS))


@pytest.mark.parametrize(
    ("reply", "well"),
    [
        (answer(b"{}"), True),
        (b"HTTP/1.1 204 No Content\r\n\r\n", True),
        (answer(b"{}", status=b"404 Not Found"), False),
        (answer(b"{}", status=b"500 Oh"), False),
        (b"nonsense\r\n\r\n", False),
        (b"HTTP/1.1 200", False),
    ],
)
def test_the_status_says_how_it_is(reply: bytes, *, well: bool) -> None:
    async def run() -> tuple[bool, bytes]:
        async with answering(reply) as seen:
            server = Upstreams([UpstreamSettings((seen.address + "/base",))], time.monotonic).servers[0]
            return await is_well(server, SETTINGS), seen.target()

    assert asyncio.run(run()) == (well, b"GET /base/up HTTP/1.1")


def test_nobody_there_is_not_well() -> None:
    assert not _is_well("http://127.0.0.1:1")
