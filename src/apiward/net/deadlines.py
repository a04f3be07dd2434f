"""Time limits for what many tasks wait for: one timer for all of them, since one for each costs ten microseconds."""

import asyncio
from types import TracebackType
from typing import Final

_MOST_LOOKS: Final = 20
"""How often, within one time limit, it is looked for what is over. A limit is kept to a part in so many."""


class Deadlines:
    """Ends what waits for longer than `limit_s`. Used as `with deadlines.one() as deadline:` inside a task.

    Like `asyncio.timeout`, it cancels the task; the block then ends with TimeoutError.
    """

    __slots__ = ("_limit_s", "_loop", "_open", "_timer")

    def __init__(self, limit_s: float) -> None:
        self._limit_s = limit_s
        self._open: set[Deadline] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def one(self, loop: asyncio.AbstractEventLoop) -> "Deadline":
        """Return a deadline for the running task."""
        task = asyncio.current_task(loop)
        assert task is not None  # noqa: S101 - only coroutines that run in a task may wait
        if self._timer is None or self._loop is not loop:  # the loop before may be closed, and its timer with it
            self._loop = loop
            self._timer = loop.call_later(self._limit_s / _MOST_LOOKS, self._look, loop)
        return Deadline(self._open, task, loop.time() + self._limit_s)

    @property
    def is_looking(self) -> bool:
        """Whether a timer is set."""
        return self._timer is not None

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        now_s = loop.time()
        for deadline in [one for one in self._open if now_s >= one.at_s]:
            deadline.strike()
        is_needed = bool(self._open)
        self._timer = loop.call_later(self._limit_s / _MOST_LOOKS, self._look, loop) if is_needed else None


class Deadline:
    """One of them: it holds inside its `with` block."""

    __slots__ = ("_is_over", "_open", "_task", "at_s")

    def __init__(self, among: "set[Deadline]", task: "asyncio.Task[object]", at_s: float) -> None:
        self._open = among
        self._task = task
        self._is_over = False
        self.at_s = at_s

    def __enter__(self) -> None:
        """Begin."""
        self._open.add(self)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """End; raises TimeoutError where it was too long."""
        self._open.discard(self)
        # Where somebody else cancelled the task as well, that is what counts.
        if self._is_over and self._task.uncancel() == 0 and kind is asyncio.CancelledError:
            raise TimeoutError from error

    def strike(self) -> None:
        """Cancel the task: its time is over."""
        self._open.discard(self)
        self._is_over = True
        self._task.cancel()
