"""Passwords that were stolen elsewhere, from a file of their SHA-1 hashes in order, as Have I Been Pwned gives it out.

The file is searched where it lies, however large it is: nothing of it is held in memory, and nobody is asked.
"""

import hashlib
import mmap
import re
from pathlib import Path
from typing import Final, Protocol

DIGITS: Final = 40
MAX_LINE: Final = 120
_LINE: Final = re.compile(rb"[0-9A-Fa-f]{40}(?::\d{1,12})?\r?\n?")


class Text(Protocol):
    """Bytes in memory, or a file that is mapped into it."""

    def __len__(self) -> int: ...
    def __getitem__(self, at: slice, /) -> bytes: ...
    def find(self, part: bytes, start: int, end: int, /) -> int:
        """Return where `part` stands first, or -1."""
        ...

    def rfind(self, part: bytes, start: int, end: int, /) -> int:
        """Return where `part` stands last, or -1."""
        ...


class Breached:
    """Says whether a password is among the stolen ones: some thirty looks into the file. Raises ValueError."""

    def __init__(self, text: Text) -> None:
        self._text = text
        first, last = self._line(0)[0], self._line(max(0, len(text) - 2))[0]
        if not (_LINE.fullmatch(first) and _LINE.fullmatch(last) and first.upper() <= last.upper()):
            raise ValueError("breached_file: it must hold SHA-1 hashes in order, one on a line (HASH or HASH:COUNT)")

    def __contains__(self, password: str) -> bool:
        wanted = hashlib.sha1(password.encode("utf-8", "replace"), usedforsecurity=False).hexdigest().upper().encode()
        low, high = 0, len(self._text)
        while low < high:
            line, start, end = self._line((low + high) // 2)
            found = line[:DIGITS].upper()
            if found == wanted:
                return True
            if found < wanted:
                low = end
            else:
                high = start
        return False

    def _line(self, at: int) -> tuple[bytes, int, int]:
        """Return the line around `at`, where it begins, and where the next one does."""
        start = self._text.rfind(b"\n", max(0, at - MAX_LINE), at) + 1 or max(0, at - MAX_LINE)
        end = self._text.find(b"\n", at, at + MAX_LINE) + 1 or min(len(self._text), at + MAX_LINE)
        return self._text[start:end], start, end


def load_breached(path: Path) -> Breached:
    """Return the stolen passwords of a file. Raises ValueError where it cannot be used."""
    try:
        with path.open("rb") as file:
            return Breached(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    except OSError as error:
        raise ValueError(f"breached_file: {path.name} cannot be read: {error.strerror or error}") from error
    except ValueError as error:
        raise ValueError(f"{error}" if "breached_file" in str(error) else "breached_file: it is empty") from error
