"""Keeps the description that a guard judges by: asks for it again where it could not be had, and never loses one."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeAlias

from apiward.app.guarding import last_good
from apiward.app.guarding.description import Known, is_address, known_api
from apiward.app.guarding.log import log
from apiward.app.guarding.mentions import unknown_mentions
from apiward.app.guarding.place import Place
from apiward.config.errors import AdvisedError
from apiward.config.guarding import GuardConfig
from apiward.core.api import Api

ASK_AGAIN_S: Final = 30.0
"""Seconds between the first two questions for a description that could not be had; then twice as many each time."""
MOST_ASK_AGAIN_S: Final = 900.0
MAX_SAID: Final = 20
Describe: TypeAlias = Callable[[GuardConfig, Path], Awaitable[Known]]
"""Finds the description by the settings and the folder where relative names begin; raises AdvisedError."""


async def known_outside(config: GuardConfig, base: Path) -> Known:
    """Return the description of an API that is another process."""
    return await known_api(config.upstream, config.description, base)


class DescriptionKeeper:
    """Holds the description: `known` is the last one, `written` the text of its file (empty where it is in none)."""

    def __init__(self, place: Place, find: Describe) -> None:
        self.known = Known(None)
        self.written = b""
        self._place = place
        self._find = find
        self._asked_s = 0.0
        self._ask_again_s = ASK_AGAIN_S

    def is_due(self, config: GuardConfig, now_s: float) -> bool:
        """Return whether it is time to ask again for a description that could not be had."""
        is_wanting = self.known.api is None and bool(config.upstream or config.description)
        return is_wanting and now_s - self._asked_s > self._ask_again_s

    def wait_longer(self) -> None:
        """Wait twice as long before the question after the next."""
        self._ask_again_s = min(2 * self._ask_again_s, MOST_ASK_AGAIN_S)

    async def read(self, config: GuardConfig, *, is_first: bool = False) -> None:
        """Ask for the description. Raises AdvisedError for a file that is no good."""
        try:
            known = await self._find(config, self._place.base)
            self.written = await asyncio.to_thread(_written, config, self._place.base)
        except AdvisedError as error:
            # One that runs keeps what it has; a worker that begins takes what was good when another one began.
            if not is_first or not (self._place.data / last_good.DESCRIPTION).exists():
                raise
            log("The description cannot be used. The last good one holds.", level="error", why=str(error))
            known = await self._find(replace(config, description=last_good.DESCRIPTION), self._place.data)
        self._asked_s = time.monotonic()
        if known.api is None and self.known.api is not None:
            log("The description could not be read again. The last one stays.", level="warning", why=known.why)
            return
        is_news = known.api is not None or known.why != self.known.why  # what is still missing was said before
        self.known = known
        if is_news:
            _say_description(known.api, known.why)
        for mention in unknown_mentions(config, known.api)[:MAX_SAID]:
            log("A setting holds for nothing.", level="warning", why=mention)


def _written(config: GuardConfig, base: Path) -> bytes:
    """Return the description as it stands in its file, nothing where it is in none."""
    if not config.description or is_address(config.description):
        return b""
    try:
        return (base / config.description).read_bytes()
    except OSError:
        return b""


def _say_description(api: Api | None, why: str) -> None:
    if api is None:
        log("There is no description. Only what needs none is judged.", level="warning", why=why)
        return
    log("The description is in use.", operations=len(api.operations), source=api.source, title=api.title)
    for problem in api.problems[:MAX_SAID]:
        log("A part of the description could not be read.", level="warning", place=problem.pointer, why=problem.message)
