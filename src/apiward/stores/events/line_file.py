"""Events as JSON lines in a file or on standard output."""

import os
import time
from pathlib import Path
from typing import Final

from apiward.stores.events.keeping import StoreAwayError
from apiward.stores.events.lines import encode_line
from apiward.stores.events.rows import Cell

STANDARD_OUTPUT: Final = 1
_TOGETHER: Final = 100
_PAUSE_S: Final = 0.000_5  # so that a request waits for that many lines, not for a whole batch


class LineFile:
    """Appends lines to `path`, or to standard output where it is None.

    The file is opened anew when it was moved away (as logrotate does). As the only keeper it may write
    a part of a batch twice, after a failure or a crash in the middle of it: ids tell.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._descriptor = STANDARD_OUTPUT if path is None else -1
        self._is_torn = False

    def add(self, rows: list[list[Cell]]) -> tuple[str, ...]:
        """Write all `rows`; raises StoreAwayError, and the next line begins anew after a torn one."""
        try:
            self._open()
            for start in range(0, len(rows), _TOGETHER):
                self._write(b"".join([b"\n" * self._is_torn, *map(encode_line, rows[start : start + _TOGETHER])]))
                time.sleep(_PAUSE_S)
        except OSError as error:
            raise StoreAwayError(f"the log of lines cannot be written: {error.strerror}") from error
        return ()

    def close(self) -> None:
        """Close the file."""
        if self._path and self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _open(self) -> None:
        if self._path is None or self._is_there():
            return
        self.close()
        self._descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def _is_there(self) -> bool:
        if self._descriptor < 0 or self._path is None:
            return False
        try:
            return os.path.samestat(os.stat(self._path), os.fstat(self._descriptor))  # noqa: PTH116 - beside fstat
        except FileNotFoundError:
            return False

    def _write(self, text: bytes) -> None:
        view = memoryview(text)
        while view:
            written = os.write(self._descriptor, view)
            self._is_torn = True
            view = view[written:]
        self._is_torn = False
