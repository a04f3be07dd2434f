"""An API that nobody has described, found by looking around."""

import asyncio
import time
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from apiward.app.learners import new_learner
from apiward.core.api import DISCOVERED, LOOKING_AROUND, Api, Problem
from apiward.core.exchange import Headers
from apiward.core.ports import Sender
from apiward.spec.discovery.bounds import DEFAULT_BOUNDS, Bounds
from apiward.spec.discovery.exploring import discover
from apiward.spec.learning.learner import Learner
from apiward.spec.samples.describing import described

_KEY: Final = bytes(32)
"""What is learned here is used at once and never kept, so its digests need no secret."""


@dataclass(frozen=True, slots=True)
class LookedAround:
    """The API that was found, and how many requests that took. `api.operations` may be empty."""

    api: Api
    requests: int


def passing_learner() -> Learner:
    """Return a learner for what is used at once and never kept."""
    return new_learner(_KEY)


async def look_around(
    sender: Sender, url: str, *, headers: Headers = (), bounds: Bounds = DEFAULT_BOUNDS
) -> LookedAround:
    """Return the API at the server of `url`, as far as reading alone shows it. `headers` go with every request."""
    found = await discover(sender, url, clock=time.monotonic, wait=asyncio.sleep, bounds=bounds, headers=headers)
    problems = (Problem(LOOKING_AROUND, found.stopped),) if found.stopped else ()
    api = described(
        found.samples,
        passing_learner(),
        title=f"API at {urlsplit(url).netloc}",
        source=url,
        dialect=DISCOVERED,
        problems=problems,
    )
    return LookedAround(api, found.requests)
