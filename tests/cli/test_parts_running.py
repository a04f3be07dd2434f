import asyncio
import sys
from pathlib import Path

from apiward.cli.parts_running import Part, run_parts

WAITS = "import signal, sys; signal.signal(15, lambda *_: sys.exit(0)); signal.pause()"


def part(code: str, *, is_once: bool = False) -> Part:
    """Return a part that runs some Python."""
    return Part("guard", (sys.executable, "-S", "-c", code), Path.cwd(), is_once=is_once)


def run(*parts: Part, most: int = 0) -> tuple[int, list[str]]:
    """Run the parts until that much was told, or until they end; return the exit code and what was told."""

    async def work() -> tuple[int, list[str]]:
        stop, told = asyncio.Event(), list[str]()

        def tell(text: str) -> None:
            told.append(text)
            if len(told) == most:
                stop.set()

        return await run_parts(parts, stop, again_s=(0.0,), tell=tell), told

    return asyncio.run(work())


def test_a_part_that_ends_is_started_again_until_somebody_asks_to_stop() -> None:
    said = "The guard ended by itself (exit code 5). It is started again in 0 s."
    assert run(part("raise SystemExit(5)"), part(WAITS), most=2) == (0, [said, said])


def test_a_part_that_cannot_start_as_it_is_told_ends_all() -> None:
    assert run(part("raise SystemExit(2)"), part(WAITS)) == (2, [])


def test_what_runs_once_may_fail() -> None:
    assert run(part("raise SystemExit(2)", is_once=True)) == (0, [])
    assert run() == (0, [])
