"""Time limits with one timer for all: they end what is too slow, and leave all else alone."""

import asyncio

import pytest

from apiward.net.deadlines import Deadlines


async def _waits(deadlines: Deadlines, seconds: float) -> str:
    try:
        with deadlines.one(asyncio.get_running_loop()):
            await asyncio.sleep(seconds)
    except TimeoutError:
        return "too slow"
    return "done"


def test_what_is_too_slow_ends_and_what_is_not_goes_on() -> None:
    async def run() -> list[str]:
        deadlines = Deadlines(0.1)
        return await asyncio.gather(*(_waits(deadlines, seconds) for seconds in (0.0, 5.0, 0.01, 5.0)))

    assert asyncio.run(run()) == ["done", "too slow", "done", "too slow"]


def test_one_serves_several_loops_one_after_another() -> None:
    deadlines = Deadlines(0.05)
    assert [asyncio.run(_waits(deadlines, 5.0)) for _ in range(2)] == ["too slow"] * 2


def test_a_task_that_was_ended_goes_on_after_the_limit() -> None:
    async def run() -> list[str]:
        deadlines = Deadlines(0.05)
        return [await _waits(deadlines, 5.0), await _waits(deadlines, 0.0), await _waits(deadlines, 5.0)]

    assert asyncio.run(run()) == ["too slow", "done", "too slow"]


def test_somebody_elses_cancelling_stays_one() -> None:
    async def run() -> None:
        task = asyncio.create_task(_waits(Deadlines(10.0), 5.0))
        await asyncio.sleep(0.01)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(run())


def test_an_error_inside_stays_what_it_is() -> None:
    async def run() -> None:
        with Deadlines(1.0).one(asyncio.get_running_loop()):
            raise ValueError("inside")

    with pytest.raises(ValueError, match="inside"):
        asyncio.run(run())


def test_the_timer_ends_when_nobody_waits() -> None:
    async def run() -> tuple[bool, bool]:
        deadlines = Deadlines(0.02)
        await _waits(deadlines, 0.0)
        before = deadlines.is_looking
        await asyncio.sleep(0.05)
        return before, deadlines.is_looking

    assert asyncio.run(run()) == (True, False)
