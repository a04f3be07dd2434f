"""What a worker sets for itself: seen from outside, in the running process."""

import asyncio
import os
from pathlib import Path

import pytest

from tests.net.proxy.rig import answering, body_in
from tests.net.proxy.standalone import standalone

pytestmark = pytest.mark.skipif(not hasattr(os, "SCHED_BATCH"), reason="only Linux has SCHED_BATCH")


def test_all_threads_but_the_one_that_serves_wait_for_their_turn(tmp_path: Path) -> None:
    async def run() -> list[int]:
        async with answering() as seen, standalone(tmp_path, seen.address) as proxy:
            reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
            writer.write(b"GET /pid HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            pid = int(body_in(await reader.read()))
            writer.close()
            await asyncio.sleep(0.1)  # it is set when the loop has begun
            return _classes(pid)

    first, *others = asyncio.run(run())
    assert first == os.SCHED_OTHER
    assert len(others) >= 1
    assert set(others) == {os.SCHED_BATCH}


def _classes(pid: int) -> list[int]:
    """Return the scheduling class of each thread of a process, its first thread first."""
    threads = sorted(int(task.name) for task in Path(f"/proc/{pid}/task").iterdir())
    return [os.sched_getscheduler(thread) for thread in threads]
