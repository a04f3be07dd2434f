"""Blocks of one process."""

from collections.abc import Iterator
from typing import NamedTuple


class Block(NamedTuple):
    """Why `key` ("address:192.0.2.1", "user:42") is shut out, and until when (seconds since the epoch).

    `since_s`, `by` and `incident` say who shut it out, and what for; empty where nobody said so.
    """

    key: str
    reason: str
    until_s: float
    since_s: float = 0.0
    by: str = ""
    incident: str = ""


class MemoryBlocks:
    """Implements `core.ports.Blocks`. When `most` are held, the one that ends first makes room."""

    def __init__(self, most: int = 100_000) -> None:
        self._most = most
        self._entries: dict[str, Block] = {}

    def reason(self, key: str, now_s: float) -> str:
        """Return why `key` is shut out now, or an empty text."""
        found = self._entries.get(key)
        return found.reason if found is not None and now_s < found.until_s else ""

    def block(self, key: str, *, reason: str, until_s: float) -> None:
        """Shut out `key` until then; a later block of the same key takes the place of an earlier one."""
        if len(self._entries) >= self._most and key not in self._entries:
            del self._entries[min(self._entries.values(), key=_end).key]
        self._entries[key] = Block(key, reason or "blocked", until_s)

    @property
    def lengths(self) -> tuple[int, ...]:
        """The prefix lengths of networks that are shut out."""
        return tuple(sorted({int(key.rpartition("/")[2]) for key in self._entries if key.startswith("network:")}))

    @property
    def has_tenants(self) -> bool:
        """Whether any tenant is shut out."""
        return any(key.startswith("tenant:") for key in self._entries)

    def unblock(self, key: str) -> bool:
        """Let `key` in again; whether it was shut out."""
        return self._entries.pop(key, None) is not None

    def listed(self, now_s: float) -> Iterator[Block]:
        """Yield who is shut out now."""
        return (block for block in list(self._entries.values()) if now_s < block.until_s)


def _end(block: Block) -> float:
    return block.until_s
