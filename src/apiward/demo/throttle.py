"""How often somebody may fail to log in."""

from collections.abc import Callable
from typing import Final

MOST_FAILURES: Final = 10
LOCKED_S: Final = 15.0


class Throttle:
    """Counts failed log-ins by account and address; forgets them after a quiet while."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failures: dict[tuple[str, str], tuple[int, float]] = {}

    def is_locked(self, account: str, address: str) -> bool:
        """Say whether this account is locked for this address now."""
        count, last = self._failures.get((account, address), (0, 0.0))
        return count >= MOST_FAILURES and self._clock() - last < LOCKED_S

    def failed(self, account: str, address: str) -> None:
        """Remember one failure."""
        now = self._clock()
        count, last = self._failures.get((account, address), (0, now))
        self._failures[account, address] = (1 if now - last >= LOCKED_S else count + 1, now)

    def succeeded(self, account: str, address: str) -> None:
        """Forget the failures of this account at this address."""
        self._failures.pop((account, address), None)
