"""The whole engine in this process, with every stage, and without a network."""

import time
from collections.abc import Awaitable, Callable, Generator
from pathlib import Path
from typing import Final

from apiward.app.guarding.building import Outside, build_access, build_engine
from apiward.config.guarding import parse_guard
from apiward.core.api import Api
from apiward.core.call import Answer, Call
from apiward.core.decision import Decision
from apiward.core.event import Event
from apiward.core.exchange import Exchange, Request
from apiward.guard.engine import Engine
from apiward.stores.blocks.memory import MemoryBlocks
from apiward.stores.counters.memory import MemoryCounters

SECRET: Final = "a shared secret of thirty-two characters, or more"
SETTINGS: Final = """
[guard]
upstream = "http://127.0.0.1:1"
budget_ms = 10000
max_body = 8388608
[[guard.issuers]]
issuer = "https://id.shop.test"
audience = ["shop"]
secret_file = "secret"
[guard.flood]
address_requests = 0
area_requests = 0
address_at_once = 0
all_at_once = 0
[guard.quota]
per_minute = 0
concurrency = 0
[guard.conduct]
machines = false
"""


class KeptEvents:
    """A sink that keeps the last event."""

    def __init__(self) -> None:
        self.last: Event | None = None

    def offer(self, event: Event) -> None:
        """Keep it."""
        self.last = event


class NoSender:
    """Sends nothing."""

    async def send(self, request: Request, *, timeout_s: float | None = None) -> Exchange:
        """Refuse."""
        raise AssertionError(f"nothing is sent from here: {request.url}")


def whole_engine(
    home: Path, api: Api | None, *, settings: str = SETTINGS, clock: Callable[[], float] = time.time
) -> tuple[Engine, KeptEvents]:
    """Return an engine that judges as `settings` say, and what keeps its events."""
    (home / "secret").write_text(SECRET)
    config, problems = parse_guard(settings)
    assert not problems, problems
    sink = KeptEvents()
    outside = Outside(
        sender=NoSender(),
        sink=sink,
        counters=MemoryCounters(),
        blocks=MemoryBlocks(),
        wait=_no_wait,
        base=home,
        pepper=bytes(32),
        clock=clock,
    )
    return build_engine(config, api, outside, build_access(config, outside)), sink


async def _no_wait(seconds: float) -> None:
    return None


def now(work: Awaitable[Decision | None]) -> Decision | None:
    """Run what never waits for anything to its end."""
    steps: Generator[object, None, Decision | None] = work.__await__()
    try:
        next(steps)
    except StopIteration as end:
        said: Decision | None = end.value
        return said
    raise AssertionError("it waited for something")


def judged(engine: Engine, call: Call, body: bytes = b"", answer: Answer | None = None) -> Decision | None:
    """Take a call, and its answer where there is one, through the engine as the middleware does."""
    said = now(engine.judge_head(call))
    if said is None:
        call.body = body
        said = now(engine.judge_body(call))
    if said is None and answer is not None:
        if not engine.wants_answer(call, answer):
            answer.body = None
        said = now(engine.judge_answer(call, answer))
    status = engine.refusal(call, said).status if said else 200
    engine.finish(call, status=status, outcome="refused" if said else "passed", answer_size=0)
    return said
