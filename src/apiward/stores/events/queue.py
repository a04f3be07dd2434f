"""The guard's event sink: an event that was offered is safe from then on, and stored soon after."""

import threading
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from apiward.core.event import Event
from apiward.core.ports import Clock
from apiward.stores.events.draining import Drain, Turn
from apiward.stores.events.keeping import Keeper, Upkeep
from apiward.stores.events.lines import moment
from apiward.stores.events.rows import packed
from apiward.stores.events.spool import MAX_SPOOL, SEGMENT_SIZE, Spool, SpoolFullError, remove_half_made, spooled_bytes

INTERVAL_S: Final = 0.25
"""Seconds between two looks into the spool."""
MAX_PAUSE_S: Final = 5.0
"""Seconds between two tries while the store is away."""
AWAY_S: Final = 60.0
"""Seconds for which the store may be away before that is an event."""
UPKEEP_S: Final = 1.0
"""Seconds between two rounds of what is done beside the storing."""
_END_PAUSE_S: Final = 0.02


@dataclass(frozen=True, slots=True)
class QueueState:
    """How things stand in this process; `waiting_bytes` in all of the folder. `problem` is empty when all is well.

    `failing` is how much of what is done beside the storing fails; `away_since_s` since when nothing can be stored.
    """

    accepted: int
    dropped: int
    stored: int
    waiting_bytes: int
    is_draining: bool
    problem: str
    failing: int = 0
    away_since_s: float | None = None


