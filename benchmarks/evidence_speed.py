"""What evidence and exclusions cost: `python -m benchmarks.evidence_speed [--events N] [--database URL]`.

First the questions that the autopilot and `apiward guard status` ask of stored events, on a fresh database of N events
(1,000,000) of 50 operations and 2,000 callers, one in twenty with a ruling. Then what exclusions add to a request that
needs none: without any, with 1,000 of other operations, and with some of its own.

Exit code 1 if a look of the autopilot takes more than 10 seconds of CPU for a million events, or exclusions add more
than 5 µs to a request.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from apiward.app.guarding.building import Outside, build_access, build_engine
from apiward.config.guarding import GuardConfig
from apiward.core.api import Api, Body, Operation
from apiward.core.call import Call
from apiward.core.decision import Decision, Ruling
from apiward.core.event import Event
from apiward.core.schema import Schema
from apiward.guard.allowing import Allowance
from apiward.guard.engine import Engine
from apiward.net.sender import HttpSender
from apiward.stores.blocks.memory import MemoryBlocks
from apiward.stores.counters.memory import MemoryCounters
from apiward.stores.events.database import open_database, sqlite_url
from apiward.stores.events.evidence import SqlEvidence
from apiward.stores.events.rows import row_of
from apiward.stores.events.storing import SqlEvents

DAY_S: Final = 86_400
OPERATIONS: Final = 50
CALLERS: Final = 2_000
MOST_CPU_S: Final = 10.0
MOST_US: Final = 5.0
ROUNDS: Final = 300
CALLS: Final = 50
_SAID: Final = (Ruling(Decision("shape.undeclared", place="body.role"), is_applied=False),)
_NOTE: Final = Schema(types=("object",), properties={name: Schema(types=("string",)) for name in ("title", "text")})
API: Final = Api("notes", "1", (Operation("POST", "/notes", bodies=(Body("application/json", _NOTE),)),))
BODY: Final = b'{"title": "A walk", "text": "We went through the park and it did not rain, which was good."}'


def fill(url: str, number: int) -> float:
    """Store the events of two weeks, and return the time of the first."""
    rng = random.Random(1)
    keeper = SqlEvents(open_database(url), time.time)
    start_s = time.time() - 14 * DAY_S
    step_s = 14 * DAY_S / number
    for begin in range(0, number, 50_000):
        keeper.add(
            [list(row_of(_event(at, start_s + at * step_s, rng))) for at in range(begin, min(begin + 50_000, number))]
        )
    return start_s


def _event(at: int, at_s: float, rng: random.Random) -> Event:
    return Event(
        f"{at:021x}", at_s, "GET", f"GET /things{at % OPERATIONS}/{{id}}", "/things/7", 200, "passed", "192.0.2.1",
        f"user:{rng.randrange(CALLERS)}", _SAID if at % 20 == 0 else (), 0.000_1, 0.002, 0, 512,
    )  # fmt: skip


def ask(url: str, start_s: float) -> float:
    """Ask every question once, print how long each took, and return the CPU seconds of one look of the autopilot."""
    source = SqlEvidence(open_database(url))
    key = "GET /things0/{id}"
    questions: dict[str, Callable[[], object]] = {
        "would-be refusals": lambda: source.denials(start_s),
        "traffic": lambda: source.traffic(start_s, starts={key: start_s + DAY_S}, without=["user:1"]),
        "habits of one operation": lambda: source.habits(key, start_s, start_s + 14 * DAY_S),
        "replay of one rule": lambda: source.refused(key, "", "", "shape.undeclared", start_s + 7 * DAY_S),
        "one incident": lambda: source.event(f"{5:021x}"),
    }
    took = {}
    print(f"{'question':28}{'s':>8}{'s CPU':>8}")
    for name, question in questions.items():
        wall, cpu = time.perf_counter(), time.process_time()
        question()
        took[name] = time.process_time() - cpu
        print(f"{name:28}{time.perf_counter() - wall:8.2f}{took[name]:8.2f}")
    source.close()
    return took["would-be refusals"] + took["traffic"]


class Nowhere:
    """Takes events and forgets them."""

    def offer(self, event: Event) -> None:
        """Forget it."""


def engine(folder: Path, allowed: tuple[Allowance, ...]) -> Engine:
    """Return a guard of the notes, without limits."""
    outside = Outside(
        HttpSender(clock=time.time), Nowhere(), MemoryCounters(10_000), MemoryBlocks(), asyncio.sleep, folder, b"p" * 32
    )
    config = replace(GuardConfig(), allowed=allowed)
    config = replace(config, flood=replace(config.flood, address_at_once=0), quota=replace(config.quota, per_minute=0))
    return build_engine(config, API, outside, build_access(config, outside))


async def judged(gate: Engine) -> float:
    """Return the microseconds of CPU that one request takes."""
    headers = [
        (b"host", b"127.0.0.1:8080"),
        (b"content-type", b"application/json"),
        (b"content-length", str(len(BODY)).encode()),
        (b"user-agent", b"bench/1"),
    ]
    begun = time.thread_time()
    for number in range(CALLS):
        call = Call("POST", b"/notes", b"", headers, f"192.0.{number % 200}.1", started_s=time.time(), body=BODY)
        refused = await gate.judge_head(call) or await gate.judge_body(call)
        if refused is not None:
            raise SystemExit(f"a rightful request was refused: {refused}")
        gate.finish(call, status=200, outcome="passed", answer_size=0)
    return (time.thread_time() - begun) / CALLS * 1e6


def requests(folder: Path) -> float:
    """Print what exclusions add to a request, and return the most of it."""
    one = Allowance(id="a", operation="POST /notes", rule="inspect.sql", place="body.text", expires="2100-01-01")
    elsewhere = tuple(replace(one, id=f"a{number}", operation=f"POST /x{number}") for number in range(1_000))
    own = tuple(replace(one, id=f"a{number}", place=f"body.f{number}") for number in range(20))
    gates = {
        "no exclusions": engine(folder, ()),
        "1,000 of other operations": engine(folder, elsewhere),
        "20 of this operation": engine(folder, own),
    }
    best = dict.fromkeys(gates, float("inf"))
    for _ in range(ROUNDS):
        for name, gate in gates.items():
            best[name] = min(best[name], asyncio.run(judged(gate)))
    bare = best["no exclusions"]
    print(f"\n{'exclusions':28}{'µs':>8}{'more':>8}")
    for name, found in best.items():
        print(f"{name:28}{found:8.1f}{found - bare:8.1f}")
    return max(best.values()) - bare


def main() -> int:
    """Measure, print and judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--database", default="", help="an empty database; a SQLite file of its own by default")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = arguments.database or sqlite_url(folder / "events.sqlite")
        start_s = fill(url, arguments.events)
        cpu_s = ask(url, start_s) * 1_000_000 / arguments.events
        more_us = requests(folder)
    print(f"\none look of the autopilot: {cpu_s:.1f} s of CPU for a million events (bar {MOST_CPU_S})")
    print(f"exclusions add {more_us:.1f} µs at most to a request that needs none (bar {MOST_US})")
    return 0 if cpu_s <= MOST_CPU_S and more_us <= MOST_US else 1


if __name__ == "__main__":
    sys.exit(main())
