"""The journal of systemd: what a service has printed, read by `journalctl`, which remembers the place by a cursor."""

import hashlib
import os
import shutil
import subprocess
import threading
from collections.abc import Sequence
from typing import IO, Final

import orjson

from apiward.app.watching.sources.cutting import LineCutter
from apiward.app.watching.sources.model import BEGINNING, Chunk, Position
from apiward.config.errors import AdvisedError

PROGRAM: Final = "journalctl"
_CHUNK: Final = 262_144
_END_S: Final = 5.0
_MOST_SAID: Final = 2_000


class JournalSource:
    """The messages of one service, such as `nginx.service`. Raises AdvisedError where there is no journal."""

    def __init__(
        self, unit: str, name: str, position: Position = BEGINNING, *, is_followed: bool = False,
        program: Sequence[str] = (PROGRAM,),
    ) -> None:  # fmt: skip
        found = shutil.which(program[0])
        if found is None:
            advice = "Give the file that the service writes instead, or send its lines: … | apiward watch -"
            raise AdvisedError("There is no journal here.", f"{program[0]} is not installed.", advice)
        self.name = name
        self.size = 0
        self.damage = ""
        self._unit = unit
        self._cursor = position.cursor
        command = [found, *program[1:], "--output=json", "--no-pager", "--all", f"--unit={unit}"]
        command += [f"--after-cursor={self._cursor}"] if self._cursor else []
        command += ["--follow", "--lines=all"] if is_followed and not self._cursor else ["--follow"] * is_followed
        self._child = subprocess.Popen(  # noqa: S603 - a fixed program; the unit is one argument of its own
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        self._errors = _Errors(self._child.stderr)
        self._is_followed = is_followed
        self._cutter = LineCutter()
        self._read = 0
        self._is_over = False

    @property
    def done_bytes(self) -> int:
        """Return how many bytes were read."""
        return self._read

    @property
    def is_over(self) -> bool:
        """Return whether there will be no more."""
        return self._is_over

    def read(self) -> Chunk | None:
        """Return what is there now. Raises AdvisedError where the journal says that it cannot be read."""
        if self._is_over or self._child.stdout is None:
            return None
        pipe = self._child.stdout.fileno()
        os.set_blocking(pipe, not self._is_followed)
        try:
            data = os.read(pipe, _CHUNK)
        except BlockingIOError:
            return None
        self._read += len(data)
        if not data:
            self._end()
        return self._chunk(self._cutter.feed(data) if data else self._cutter.end())

    def close(self) -> None:
        """End the program."""
        if self._child.poll() is None:
            self._child.terminate()
            try:
                self._child.wait(_END_S)
            except subprocess.TimeoutExpired:
                self._child.kill()
                self._child.wait()
        self._errors.text()
        if self._child.stdout is not None:
            self._child.stdout.close()

    def _end(self) -> None:
        self._is_over = True
        said = self._errors.text()
        if self._child.wait() and not self._cutter.number:
            why = said.strip().partition("\n")[0][:200]
            advice = "Run this as root, or as a member of the group systemd-journal."
            raise AdvisedError(
                f"The journal of {self._unit[:80]} cannot be read.", f"{why or 'It ended at once'}.", advice
            )

    def _chunk(self, lines: Sequence[str]) -> Chunk | None:
        start = Position(cursor=self._cursor)
        messages: list[str] = []
        ids: list[str] = []
        for line in lines:
            found = _message(line)
            if found is None:
                continue
            message, self._cursor = found
            messages.append(message)
            ids.append(hashlib.sha256(f"{self.name}\0{self._cursor}".encode()).hexdigest()[:24])
        if not messages:
            return None
        return Chunk(messages, self.name, 0, start, Position(cursor=self._cursor), ids)


class _Errors:
    """Reads what a program says of errors as it comes: one that nobody listens to waits for ever at some 64 KB."""

    def __init__(self, pipe: IO[bytes] | None) -> None:
        self._pipe = pipe
        self._said = b""
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def text(self) -> str:
        """Return the beginning of what was said, once the program has ended."""
        self._thread.join(_END_S)
        return self._said.decode("utf-8", "replace")

    def _read(self) -> None:
        if self._pipe is None:
            return
        with self._pipe:
            while said := os.read(self._pipe.fileno(), _CHUNK):
                self._said = (self._said + said)[:_MOST_SAID]


def _message(line: str) -> tuple[str, str] | None:
    """Return the text and the cursor of an entry."""
    try:
        entry = orjson.loads(line)
    except ValueError:
        return None
    if not isinstance(entry, dict) or not isinstance(entry.get("__CURSOR"), str):
        return None
    message = entry.get("MESSAGE")
    if isinstance(message, list):  # what is no plain text comes as a list of bytes
        message = bytes(byte & 0xFF for byte in message if isinstance(byte, int)).decode("utf-8", "backslashreplace")
    return (message, entry["__CURSOR"]) if isinstance(message, str) else None