class EventQueue:
    """Spools events and stores them from a thread of its own; one for each worker, all with the same folder.

    One worker at a time drains the spool of all, and does the `upkeep`. What it does `always` is done while the
    store is away as well, and `show` hears about once a second how things stand. Make it after the worker was forked,
    `start` it, and `close` it at the end. `offer` may be called from any thread, and before `start`.
    `tell` hears what the owner should know, which becomes an event as well.
    """

    def __init__(
        self,
        folder: Path,
        keep: Keeper,
        also: Keeper | None = None,
        *,
        clock: Clock = time.time,
        segment_size: int = SEGMENT_SIZE,
        most_bytes: int = MAX_SPOOL,
        upkeep: Sequence[Upkeep] = (),
        always: Sequence[Upkeep] = (),
        show: Callable[[QueueState], None] = lambda _: None,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._spool = Spool(folder, segment_size=segment_size, most_bytes=most_bytes)
        self._folder = folder
        self._clock = clock
        self._lock = threading.Lock()
        self._turn = Turn(folder)
        self._drain = Drain(folder, keep, also)
        self._is_full = False
        self._accepted = 0
        self._dropped = 0
        self._said_dropped = 0
        self._dropped_since_s = 0.0
        self._loud_at_s = 0.0
        self._is_draining = False
        self._problem = ""
        self._upkeep = upkeep
        self._always = always
        self._show = show
        self._shown_at_s = 0.0
        self._tell = tell
        self._upkeep_at_s = 0.0
        self._failing: set[int] = set()
        self._away_since_s: float | None = None
        self._has_said_away = False
        self._ending = threading.Event()
        self._deadline_s = 0.0
        self._thread = threading.Thread(target=self._run, name="apiward-events", daemon=True)

    def offer(self, event: Event) -> None:
        """Accept the event: from now on a kill of the process does not lose it. A full spool drops and counts."""
        record = packed(event)
        with self._lock:
            if not self._is_full:
                try:
                    self._spool.append(record)
                    self._accepted += 1
                    return
                except SpoolFullError as error:
                    self._is_full = True
                    self._problem = str(error)
            if self._dropped == self._said_dropped:
                self._dropped_since_s = self._clock()
            self._dropped += 1

    def start(self) -> None:
        """Begin to store what is spooled, by this process or one before it."""
        self._thread.start()

    def close(self, timeout_s: float = 5.0) -> None:
        """Store what is spooled within `timeout_s`. The rest, and what is offered later, waits for the next start."""
        self._deadline_s = time.monotonic() + timeout_s
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s + 1.0)
        with self._lock:
            self._spool.close()
        if not self._thread.is_alive():
            self._turn.close()

    def state(self) -> QueueState:
        """Return how things stand."""
        return QueueState(
            accepted=self._accepted,
            dropped=self._dropped,
            stored=self._drain.stored,
            waiting_bytes=spooled_bytes(self._folder),
            is_draining=self._is_draining,
            problem=self._problem,
            failing=len(self._failing),
            away_since_s=self._away_since_s,
        )

    def _run(self) -> None:
        remove_half_made(self._folder, self._clock())
        pause_s = INTERVAL_S
        while not self._ending.is_set():
            pause_s = INTERVAL_S if self._step() else min(pause_s * 2, MAX_PAUSE_S)
            self._ending.wait(pause_s)
        with self._lock:
            self._spool.close()
        while not (self._step() and self._spool.is_drained()) and time.monotonic() < self._deadline_s:
            time.sleep(_END_PAUSE_S)
        self._maintain(is_last=True)
        self._show(self.state())

    def _step(self) -> bool:
        """Store what is there, and say what was lost. Return False where the store is away."""
        problem = self._try_to_drain()
        for note in self._drain.notes():
            self._say(note)
        self._say_dropped()
        self._say_away(problem)
        self._problem = problem
        now_s = time.monotonic()
        if now_s >= self._shown_at_s:
            self._shown_at_s = now_s + UPKEEP_S
            if self._is_draining:
                self._do(self._always)
            self._show(self.state())
        if not problem:
            self._maintain()
        return not problem

    def _try_to_drain(self) -> str:
        self._is_draining = self._turn.is_ours()
        if not self._is_draining:
            return ""
        try:
            self._drain.run()
        except Exception as error:  # noqa: BLE001 - a thread that ends would leave all events waiting, and nobody told
            return str(error) or type(error).__name__
        return ""

    def _maintain(self, *, is_last: bool = False) -> None:
        """Do what is due beside the storing, once there is a store. What fails is told of once, until it works."""
        if not self._is_draining or not self._drain.stored or (time.monotonic() < self._upkeep_at_s and not is_last):
            return
        self._upkeep_at_s = time.monotonic() + UPKEEP_S
        self._do(self._upkeep, is_last=is_last)

    def _do(self, upkeeps: Sequence[Upkeep], *, is_last: bool = False) -> None:
        for upkeep in upkeeps:
            try:
                notes = upkeep.run(self._clock(), is_last=is_last)
                self._failing.discard(id(upkeep))
            except Exception as error:  # noqa: BLE001 - the storing must go on, whatever fails beside it
                words = str(getattr(error, "orig", None) or error).partition("\n")[0][:200]
                is_known = id(upkeep) in self._failing
                notes = () if is_known else (f"{type(upkeep).__name__} of the store fails: {words}",)
                self._failing.add(id(upkeep))
            for note in notes:
                self._say(note)

    def _say_away(self, problem: str) -> None:
        """Say when the store is away for long, and when it is back. The words wait in the spool with the events."""
        now_s = self._clock()
        if problem and self._away_since_s is None:
            self._away_since_s = now_s
        since_s = self._away_since_s
        if since_s is None:
            return
        if problem and not self._has_said_away and now_s - since_s >= AWAY_S:
            said = f"Events cannot be stored since {moment(since_s)}: {problem}. They wait on the disk."
            self._has_said_away = self._say(said)
        elif not problem:
            if self._has_said_away:
                self._say(f"Events are stored again. They waited since {moment(since_s)}.")
            self._away_since_s, self._has_said_away = None, False

    def _say_dropped(self) -> None:
        with self._lock:
            self._is_full = False  # try again: the drain may have made room
            dropped, since_s = self._dropped - self._said_dropped, self._dropped_since_s
        if not dropped:
            return
        is_loud = time.monotonic() >= self._loud_at_s
        if is_loud:
            self._loud_at_s = time.monotonic() + AWAY_S
        if self._say(f"{dropped} events were lost since {moment(since_s)}: the spool was full.", is_loud=is_loud):
            self._loud_at_s = 0.0
            with self._lock:
                self._said_dropped += dropped
                self._dropped_since_s = self._clock()

    def _say(self, said: str, *, is_loud: bool = True) -> bool:
        """Tell, and spool an event of our own; False where the spool takes none."""
        if is_loud:
            self._tell(said)
        event = Event(
            id=uuid.uuid4().hex,
            at_s=self._clock(),
            method="",
            operation="",
            path="",
            status=0,
            outcome="failed",
            client="",
            principal="",
            kind="guard",
            said=said,
        )
        with self._lock:
            try:
                self._spool.append(packed(event))
            except SpoolFullError:
                return False
        return True
