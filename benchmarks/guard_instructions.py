"""How many instructions of the processor a request takes in the guard: what one step of the interpreter costs differs.

Run it as `python -m benchmarks.guard_instructions [--rounds N] [--top N]`, with valgrind installed. The app runs as in
`guard_steps`, on uvloop, and callgrind counts what the serving thread does for it. Two runs differ by one in
a hundred, and more on a busy machine, where timers come more often: take the least of three. The system is not counted.
"""

import argparse
import asyncio
import logging
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

import uvloop

from apiward.net.proxy.pool import Pool
from apiward.net.proxy.tuning import once_running
from benchmarks import guard_steps
from benchmarks.guard_stages import LOAD

_INSIDE: Final = "--inside"
_COSTS: Final = re.compile(r"^\s*([\d,]+) \(\s*[\d.]+%\)\s+(.*)$", re.MULTILINE)


def _control(*order: str) -> None:
    subprocess.run(["callgrind_control", *order, str(os.getpid())], check=True, stdout=subprocess.DEVNULL)


async def _inside(folder: Path, rounds: int) -> None:
    app, shown = await guard_steps.started(folder)
    once_running()
    for _ in range(guard_steps.WARM_UP):
        await guard_steps.round_of(app, shown)
    _control("--instr=on")
    for _ in range(rounds):
        await guard_steps.round_of(app, shown)
    _control("--dump")
    _control("--instr=off")
    await app.stop()  # type: ignore[attr-defined] # LiveGuard, seen as any app


def _run_inside(rounds: int) -> None:
    logging.disable()
    Pool.connect = guard_steps.played  # type: ignore[method-assign,assignment] # no network
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_inside(Path(folder), rounds))


def _costs(output: Path) -> list[tuple[int, str]]:
    """Return the instructions of all functions of one thread, the sum of all first."""
    told = ["callgrind_annotate", "--threshold=100", str(output)]
    text = subprocess.run(told, check=True, capture_output=True, text=True).stdout
    return [(int(count.replace(",", "")), name) for count, name in _COSTS.findall(text)]


def main() -> None:
    """Count and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=80)
    parser.add_argument("--top", type=int, default=20, help="so many functions are shown")
    parser.add_argument(_INSIDE, action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inside:
        _run_inside(given.rounds)
        return
    with tempfile.TemporaryDirectory() as place:
        options = ["--tool=callgrind", "--instr-atstart=no", "--separate-threads=yes"]
        inner = [sys.executable, "-m", "benchmarks.guard_instructions", _INSIDE, "--rounds", str(given.rounds)]
        command = ["valgrind", "-q", *options, f"--callgrind-out-file={place}/out", *inner]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "PYTHONHASHSEED": "0"})
        costs = _costs(Path(place, "out.1-01"))
    requests = given.rounds * len(LOAD)
    print(f"{costs[0][0] / requests:,.0f} instructions for one request, on average of the mixed load")
    for count, name in costs[1 : given.top + 1]:
        print(f"{count / requests:9,.0f}  {name}")


if __name__ == "__main__":
    main()
