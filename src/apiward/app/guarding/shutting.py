"""Shuts callers and operations out of a guard for a time, lets them in again, and asks the guard whether it is so."""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from apiward.access.revocations import mark
from apiward.app.guarding.blocks_in_use import ASN, ENDED, OPERATION, InUse, blocks_in_use
from apiward.app.guarding.shut_keys import Own, key_of, spare_own
from apiward.app.guarding.telling import must_tell
from apiward.config.errors import AdvisedError, nearest
from apiward.core.lanes import AuditKind
from apiward.core.ports import KeptSession
from apiward.stores.blocks.memory import Block
from apiward.stores.blocks.shared import SharedBlocks
from apiward.stores.private import give_to_owner
from apiward.stores.sessions.shared import SharedSessions

LONGEST_S: Final = 366 * 86_400.0
_TRIES: Final = 12
_TRIES_ALONE: Final = 1
"""How often to ask again where no guard says that it runs: one that begins now says so in a moment."""
_PAUSE_S: Final = 0.25
_TOKEN_ID: Final = 24
"""Hex digits by which a log-in that nobody knows any more is told from others."""
_LOG_IN_OF: Final = "(a log-in of "


@dataclass(frozen=True, slots=True)
class Standing:
    """What the guard says of something that was asked of it: nothing where it is so, else why it is not."""

    why: str = ""

    @property
    def is_so(self) -> bool:
        """Whether it is so."""
        return not self.why


