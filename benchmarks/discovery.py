"""How many operations are found without a description? `python -m benchmarks.discovery [URL DESCRIPTION]...`.

Each URL is an API on this machine that serves no description (or hides it); DESCRIPTION is a file that says what is
true, and that discovery never sees. Without arguments, the sound demo business is measured, with its website before it
and without. Paths are compared without the names of their parameters. It prints operations found and missed, fields of
bodies that were told, and requests by method.

Exit code 1 where an operation is told that the description does not have, where another method than GET or OPTIONS was
used, or where fewer than nine of ten operations of the demo with its website are found.
"""

import asyncio
import json
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from apiward.app.discovering import look_around
from apiward.core.api import Api, Operation
from apiward.core.exchange import Exchange, Request
from apiward.core.ports import Sender
from apiward.demo.app import create_app
from apiward.demo.description import document
from apiward.net.asgi import asgi_sender
from apiward.net.sender import HttpSender
from apiward.spec.reading import read_description

HOST: Final = "http://shop.example"
LEAST: Final = 0.9


@dataclass
class Counting:
    """Sends on, and counts by method."""

    sender: Sender
    methods: Counter[str] = field(default_factory=Counter)

    async def send(self, request: Request, *, timeout_s: float | None = None) -> Exchange:
        """Send, and count."""
        self.methods[request.method] += 1
        return await self.sender.send(request, timeout_s=timeout_s)


def main(arguments: list[str]) -> int:
    """Measure and return the exit code."""
    if arguments:
        pairs = zip(arguments[::2], arguments[1::2], strict=True)
        return max(_measured(url, Path(place)) for url, place in pairs)
    return max(_demo(has_front=True), _demo(has_front=False))


def _demo(*, has_front: bool) -> int:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app((), data_dir=Path(folder), is_described=False, has_front=has_front)
        counting = Counting(asgi_sender(app, clock=time.time))
        api = asyncio.run(look_around(counting, HOST)).api
        app.state.desk.storage.close()
    name = f"demo, {'with' if has_front else 'without'} its website"
    share, extra = _told(name, api, _described(), counting.methods)
    is_enough = share >= LEAST or not has_front
    return 0 if is_enough and not extra and counting.methods.keys() <= {"GET", "OPTIONS"} else 1


def _described() -> Api:
    return read_description(json.dumps(document()).encode(), source="demo")


def _measured(url: str, description: Path) -> int:
    async def work() -> tuple[Api, Counter[str]]:
        async with HttpSender(clock=time.time) as sender:
            counting = Counting(sender)
            return (await look_around(counting, url)).api, counting.methods

    api, methods = asyncio.run(work())
    _, extra = _told(url, api, read_description(description.read_bytes(), source=description.name), methods)
    return 0 if not extra and methods.keys() <= {"GET", "OPTIONS"} else 1


def _told(name: str, api: Api, true: Api, methods: Counter[str]) -> tuple[float, set[str]]:
    mine, theirs = _by_key(api.operations), _by_key(true.operations)
    found = mine.keys() & theirs.keys()
    fields = [(_fields(mine[key]), _fields(theirs[key])) for key in found if _fields(theirs[key])]
    right, whole = sum(len(one & other) for one, other in fields), sum(len(other) for _, other in fields)
    sys.stdout.write(
        f"{name}: {len(found)} of {len(theirs)} operations, {right} of {whole} fields of their bodies,"
        f" with {', '.join(f'{count} {method}' for method, count in sorted(methods.items()))}\n"
    )
    for key in sorted(theirs.keys() - found):
        sys.stdout.write(f"  missed  {key}\n")
    extra = set(mine.keys() - theirs.keys())
    for key in sorted(extra):
        sys.stdout.write(f"  more    {key}\n")
    return len(found) / max(len(theirs), 1), extra


def _by_key(operations: Iterable[Operation]) -> dict[str, Operation]:
    return {re.sub(r"\{[^{}]*\}", "{}", one.key): one for one in operations}


def _fields(operation: Operation) -> set[str]:
    schema = operation.body_schema()
    return {str(pointer) for pointer, _ in schema.fields() if pointer} if schema is not None else set()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
