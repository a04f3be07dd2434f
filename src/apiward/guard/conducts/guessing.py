"""Log-ins that fail: who guesses passwords of one account, tries many accounts, or is part of a wave."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from apiward.core.decision import Decision, Effect
from apiward.core.ports import Counters
from apiward.guard.conducts.recent import Recent

REMEMBERED_S: Final = 30 * 24 * 3600
"""How long a place from which an account has logged in counts as its owner's, in seconds."""
MAX_HELD: Final = 200
"""Requests that are held back at once; more go on, so that nobody can fill the waiting room."""
MAX_OPEN: Final = 10_000
_EVER: Final = 1_000_000


class Outcome(Enum):
    """How a log-in ended. UNKNOWN counts for nothing."""

    GOOD = "good"
    BAD = "bad"
    UNKNOWN = "unknown"


@dataclass(slots=True)
class Attempt:
    """One log-in: whose account is meant (stand-ins), from where, and how it ended.

    All names that were sent count: else a made-up one beside the real one would hide it.
    """

    accounts: tuple[str, ...]
    where: str
    outcome: Outcome = Outcome.UNKNOWN
    is_held: bool = False

    @property
    def pairs(self) -> tuple[str, ...]:
        """The accounts at this place."""
        return tuple(f"{account}|{self.where}" for account in self.accounts)


@dataclass(frozen=True, slots=True)
class GuessLimits:
    """How many failures are borne in `window_s` seconds, and how long requests are held."""

    window_s: int = 900
    pair: int = 10
    address: int = 30
    free: int = 3
    first_delay_s: float = 0.5
    most_delay_s: float = 5.0
    wave_least: int = 50
    wave_share: float = 0.7


class Guessing:
    """Judges log-ins before they are tried, and counts how they end. An account itself is never shut."""

    def __init__(self, limits: GuessLimits, counters: Counters) -> None:
        self._limits = limits
        self._counters = counters
        self._open: Recent[str, int] = Recent(MAX_OPEN)
        self._held = 0

    def before(self, attempt: Attempt, now_s: float) -> Decision | None:
        """Return whether this log-in must wait or is refused, None where it may go on."""
        limits = self._limits
        is_known = all(self._used("good", pair, _EVER, now_s, REMEMBERED_S) > 0 for pair in attempt.pairs)
        # Log-ins under way count as failures: else a hundred at once would all be the first.
        guesses = max(
            self._used("pair", pair, limits.pair * 2, now_s) + (self._open.get(pair) or 0) for pair in attempt.pairs
        )
        if guesses >= limits.pair * (2 if is_known else 1):
            return Decision("conduct.guessing", saw=f"{guesses} failed log-ins", retry_after_s=limits.window_s)
        if not is_known and self._used("address", attempt.where, limits.address, now_s) >= limits.address:
            saw = f"{limits.address} failed log-ins from one place"
            return Decision("conduct.stuffing", saw=saw, retry_after_s=limits.window_s)
        for pair in attempt.pairs:
            self._open.put(pair, (self._open.get(pair) or 0) + 1)
        return self._delayed(attempt, guesses, now_s, is_known=is_known)

    def after(self, attempt: Attempt, now_s: float) -> None:
        """Count how a log-in ended that went on."""
        for pair in attempt.pairs:
            self._close(pair)
        if attempt.is_held:
            self._held -= 1
        if attempt.outcome is Outcome.UNKNOWN:
            return
        self._hit("all", "", now_s)
        if attempt.outcome is Outcome.BAD:
            self._hit("bad", "", now_s)
            self._hit("address", attempt.where, now_s)
        for account, pair in zip(attempt.accounts, attempt.pairs, strict=True):
            if attempt.outcome is Outcome.GOOD:
                self._hit("good", pair, now_s, REMEMBERED_S)
            else:
                self._hit("pair", pair, now_s)
                self._hit("account", account, now_s)

    def _close(self, pair: str) -> None:
        left = (self._open.get(pair) or 0) - 1
        if left > 0:
            self._open.put(pair, left)
        else:
            self._open.drop(pair)

    def _delayed(self, attempt: Attempt, guesses: int, now_s: float, *, is_known: bool) -> Decision | None:
        limits = self._limits
        rule, over = "conduct.slowed", guesses - limits.free
        if not is_known:
            failures = max(self._used("account", name, limits.address, now_s) for name in attempt.accounts)
            over = max(over, failures - 2 * limits.free)
            if over <= 0 and self._is_wave(now_s):
                rule, over = "conduct.wave", 2
        if over <= 0 or self._held >= MAX_HELD:
            return None
        self._held += 1
        attempt.is_held = True
        delay_s = min(limits.most_delay_s, limits.first_delay_s * 2 ** min(over - 1, 16))
        return Decision(rule, Effect.DELAY, saw=f"{delay_s:.1f} s", delay_s=delay_s)

    def _is_wave(self, now_s: float) -> bool:
        bad = self._used("bad", "", _EVER, now_s)
        return bad >= self._limits.wave_least and bad >= self._limits.wave_share * self._used("all", "", _EVER, now_s)

    def _used(self, kind: str, who: str, limit: int, now_s: float, window_s: int = 0) -> int:
        window_s = window_s or self._limits.window_s
        count = self._counters.peek(f"conduct:{kind}:{who}", limit=limit, window_s=window_s, now_s=now_s)
        return limit - count.remaining

    def _hit(self, kind: str, who: str, now_s: float, window_s: int = 0) -> None:
        limits = {"pair": self._limits.pair * 2, "address": self._limits.address, "account": self._limits.address}
        window_s = window_s or self._limits.window_s
        self._counters.hit(f"conduct:{kind}:{who}", limit=limits.get(kind, _EVER), window_s=window_s, now_s=now_s)