class ShutDesk:
    """Works on the blocks of one guard, which may be running. Every method raises AdvisedError."""

    def __init__(
        self,
        folder: Path,
        own: Own,
        *,
        by: str,
        clock: Callable[[], float] = time.time,
        pause: Callable[[float], None] = time.sleep,
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        self._folder = folder
        self._own = own
        self._by = by
        self._clock = clock
        self._pause = pause
        self._environment = environment

    def shut(self, typed: str, *, reason: str, for_s: float, incident: str = "") -> Block:
        """Shut out what `typed` names ("user:42"), and return the block as it is kept."""
        key = key_of(typed)
        self._spare_own(key)
        now_s = self._clock()
        until_s = now_s + min(for_s, LONGEST_S)
        block = Block(key, reason or "blocked", until_s, now_s, self._by, incident)
        with self._blocks() as blocks:
            self._add(blocks, block)
        self._record(f"{key} was shut out for {round((until_s - now_s) / 60)} minutes: {block.reason}")
        return block

    def end_log_ins(self, key: str, *, reason: str, for_s: float, incident: str = "") -> int:
        """End the log-ins of a user that the guard knows; who logs in again gets a new one. Return how many ended.

        Of tokens from a log-in service nobody knows how many there are: they count as one.
        """
        now_s = self._clock()
        why = f"{reason} {_of(key)}"
        name = key.removeprefix("user:")
        issuer, _, subject = name.rpartition("|")
        with self._blocks() as blocks:
            if issuer:
                ended = f"{ENDED}{mark('sub', issuer, subject)}"
                self._add(blocks, Block(ended, why, now_s + for_s, now_s, self._by, incident))
                number = 1
            else:
                number = self._end_sessions(blocks, name, Block("", why, now_s + for_s, now_s, self._by, incident))
        self._record(f"{number} log-ins of {key} were ended: {reason}")
        return number

    def held_by(self, who: str) -> tuple[Block, ...]:
        """Return what `who` has shut out; log-ins that were ended with it do not count."""
        return tuple(one for one in self.listed() if one.by == who and _LOG_IN_OF not in one.reason)

    def spares(self, typed: str) -> bool:
        """Return whether what `typed` names is the owner's own, or cannot be shut out at all."""
        try:
            self._spare_own(key_of(typed))
        except AdvisedError:
            return True
        return False

    def let_in_since(self, key: str, since_s: float) -> bool:
        """Return whether somebody has let `key` in again since then, before its time was over."""
        with self._blocks() as blocks:
            return blocks.let_in_s(key) >= since_s

    def undo(self, typed: str) -> tuple[Block, ...]:
        """Let in again what `typed` names, and its log-ins; return what was shut out."""
        key = key_of(typed)
        with self._blocks() as blocks:
            held = [one for one in blocks.listed(self._clock()) if one.key == key or one.reason.endswith(_of(key))]
            if not held:
                known = sorted({one.key for one in blocks.listed(self._clock())})
                why = nearest(key, tuple(known)) if 0 < len(known) <= 20 else f"{len(known)} others are."
                raise AdvisedError(f"{key} is not shut out.", why, "See: apiward block list")
            return self._let_in(blocks, held)

    def undo_incident(self, incident: str) -> tuple[Block, ...]:
        """Let in again all that was shut out for an incident, and return it."""
        with self._blocks() as blocks:
            return self._let_in(blocks, [one for one in blocks.listed(self._clock()) if one.incident == incident])

    def listed(self) -> tuple[Block, ...]:
        """Return who is shut out now, those that end first in front."""
        with self._blocks() as blocks:
            return tuple(sorted(blocks.listed(self._clock()), key=lambda block: (block.until_s, block.key)))

    def standing(self, keys: Sequence[str], *, is_out: bool = True) -> Standing:
        """Ask the guard whether these keys are shut out now (or let in), and wait a moment until all workers say so."""
        with self._blocks() as blocks:
            generation = blocks.generation
            held = {one.key for one in blocks.listed(self._clock())}
        wrong = [key for key in keys if (key in held) is not is_out]
        if wrong:
            return Standing(f"{wrong[0]} is not kept as {'shut out' if is_out else 'let in'}.")
        said = Standing()
        for tried in range(_TRIES + 1):
            workers = blocks_in_use(self._folder)
            said = _said(workers, keys, generation)
            if said.is_so or tried >= (_TRIES if workers else _TRIES_ALONE):
                break
            self._pause(_PAUSE_S)
        return said

    def _spare_own(self, key: str) -> None:
        spare_own(key, self._own, self._environment)

    def _end_sessions(self, blocks: SharedBlocks, account: str, like: Block) -> int:
        with ExitStack() as open_now, _told(self._folder):
            sessions = open_now.enter_context(closing(self._sessions()))
            found = sessions.of(account)
            for one in found:
                # First the block, then the end: in between, a session that is known is as good as it was.
                token = f"token:{one.digest.hex()[:_TOKEN_ID]}"
                self._add(blocks, like._replace(key=token, until_s=max(like.until_s, one.until_s)))
                sessions.keep(KeptSession(one.digest, "-", {}, 0.0))
            return len(found)

    def _sessions(self) -> SharedSessions:
        return SharedSessions(self._folder / "sessions", clock=self._clock, timeout_s=2.0)

    def _let_in(self, blocks: SharedBlocks, held: Sequence[Block]) -> tuple[Block, ...]:
        for one in held:
            if not blocks.unblock(one.key, now_s=self._clock()):
                raise _unwritten(self._folder)
        if held:
            self._record(f"{', '.join(one.key for one in held[:10])} may come in again.")
        return tuple(held)

    def _add(self, blocks: SharedBlocks, block: Block) -> None:
        if not blocks.add(block):
            raise _unwritten(self._folder)

    def _record(self, said: str) -> None:
        must_tell(self._folder, said, kind=AuditKind.BLOCK, now_s=self._clock(), by=self._by)

    @contextmanager
    def _blocks(self) -> Iterator[SharedBlocks]:
        if not self._folder.is_dir():
            raise AdvisedError(
                f"There is no guard's data in {self._folder}.",
                "A guard makes this folder at its first start.",
                "Run this where the guard's apiward.toml is, or name it with --config or --data.",
            )
        with _told(self._folder):
            is_new = not (self._folder / "blocks").exists()
            blocks = SharedBlocks(self._folder / "blocks", timeout_s=2.0)
        for path in self._folder.glob("blocks*") if is_new else ():
            give_to_owner(path, self._folder)
        with closing(blocks):
            yield blocks


def _said(workers: Sequence[InUse], keys: Sequence[str], generation: int) -> Standing:
    if not workers:
        return Standing("No guard runs here now. It is kept, and counts from the guard's next start on.")
    behind = sum(worker.generation < generation for worker in workers)
    if behind:
        return Standing(f"{behind} of {len(workers)} workers of the guard did not say so in time.")
    off = sorted({stage for worker in workers for stage in worker.off})
    if off:
        return Standing(f"The guard does not judge it: its stage {off[0]} is off.")
    unknown = sorted(key for key in keys if any(key in worker.unknown for worker in workers))
    if unknown and unknown[0].startswith(ASN):
        return Standing(f"The guard cannot tell who is in {unknown[0]}: provider_file in [guard.origin] names no file.")
    if unknown:
        return Standing(f"The guard knows no {unknown[0].removeprefix(OPERATION)}: nothing describes it.")
    return Standing()


def _of(key: str) -> str:
    return f"{_LOG_IN_OF}{key})"


def _unwritten(folder: Path) -> AdvisedError:
    why = "Another program holds it, or the disk is full."
    return AdvisedError(f"Nothing was changed: {folder / 'blocks'} cannot be written.", why, "Try again.")


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise AdvisedError(
            f"The files in {folder} cannot be used.", f"{error}.", "Run this as who runs the guard."
        ) from error
