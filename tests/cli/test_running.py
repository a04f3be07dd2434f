import asyncio
import os
import signal

import click
import pytest

from apiward.cli.running import Stopper, run_stoppable


def test_work_that_ends_gives_its_result() -> None:
    async def work(_: Stopper) -> int:
        return 7

    assert run_stoppable(work) == 7


@pytest.mark.parametrize("name", [signal.SIGINT, signal.SIGTERM])
def test_before_the_scan_a_signal_ends_it(name: signal.Signals) -> None:
    async def work(_: Stopper) -> None:
        os.kill(os.getpid(), name)
        await asyncio.Event().wait()

    with pytest.raises(click.Abort):
        run_stoppable(work)


def test_the_first_signal_asks_and_the_second_ends() -> None:
    asked: list[str] = []

    async def neat(stopper: Stopper) -> str:
        stopped = asyncio.Event()
        stopper.on_stop = stopped.set
        os.kill(os.getpid(), signal.SIGINT)
        await stopped.wait()
        return "cleaned up"

    async def deaf(stopper: Stopper) -> None:
        def again() -> None:
            asked.append("stop")
            os.kill(os.getpid(), signal.SIGINT)

        stopper.on_stop = again
        os.kill(os.getpid(), signal.SIGINT)
        await asyncio.Event().wait()

    assert run_stoppable(neat) == "cleaned up"
    with pytest.raises(click.Abort):
        run_stoppable(deaf)
    assert asked == ["stop"]


def test_errors_come_through() -> None:
    async def work(_: Stopper) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_stoppable(work)
