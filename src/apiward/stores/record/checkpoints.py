"""Checkpoints (C2SP "tlog-checkpoint"): signed notes of how large the record was, and of its hash then."""

import base64
import binascii
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from apiward.core.merkle import HASH_BYTES
from apiward.stores.record.signing import NotSignedError, PublicKey

MAX_FILE: Final = 256 * 1024 * 1024
"""Bytes of a file of checkpoints that is read: some eighteen months of one a minute."""
_TIME: Final = re.compile(r"time (\d{1,12})")
_NUMBER: Final = re.compile(r"0|[1-9]\d{0,17}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How large the record of `origin` was at `at_s`, and the root hash of its tree."""

    origin: str
    size: int
    root: bytes
    at_s: int

    @property
    def text(self) -> str:
        """What is signed. The time is an extension line, so that it is signed, too."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\ntime {self.at_s}\n"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what was signed; raises ValueError."""
        lines = text.split("\n")
        time = _TIME.fullmatch(lines[3]) if len(lines) > 3 else None
        if time is None or lines[-1] or not lines[0] or not _NUMBER.fullmatch(lines[1]):
            raise ValueError("it is no checkpoint")
        try:
            root = base64.b64decode(lines[2], validate=True)
        except binascii.Error:
            root = b""
        if len(root) != HASH_BYTES:
            raise ValueError("its hash is broken")
        return cls(lines[0], int(lines[1]), root, int(time[1]))


@dataclass(frozen=True, slots=True)
class BadCheckpoint:
    """What stands where a checkpoint should, from line `line` on, and why it counts for nothing."""

    line: int
    why: str


def read_checkpoints(text: str, key: PublicKey) -> Iterator[Checkpoint | BadCheckpoint]:
    """Yield the checkpoints in a text of several, one after another, with or without empty lines between them."""
    for line, note in _notes(text):
        try:
            found = Checkpoint.parse(key.opened(note))
        except NotSignedError as error:
            yield BadCheckpoint(line, str(error))
        except ValueError as error:
            yield BadCheckpoint(line, f"it is signed, but {error}")
        else:
            yield found if found.origin == key.name else BadCheckpoint(line, f"it is of another record: {found.origin}")


class CheckpointFile:
    """A place for checkpoints: a file to which they are appended. Best on another machine's disk."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.name = str(path)

    def put(self, note: str) -> None:
        """Append a checkpoint and wait until it is on the disk; raises OSError."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            # The empty lines before it part it from one that a crash has torn.
            os.write(handle, f"\n\n{note}".encode())
            os.fsync(handle)
        finally:
            os.close(handle)


def _notes(text: str) -> Iterator[tuple[int, str]]:
    """Yield each body with the signatures below it, and the number of its first line. A torn one stands alone."""
    waiting: tuple[int, str] | None = None
    for line, part in _parts(text):
        if part.startswith("—") and waiting:
            yield waiting[0], f"{waiting[1]}\n{part}"
            waiting = None
            continue
        if waiting:
            yield waiting
        waiting = line, part
    if waiting:
        yield waiting


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """Yield runs of lines: an empty line ends one, and so does the step from signatures to the next body."""
    begun, lines = 0, list[str]()
    for number, line in enumerate(text.split("\n"), 1):
        if lines and (not line or (lines[-1].startswith("—") and not line.startswith("—"))):
            yield begun, "\n".join(lines) + "\n"
            lines = []
        if line:
            begun = begun if lines else number
            lines.append(line)
    if lines:
        yield begun, "\n".join(lines) + "\n"
