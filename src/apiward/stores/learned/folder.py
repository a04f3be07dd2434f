"""A folder of learned states. Each process writes a file of its own; what ended processes left is joined at a start.

Nothing is counted twice: a process starts with what is whole, and writes down only what it has learned since. Its lock
file tells that it lives: the system lets go of the lock when the process ends, however it ends.
"""

import errno
import fcntl
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

MAX_FILE: Final = 32 * 1024 * 1024
"""Bytes of one file that are read or written; a larger one is left out, and told."""
_WHOLE: Final = "whole.json"
_LOCK: Final = "lock"

Join = Callable[[list[bytes]], bytes]
Tell = Callable[[str], None]
"""Is told of each file that is left out because it is too large."""


class LearnedFolder:
    """Keeps what this process has learned in `folder`. A file that cannot be read or written is an OSError."""

    def __init__(self, folder: Path, tell: Tell) -> None:
        self._folder = folder
        self._tell = tell
        self._name = f"worker-{os.getpid()}-{secrets.token_hex(4)}"
        self._held: int | None = None

    def open(self, join: Join) -> bytes:
        """Return all of the past as one state, and begin a file of our own. `join` makes one state of several."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _locked(self._folder / _LOCK):
            self._held = os.open(self._folder / f"{self._name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            left = [path for path in self._locks() if path.stem != self._name and _is_free(path)]
            whole = self._read(_WHOLE)
            if left:
                whole = self._with(whole, [self._read(f"{path.stem}.json") for path in left], join)
            for path in left:
                (self._folder / f"{path.stem}.json").unlink(missing_ok=True)
                path.unlink(missing_ok=True)
        return whole

    def _with(self, whole: bytes, left: list[bytes], join: Join) -> bytes:
        made = join([state for state in (whole, *left) if state])
        if len(made) > MAX_FILE:
            self._tell(_WHOLE)
            return whole
        self._write(_WHOLE, made)
        return made

    def save(self, state: bytes) -> None:
        """Write down what this process has learned, in the place of what it wrote before. One too large is an OSError.

        What was written before stays then.
        """
        if len(state) > MAX_FILE:
            raise OSError(errno.EFBIG, f"it is larger than {MAX_FILE // 2**20} MB", f"{self._name}.json")
        self._write(f"{self._name}.json", state)

    def others(self) -> list[bytes]:
        """Return what other processes have written that learn now."""
        names = sorted(path.name for path in self._folder.glob("worker-*.json") if path.stem != self._name)
        return [state for name in names if (state := self._read(name))]

    def close(self) -> None:
        """End learning: what was saved stays for the next start."""
        held, self._held = self._held, None
        if held is not None:
            os.close(held)

    def all(self) -> list[bytes]:
        """Return all states there are, to look at them; changes nothing."""
        whole = self._read(_WHOLE)
        return [*([whole] if whole else []), *self.others()]

    def _locks(self) -> list[Path]:
        return sorted(self._folder.glob("worker-*.lock"))

    def _read(self, name: str) -> bytes:
        try:
            with (self._folder / name).open("rb") as file:
                text = file.read(MAX_FILE + 1)
        except FileNotFoundError:
            return b""
        if len(text) <= MAX_FILE:
            return text
        self._tell(name)
        return b""

    def _write(self, name: str, state: bytes) -> None:
        fresh = self._folder / f".{name}.{secrets.token_hex(4)}"
        try:
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(state)
            fresh.replace(self._folder / name)
        except OSError:
            with suppress(OSError):
                fresh.unlink(missing_ok=True)
            raise


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _is_free(path: Path) -> bool:
    """Whether the process that held this lock has ended."""
    handle = os.open(path, os.O_RDWR)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(handle)
    return True
