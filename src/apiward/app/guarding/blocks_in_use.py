"""Which blocks the workers of a guard have taken, in their own words; and log-ins that end with them."""

import asyncio
import contextlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from apiward.access.revocations import RevocationList
from apiward.app.guarding.rules_in_use import lives
from apiward.core.api import Api
from apiward.core.decision import Mode
from apiward.core.ports import Clock
from apiward.guard.stage import StageName
from apiward.stores.blocks.shared import SharedBlocks

FOLDER: Final = "blocks.in-use"
ENDED: Final = "ended:"
"""Before the mark of tokens that were taken back for a time, among the keys of blocks."""
OPERATION: Final = "operation:"
ASN: Final = "asn:"
"""Before the number of a network: only with a file of networks it is known who is in it."""
LOOK_S: Final = 0.25
STAGES: Final = (StageName.ORIGIN, StageName.AUTHENTICATE)
"""The stages that turn away what is shut out."""


@dataclass(frozen=True, slots=True)
class InUse:
    """What one worker said.

    `generation` is the last change that it judges by; `off` are stages that do not judge at all; `unknown` are keys of
    operations that are shut, of which it has no description, and of networks, where it knows none.
    """

    generation: int
    off: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()


class BlockFollower:
    """Looks at the blocks of a guard that runs, says how far it has come, and takes back the tokens of who is out.

    Requests look by themselves; this is there so that a command can ask a guard that has none.
    """

    def __init__(
        self,
        data: Path,
        blocks: SharedBlocks,
        revocations: RevocationList,
        situation: Callable[[], tuple[Mapping[StageName, Mode], Api | None]],
        clock: Clock,
        can_locate: Callable[[], bool] = lambda: False,
    ) -> None:
        self._data = data
        self._blocks = blocks
        self._revocations = revocations
        self._situation = situation
        self._clock = clock
        self._can_locate = can_locate
        self._said: InUse | None = None
        self._api = 0
        self._ended: dict[str, float] = {}
        self._task: asyncio.Task[None] | None = None

    def follow(self, *, look_s: float = LOOK_S) -> None:
        """Begin to look, in a task of the running loop."""
        self.look()
        self._task = asyncio.create_task(self._follow(look_s))

    async def stop(self) -> None:
        """Look no longer."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        with contextlib.suppress(OSError):
            self._file.unlink(missing_ok=True)

    def look(self) -> None:
        """Look once: at the blocks, and at what the stages do."""
        modes, api = self._situation()
        off = frozenset(stage.value for stage in STAGES if modes.get(stage) is Mode.OFF)
        generation = self._blocks.generation
        if self._said is not None and (generation, off, id(api)) == (self._said.generation, self._said.off, self._api):
            return
        now = InUse(generation, off, self._unknown(api))
        self._api = id(api)
        self._take_back()
        if self._tell(now):
            self._said = now

    @property
    def _file(self) -> Path:
        return self._data / FOLDER / str(os.getpid())

    def _unknown(self, api: Api | None) -> frozenset[str]:
        known = {operation.key for operation in api.operations} if api is not None else set()
        shut = [block.key for block in self._blocks.listed(self._clock())]
        found = {key for key in shut if key.startswith(OPERATION) and key.removeprefix(OPERATION) not in known}
        return frozenset(found if self._can_locate() else found | {key for key in shut if key.startswith(ASN)})

    def _take_back(self) -> None:
        now_s = self._clock()
        wanted = {block.key: block for block in self._blocks.listed(now_s) if block.key.startswith(ENDED)}
        for key in self._ended.keys() - wanted.keys():
            self._revocations.restore(key.removeprefix(ENDED))
        for key, block in wanted.items():
            if self._ended.get(key) != block.since_s:
                with contextlib.suppress(OverflowError):  # the list is full: who is out by name stays out all the same
                    self._revocations.revoke(key.removeprefix(ENDED), now_s=block.since_s, until_s=block.until_s)
        self._ended = {key: block.since_s for key, block in wanted.items()}

    def _tell(self, now: InUse) -> bool:
        try:
            self._file.parent.mkdir(mode=0o700, exist_ok=True)
            fresh = self._file.with_name(f".{os.getpid()}")
            fresh.write_text(json.dumps([now.generation, sorted(now.off), sorted(now.unknown)]), "utf-8")
            fresh.replace(self._file)
        except OSError:
            return False  # without the word of it, a command says that it does not know
        return True

    async def _follow(self, look_s: float) -> None:
        while True:
            await asyncio.sleep(look_s)
            self.look()


def blocks_in_use(data: Path) -> tuple[InUse, ...]:
    """Return what the workers that live have said, one entry for each; none where no guard runs."""
    found = []
    try:
        files = [file for file in (data / FOLDER).iterdir() if file.name.isdigit() and lives(int(file.name))]
    except OSError:
        return ()
    for file in files:
        with contextlib.suppress(OSError, ValueError, TypeError):
            generation, off, unknown = json.loads(file.read_text("utf-8"))
            found.append(InUse(int(generation), frozenset(map(str, off)), frozenset(map(str, unknown))))
    return tuple(found)
