"""By what a file is known again: a hash of its first line that is no comment.

It stays when the file is renamed, grows or is compressed.
"""

import hashlib
from typing import Final

LONGEST: Final = 65_536
"""Bytes in which the first line must begin."""
_MOST_OF_LINE: Final = 4_096
_COMMENT: Final = b"#"


def head_of(beginning: bytes, *, is_whole: bool) -> str:
    """Return the hash of the first line, empty where it is not whole yet. `is_whole` says that there is no more."""
    at = 0
    while True:
        end = beginning.find(b"\n", at)
        line = beginning[at : end if end >= 0 else None]
        if line[:1] != _COMMENT and line.strip():
            is_there = end >= 0 or is_whole or len(line) >= _MOST_OF_LINE
            return hashlib.sha256(line[:_MOST_OF_LINE]).hexdigest()[:24] if is_there else ""
        if end < 0:
            return ""
        at = end + 1


def id_prefix(source: str, head: str) -> str:
    """Return how the ids of the events of one file begin: the same however often and wherever it is read."""
    return hashlib.sha256(f"{source}\0{head}".encode("utf-8", "backslashreplace")).hexdigest()[:16]
