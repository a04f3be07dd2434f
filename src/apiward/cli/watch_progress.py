"""How far a long log has been read: a bar on a terminal, a line now and then where stderr is a file, or nothing."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Protocol

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from apiward.app.watching.running import Course
from apiward.cli.speaking import say

_LINE_EVERY: Final = 1_000_000


class LogProgress(Protocol):
    """Shows how far it is."""

    def show(self, course: Course) -> None:
        """Show it; called often."""
        ...

    def close(self) -> None:
        """End what is drawn."""
        ...


class Unshown:
    """Shows nothing."""

    def show(self, course: Course) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""


class Lines:
    """A line for each million of requests."""

    def __init__(self) -> None:
        self._next = _LINE_EVERY

    def show(self, course: Course) -> None:
        """Say it where there is a million more."""
        told = course.watching.told
        if told.events >= self._next:
            say(f"{told.events:,} requests were read; incidents so far: {len(told.incidents)}.")
            self._next = told.events + _LINE_EVERY

    def close(self) -> None:
        """Do nothing."""


class Bar:
    """A bar on a terminal."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("Reading"),
            BarColumn(),
            DownloadColumn(),
            TimeRemainingColumn(compact=True),
            TextColumn("{task.fields[found]}"),
            console=Console(stderr=True, no_color=bool(os.environ.get("NO_COLOR"))),
        )
        self._task = self._progress.add_task("", total=None, found="")
        self._progress.start()

    def show(self, course: Course) -> None:
        """Move it."""
        told = course.watching.told
        found = f"{told.events:,} requests, {len(told.incidents)} incidents"
        self._progress.update(self._task, total=course.size or None, completed=course.done_bytes, found=found)

    def close(self) -> None:
        """Leave it as it is."""
        self._progress.stop()


@contextmanager
def log_progress(*, is_quiet: bool) -> Iterator[LogProgress]:
    """Give what fits where stderr goes; nothing where it is to be quiet, and in CI, where nobody watches."""
    shown: LogProgress
    if is_quiet or os.environ.get("CI"):
        shown = Unshown()
    else:
        shown = Bar() if sys.stderr.isatty() and os.environ.get("TERM") != "dumb" else Lines()
    try:
        yield shown
    finally:
        shown.close()
