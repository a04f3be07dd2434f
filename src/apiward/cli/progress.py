"""How a scan shows that it works: moving lines on a terminal, a line per part where stderr is a file, or nothing."""

import os
import sys
from typing import Protocol

from rich.console import Console
from rich.progress import (
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from apiward.cli.speaking import say
from apiward.scan.events import Event, ItemDone, PhaseBegan, Sent


class Watcher(Protocol):
    """Listens to a scan, and speaks without disturbing what it draws."""

    def listen(self, event: Event) -> None:
        """Take note of one event."""
        ...

    def note(self, text: str) -> None:
        """Say one line that is part of the progress."""
        ...

    def tell(self, text: str) -> None:
        """Say one line that must be read."""
        ...

    def close(self) -> None:
        """End what is drawn."""
        ...


class Silent:
    """Shows no progress; what must be said is said."""

    def listen(self, event: Event) -> None:
        """Ignore the event."""

    def note(self, text: str) -> None:
        """Ignore the line."""

    def tell(self, text: str) -> None:
        """Say one line."""
        say(text)

    def close(self) -> None:
        """Do nothing."""


class Lines(Silent):
    """One line for each part of the scan, when it ends."""

    def __init__(self) -> None:
        self._phase: PhaseBegan | None = None
        self._done = 0
        self._traffic = ""
        self._has_checked = False

    def listen(self, event: Event) -> None:
        """Count, and say the line of a part when the next one begins."""
        if isinstance(event, PhaseBegan):
            self.close()
            self._phase = event
            return
        self._done += isinstance(event, ItemDone)
        self._has_checked |= isinstance(event, ItemDone)
        self._traffic = traffic_words(event)

    def note(self, text: str) -> None:
        """Say one line."""
        say(text)

    def close(self) -> None:
        """Say the line of the last part."""
        # A part of a stopped scan that did nothing is not worth a line.
        if self._phase is not None and (self._done or not self._has_checked):
            count = f": {self._done} of {self._phase.total}" if self._done else ""
            said = f"; {self._traffic}" if self._traffic else ""
            say(f"{self._phase.name}{count}{said}")
        self._phase, self._done = None, 0


class Moving:
    """A moving line for each part of the scan, on a terminal."""

    def __init__(self) -> None:
        self._progress = Progress(
            SpinnerColumn(finished_text="·"),
            TextColumn("{task.description}"),
            TextColumn("{task.fields[count]}"),
            TimeRemainingColumn(compact=True, elapsed_when_finished=True),
            TextColumn("{task.fields[traffic]}"),
            console=Console(stderr=True, no_color=bool(os.environ.get("NO_COLOR"))),
        )
        self._progress.start()
        self._task: TaskID | None = None
        self._done = self._total = 0

    def listen(self, event: Event) -> None:
        """Count on."""
        if isinstance(event, PhaseBegan):
            self._end_part()
            self._done, self._total = 0, event.total
            self._task = self._progress.add_task(event.name, total=event.total or None, count="", traffic="")
        elif self._task is not None:
            self._done += isinstance(event, ItemDone)
            count = f"{self._done}/{self._total}" if self._done else ""
            # Short enough for 80 columns, beside the longest name of a part.
            traffic = f"{event.sent_count} requests, {event.rate_per_s:.0f}/s"
            self._progress.update(self._task, completed=self._done, count=count, traffic=traffic)

    def note(self, text: str) -> None:
        """Say one line above what moves."""
        self._progress.console.print(text, markup=False, highlight=False)

    def tell(self, text: str) -> None:
        """Say one line above what moves."""
        self.note(text)

    def close(self) -> None:
        """Leave the lines as they are."""
        self._end_part()
        self._progress.stop()

    def _end_part(self) -> None:
        if self._task is not None:
            self._progress.update(self._task, total=max(self._done, 1), completed=max(self._done, 1))
        self._task = None


def traffic_words(event: ItemDone | Sent) -> str:
    """Return what the target has been sent, in words."""
    return f"{event.sent_count} requests sent to your API, {event.rate_per_s:.0f} a second"


def watcher(*, is_quiet: bool) -> Watcher:
    """Return what fits where stderr goes; quiet when asked to, and in CI, where nobody watches."""
    if is_quiet or os.environ.get("CI"):
        return Silent()
    return Moving() if sys.stderr.isatty() and os.environ.get("TERM") != "dumb" else Lines()
