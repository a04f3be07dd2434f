"""Heads that were read before: a client sends the same headers again and again, so they are read once.

Only heads in which nothing was wrong are kept. What was not sent for a while is forgotten: headers hold credentials.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from apiward.core.call import BodyKind, HeaderBlock
from apiward.guard.wire.media import Incoming

Key: TypeAlias = tuple[str, str, tuple[tuple[bytes, bytes], ...]]
"""(method, HTTP version, headers)"""

MAX_HEADS: Final = 512
MAX_SIZE: Final = 4_096
"""Bytes of headers that are kept of one head."""
FORGOTTEN_AFTER_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class KnownHead:
    """What was read of a head. Nobody may change what is in here."""

    headers: HeaderBlock
    header: Mapping[bytes, bytes]
    body_kind: BodyKind
    incoming: Incoming | None


class HeadMemory:
    """Two generations: what is sent moves into the young one, and the old one is dropped with all that was not."""

    __slots__ = ("_old", "_since_s", "_young")

    def __init__(self) -> None:
        self._young: dict[Key, KnownHead] = {}
        self._old: dict[Key, KnownHead] = {}
        self._since_s = 0.0

    def get(self, key: Key, now_s: float) -> KnownHead | None:
        """Return what was read of this very head within the last two minutes, or None."""
        if not 0.0 <= now_s - self._since_s < FORGOTTEN_AFTER_S:
            self._turn(now_s)
        known = self._young.get(key)
        if known is None and self._old:
            known = self._old.get(key)
            if known is not None:
                self._put(key, known, now_s)
        return known

    def keep(self, key: Key, known: KnownHead, now_s: float) -> None:
        """Keep what was read of a head, where it is not large."""
        if sum(len(name) + len(value) for name, value in known.headers) <= MAX_SIZE:
            self._put(key, known, now_s)

    def _put(self, key: Key, known: KnownHead, now_s: float) -> None:
        if len(self._young) >= MAX_HEADS:
            self._turn(now_s)
        self._young[key] = known

    def _turn(self, now_s: float) -> None:
        self._old = self._young if 0.0 <= now_s - self._since_s < 2 * FORGOTTEN_AFTER_S else {}
        self._young = {}
        self._since_s = now_s
