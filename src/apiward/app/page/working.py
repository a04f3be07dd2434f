"""Does long work for the page, one at a time: runs the command that does the same, watches it, ends it on request.

The command runs beside the page, without a terminal and without a shell. It holds a lock as long as it lives, so that
a page that was started again knows of it, and two pages of one folder never work at the same time.
"""

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from apiward.app.guarding.place import Place
from apiward.app.guarding.telling import tell
from apiward.app.page.works import Work, WorkKind, Works
from apiward.app.patching.filing import findings_of, standing_rules
from apiward.config.errors import AdvisedError
from apiward.config.rules_file import named, remove_rules
from apiward.core.lanes import AuditKind
from apiward.core.ports import Clock

MOST_S: Final = 1_800.0
GRACE_S: Final = 45.0
"""So long may what was asked to end take its rules back, and end its guard."""
_LOCK, _OUT, _TALK = "lock", "out", "talk"
_CLEAN: Final = frozenset({0, 1, 2, 3})
"""Exit codes after which a command has left behind only what it says."""

CommandOf = Callable[[WorkKind, str, str], Sequence[str]]


def command_of(place: Place) -> CommandOf:
    """Return what makes the command for work of a kind on a finding, for somebody."""

    def command(kind: WorkKind, finding: str, by: str) -> Sequence[str]:
        named = [f"--config={place.file.absolute()}"] if place.file is not None and place.file.exists() else []
        start = [sys.executable, "-m", "apiward"]
        if kind is WorkKind.REPLAY:
            return (*start, "replay", *named, "--", finding)
        dry = ["--dry-run"] if kind is WorkKind.PLAN else []
        return (*start, "patch", "hold", *named, *dry, f"--owner={by}", "--", finding)

    return command


class Workshop:
    """Begins, watches and ends work. `command` makes what is run, `most_s` is how long it may take."""

    def __init__(
        self,
        place: Place,
        clock: Clock,
        *,
        command: CommandOf | None = None,
        most_s: float = MOST_S,
        grace_s: float = GRACE_S,
    ) -> None:
        self._place = place
        self._clock = clock
        self._command = command or command_of(place)
        self._most_s = most_s
        self._grace_s = grace_s
        self._works = Works(place.data)
        self._one = threading.Lock()
        self._watching: threading.Thread | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._ended_by = ""

    def start(self, kind: WorkKind, finding: str, by: str) -> None:
        """Begin. Raises AdvisedError where something is under way, or nobody could tell later who has done it."""
        with self._one, self._works.opened(_LOCK) as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise _busy() from None
            if self._watching is not None:
                self._watching.join()  # its command has ended: what came of it is being written down
            self._say(f"{_DONE[kind]} the finding {finding}: begun from the page.", by)
            before = frozenset(_rules_of(finding, self._place)) if kind is WorkKind.HOLD else frozenset()
            self._begin(Work(kind, finding, by, self._clock()), lock, before)

    def end(self, finding: str, by: str) -> None:
        """Ask what is under way for a finding to end. Raises AdvisedError where nothing is."""
        work = self.of(finding)
        if work is None or work.ended_s is not None:
            raise AdvisedError("Nothing was ended.", "It has ended by itself.", "")
        self._say(f"{_DONE[work.kind]} the finding {finding}: ended from the page.", by)
        self._ended_by = by
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(work.process, signal.SIGINT)  # it lives: it holds the lock

    def of(self, finding: str) -> Work | None:
        """Return the last work on a finding as it stands now."""
        work = self._works.of(finding)
        if work is None or work.ended_s is not None:
            return work
        if not self._is_held():
            # What ended a moment ago may be being written down by its watcher.
            if self._watching is not None:
                self._watching.join(self._grace_s)
                work = self._works.of(finding)
            return work if work is None or work.ended_s is not None else replace(work, ended_s=work.began_s)
        return replace(work, talk=self._works.text(_TALK))

    def under_way(self) -> str:
        """Return the finding for which something is under way; empty where nothing is."""
        work = self._works.under_way()
        return work.finding if work is not None and self._is_held() else ""

    def close(self) -> None:
        """End what this page has begun: it may not go on when nobody can see it any more."""
        process, watching = self._process, self._watching
        if process is None or watching is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGINT)
        watching.join(self._grace_s)
        if watching.is_alive():
            process.kill()
            watching.join(self._grace_s)

    def _begin(self, work: Work, lock: int, before: frozenset[tuple[str, str]]) -> None:
        command = self._command(work.kind, work.finding, work.by)
        with self._works.opened(_OUT) as out, self._works.opened(_TALK) as talk:
            process = subprocess.Popen(  # noqa: S603 - our own module, arguments without a shell
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=talk,
                cwd=self._place.base,
                env={**os.environ, "CI": "", "NO_COLOR": "1"},  # progress in lines, as nobody else tells it
                start_new_session=True,
                pass_fds=(lock,),
            )
        work = replace(work, process=process.pid)
        self._process, self._ended_by = process, ""
        self._works.keep(work)
        self._watching = threading.Thread(target=self._watch, args=(process, work, before), daemon=True)
        self._watching.start()

    def _watch(self, process: "subprocess.Popen[bytes]", work: Work, before: frozenset[tuple[str, str]]) -> None:
        code = self._awaited(process)
        self._process = None
        if work.kind is WorkKind.HOLD and code not in _CLEAN:
            self._take_out(work.finding, before)
        told, talk = self._works.text(_OUT), self._works.text(_TALK)
        ended = replace(work, ended_s=self._clock(), code=code, ended_by=self._ended_by, told=told, talk=talk)
        with contextlib.suppress(OSError):  # a full disk: then it is told as cut off
            self._works.keep(ended)

    def _awaited(self, process: "subprocess.Popen[bytes]") -> int:
        """Return the exit code; what takes too long is asked to end, and then ended."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.wait(self._most_s)
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.wait(self._grace_s)
        process.kill()
        return process.wait()

    def _take_out(self, finding: str, before: frozenset[tuple[str, str]]) -> None:
        """Take out what a command that was cut off has written: it was not shown to hold."""
        for table, id_ in set(_rules_of(finding, self._place)) - before:
            with contextlib.suppress(AdvisedError):
                remove_rules(self._place.base, table, named({id_}))

    def _is_held(self) -> bool:
        """Return whether a command lives that was begun from a page of this folder."""
        with self._one:  # who looks holds the lock for a moment, in which nothing could be begun
            try:
                descriptor = os.open(self._works.folder / _LOCK, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
            except OSError:
                return False
            try:
                fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            finally:
                os.close(descriptor)
            return False

    def _say(self, said: str, by: str) -> None:
        if not tell(self._place.data, said, kind=AuditKind.ADMINISTRATION, now_s=self._clock(), by=by):
            why = "The audit record does not take it: its waiting room is full, or the disk is."
            raise AdvisedError("It was not done.", why, "Make room on the disk, then try again.")


def _rules_of(finding: str, place: Place) -> Iterator[tuple[str, str]]:
    for rule in standing_rules(place.base):
        if finding in findings_of(rule.values):
            yield rule.table, rule.id


def _busy() -> AdvisedError:
    return AdvisedError(
        "It was not begun.",
        "Something else is being tried now, and two at a time would be in each other's way.",
        "Wait for its end, or end it.",
    )


_DONE: Final = {
    WorkKind.PLAN: "The rule for",
    WorkKind.HOLD: "To hold shut",
    WorkKind.REPLAY: "To look again for",
}
