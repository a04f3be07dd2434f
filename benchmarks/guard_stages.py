"""Where the guard's time goes: microseconds per stage and phase, for each request of the mixed load.

Run it as `python -m benchmarks.guard_stages [--repeat N]`. No network: the stages are called as the engine calls
them, and the whole engine beside them; what is left over is the engine's own.
"""

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from apiward.app.guarding.building import Outside, build_access, build_engine
from apiward.config.guarding import parse_guard
from apiward.core.call import Answer, Call
from apiward.core.event import Event
from apiward.guard.phases import Steps
from apiward.net.sender import HttpSender
from apiward.spec.reading import read_description
from apiward.stores.blocks.shared import SharedBlocks
from apiward.stores.counters.leased import LeasedCounters
from apiward.stores.counters.shared import SharedCounters
from benchmarks.guard_speed import _SETTINGS, DESCRIPTION, SECRET, token
from benchmarks.peers import ANSWER, BODY

LOAD: Final = (
    ("GET", b"/items/42", b"fields=name", b""),
    ("GET", b"/search", b"q=red+shoes&page=2&limit=20", b""),
    ("POST", b"/items", b"", BODY.encode()),
)


class NoSink:
    """Takes events and forgets them."""

    def offer(self, event: Event) -> None:
        """Forget it."""


def _call(method: str, path: bytes, query: bytes, body: bytes, shown: str) -> Call:
    headers = [
        (b"host", b"127.0.0.1:8080"),
        (b"authorization", b"Bearer " + shown.encode()),
        (b"accept", b"application/json"),
        (b"user-agent", b"bench/1"),
    ]
    if body:
        headers += [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    return Call(method, path, query, headers, "127.0.0.1", started_s=time.time())


def _answer() -> Answer:
    headers = [(b"server", b"nginx"), (b"content-type", b"application/json"), (b"connection", b"keep-alive")]
    return Answer(200, headers, ANSWER.encode())


def _timed(run: Callable[[], object], repeat: int) -> float:
    best = float("inf")
    for _ in range(5):
        begun = time.thread_time()
        for _ in range(repeat):
            run()
        best = min(best, time.thread_time() - begun)
    return best / repeat * 1e6


def _whole(engine: object, make: Callable[[], Call], repeat: int) -> float:
    async def once() -> None:
        call, answer = make(), _answer()
        refused = await engine.judge_head(call)  # type: ignore[attr-defined]
        call.body = BODY.encode() if call.method == "POST" else b""
        refused = refused or await engine.judge_body(call)  # type: ignore[attr-defined]
        engine.wants_answer(call, answer)  # type: ignore[attr-defined]
        refused = refused or await engine.judge_answer(call, answer)  # type: ignore[attr-defined]
        assert refused is None, refused
        engine.finish(call, status=200, outcome="passed", answer_size=90)  # type: ignore[attr-defined]

    async def many() -> float:
        best = float("inf")
        for _ in range(5):
            begun = time.thread_time()
            for _ in range(repeat):
                await once()
            best = min(best, time.thread_time() - begun)
        return best / repeat * 1e6

    return asyncio.run(many())


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--repeat", type=int, default=2_000)
    repeat = parser.parse_args().repeat
    shown = token()
    api = read_description(json.dumps(DESCRIPTION).encode(), source="bench")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "secret").write_text(SECRET)
        # Each stage is called many times for one request, so what counts requests under way must not refuse.
        text = _SETTINGS.format(upstream=1, port=1, off="").replace("[guard.quota]", "[guard.quota]\nconcurrency = 0")
        text = text.replace("[guard.flood]", "[guard.flood]\naddress_at_once = 1000000\nall_at_once = 1000000")
        config, problems = parse_guard(text)
        assert not problems, problems
        outside = Outside(
            sender=HttpSender(clock=time.time),
            sink=NoSink(),
            counters=LeasedCounters(SharedCounters(place / "counters")),
            blocks=SharedBlocks(place / "blocks"),
            wait=asyncio.sleep,
            base=place,
            pepper=bytes(32),
        )
        engine = build_engine(config, api, outside, build_access(config, outside))
        for method, path, query, body in LOAD:
            _show(engine, partial(_call, method, path, query, body, shown), body, repeat)


def _show(engine: object, make: Callable[[], Call], body: bytes, repeat: int) -> None:
    call, answer = make(), _answer()
    asyncio.run(engine.judge_head(call))  # type: ignore[attr-defined]
    call.body = body
    asyncio.run(engine.judge_body(call))  # type: ignore[attr-defined]
    steps = call.steps
    assert isinstance(steps, Steps)
    protocol = engine._read_head  # type: ignore[attr-defined]  # noqa: SLF001 - the benchmark looks inside
    rows = [("protocol head", _timed(lambda: protocol(call), repeat))]
    for phase in ("head", "body"):
        rows += [
            (f"{name} {phase}", _timed(partial(judge, call), repeat))
            for judge, _, _, name in getattr(steps, phase).steps
        ]
    for phase in ("answer_body", "answer_head"):
        rows += [
            (f"{name} {phase}", _timed(partial(judge, call, answer), repeat))
            for judge, _, _, name in getattr(steps, phase).steps
        ]
    rows.append(("wants body", _timed(lambda: [wants(call) for wants in steps.wants_body], repeat)))
    rows.append(("wants answer", _timed(lambda: [wants(call, answer) for wants in steps.wants_answer], repeat)))
    rows.append(("end", _timed(lambda: [end(call, 200) for end in steps.end], repeat)))
    whole = _whole(engine, make, repeat)
    total = sum(us for _, us in rows)
    print(f"{call.method} {call.path}: whole {whole:.1f} us, stages {total:.1f} us")
    for name, us in sorted(rows, key=lambda row: -row[1]):
        if us >= 0.2:
            print(f"  {name:28} {us:6.2f} us")


if __name__ == "__main__":
    main()
