"""Learning in a running guard: what each worker learns is kept, joined, and put to use when it is sure."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from apiward.app.guarding.log import log
from apiward.app.learners import new_learner
from apiward.core.api import Api
from apiward.core.jsonvalue import Json, NotJson
from apiward.guard.answers.reading import read, write
from apiward.spec.learning.describing import Learned
from apiward.spec.learning.learner import Learner
from apiward.stores.learned.folder import MAX_FILE, LearnedFolder

FOLDER: Final = "learned"
SAVE_S: Final = 10.0
LOOK_S: Final = 30.0
"""Seconds between two looks at all that was learned; twice as many each time that nothing new is sure."""
MOST_LOOK_S: Final = 900.0
REFRESH_S: Final = 3_600.0
"""Seconds after which what was earned or disproved since is put to use; a new operation is at once."""
_SHARE: Final = 50
"""Of so many parts of the time, saving may take one."""


def joined(states: Iterable[bytes], key: bytes) -> Learner:
    """Return a learner that knows what all the states say; one that cannot be read is left out, and told."""
    learner = new_learner(key)
    for text in states:
        try:
            value = read(text)
            learner.merge(None if isinstance(value, NotJson) else value)
        except (ValueError, RecursionError) as error:
            log("A part of what was learned cannot be read. It is left out.", level="warning", why=str(error)[:200])
    return learner


def left_out(name: str) -> None:
    """Tell of a file of learned things that is too large to be read."""
    why = f"{name} is larger than {MAX_FILE // 2**20} MB"
    log("A part of what was learned is too large. It is left out.", level="warning", why=why)


class Learning:
    """What one worker learns, with the folder where it is kept."""

    def __init__(self, data: Path, key: bytes, *, timer: Callable[[], float] = time.monotonic) -> None:
        self.learner = new_learner(key)
        self._key = key
        self._timer = timer
        self._folder = LearnedFolder(data / FOLDER, left_out)
        self._past = b""
        self._saved = 0
        self._is_full_told = False
        self._task: asyncio.Task[None] | None = None
        self._looked_s = timer()
        self._look_s = LOOK_S
        self._taken_s = timer()
        self._known: frozenset[str] = frozenset()
        self._api: Api | None = None

    @property
    def api(self) -> Api | None:
        """The API as far as it was sure at the last look, or None where nothing is."""
        return self._api

    def start(self) -> None:
        """Take in what was learned before. Raises OSError."""
        self._past = self._folder.open(self._join)
        self._take(self._looked(self.learner.state()), None)
        self._look_s = LOOK_S

    def follow(self) -> None:
        """Save from now on, every few seconds."""
        self._task = asyncio.create_task(self._save_always())

    def is_due(self) -> bool:
        """Whether it is time to look at what is sure by now."""
        return self._timer() - self._looked_s > self._look_s

    async def look_again(self, given: Api | None) -> bool:
        """Look at what is sure by now; return whether more is, or other things. Most of it is done beside."""
        own = self.learner.state()
        known = await asyncio.to_thread(self._looked, own)
        return self._take(known, given)

    async def stop(self) -> None:
        """Write down what was learned."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self._save()
        self._folder.close()

    def _looked(self, own: dict[str, Json]) -> Learned:
        states = [self._past, *self._folder.others(), write(own)]
        return joined([state for state in states if state], self._key).learned()

    def _take(self, known: Learned, given: Api | None) -> bool:
        self._looked_s = self._timer()
        api = known.guarded()
        keys = frozenset(operation.key for operation in api.operations)
        is_new = keys != self._known
        self._look_s = LOOK_S if is_new else min(2 * self._look_s, MOST_LOOK_S)
        is_stale = self._looked_s - self._taken_s > REFRESH_S and self._api is not None and api != self._api
        if is_new or is_stale or self._api is None:
            self._known, self._api, self._taken_s = keys, api if api.operations else None, self._looked_s
        self.learner.settle(known, given or self._api)
        return is_new or is_stale

    def _join(self, states: list[bytes]) -> bytes:
        return write(joined(states, self._key).state())

    def _save(self) -> None:
        if self.learner.version == self._saved:
            return
        self._saved = self.learner.version
        self._tell_of_room()
        try:
            self._folder.save(write(self.learner.state()))
        except OSError as error:
            log("What was learned cannot be written down.", level="warning", why=str(error))

    def _tell_of_room(self) -> None:
        if self.learner.is_full and not self._is_full_told:
            self._is_full_told = True
            why = "Too many addresses or fields came. What few callers showed was let go, and new ones are left out."
            log("There is no room to learn more.", level="warning", why=why)

    async def _save_always(self) -> None:
        wait_s = SAVE_S
        while True:
            await asyncio.sleep(wait_s)
            begun_s = self._timer()
            self._save()
            wait_s = max(SAVE_S, _SHARE * (self._timer() - begun_s))


def read_learned(data: Path, key: bytes) -> Learner:
    """Return all that was learned in a data folder, to look at it. Raises OSError."""
    return joined(LearnedFolder(data / FOLDER, left_out).all(), key)
