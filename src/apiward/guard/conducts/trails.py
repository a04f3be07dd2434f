"""Ids that are guessed: one caller who meets many absent or foreign objects, or walks through them one by one."""

from dataclasses import dataclass, field
from typing import Final

from apiward.core.decision import Decision, Effect
from apiward.guard.conducts.recent import Recent

MAX_TRAILS: Final = 10_000
_MISSES: Final = frozenset({401, 403, 404, 410})
_LONGEST_NUMBER: Final = 18


@dataclass(slots=True)
class _Trail:
    since_s: float
    missed: set[int] = field(default_factory=set)
    last: int = 0
    run: int = 0


@dataclass(frozen=True, slots=True)
class TrailLimits:
    """Absent ids and steps in a row that are borne in `window_s` seconds; a caller without a log-in has more."""

    window_s: int = 600
    misses: int = 30
    steps: int = 100
    anonymous_times: int = 3


class Trails:
    """Remembers, of each caller and operation, which ids were not there. Bounded in callers and in ids."""

    def __init__(self, limits: TrailLimits) -> None:
        self._limits = limits
        self._trails: Recent[tuple[str, str], _Trail] = Recent(MAX_TRAILS)
        self._shut: dict[tuple[str, str], float] = {}
        self._walked: dict[tuple[str, str], int] = {}

    @property
    def is_calm(self) -> bool:
        """Whether there is nothing to say of anybody."""
        return not self._shut and not self._walked

    def before(self, who: str, operation: str, now_s: float) -> Decision | None:
        """Return a refusal for a caller who guessed too much, or a note on one who walks."""
        key = (who, operation)
        until_s = self._shut.get(key)
        if until_s is not None:
            if now_s < until_s:
                saw = f"more than {self._limits.misses} ids that are not there"
                return Decision("conduct.enumeration", place="path", saw=saw, retry_after_s=int(until_s - now_s) + 1)
            del self._shut[key]
        steps = self._walked.pop(key, 0)
        if steps:
            return Decision("conduct.walk", Effect.NOTE, place="path", saw=f"{steps} ids in a row")
        return None

    def after(
        self, who: str, operation: str, arguments: tuple[str, ...], status: int, now_s: float, *, is_anonymous: bool
    ) -> None:
        """Take note of how a call with ids in its path ended."""
        text, is_miss = arguments[-1], status in _MISSES
        is_number = len(text) <= _LONGEST_NUMBER and text.isascii() and text.isdigit()
        if not is_miss and not is_number:
            return
        key = (who, operation)
        trail = self._trails.get(key)
        if trail is None or now_s - trail.since_s > self._limits.window_s:
            trail = _Trail(now_s)
            self._trails.put(key, trail)
        if is_miss:
            most = self._limits.misses * (self._limits.anonymous_times if is_anonymous else 1)
            trail.missed.add(hash(arguments))
            if len(trail.missed) > most:
                self._shut_out(key, now_s)
        if is_number and 200 <= status < 300:
            number = int(text)
            if -1 <= number - trail.last <= 1 and number != trail.last:
                self._step(trail, key)
            else:
                trail.run = 0
            trail.last = number

    def _shut_out(self, key: tuple[str, str], now_s: float) -> None:
        if len(self._shut) >= MAX_TRAILS:
            self._shut = {old: until_s for old, until_s in self._shut.items() if until_s > now_s}
        if len(self._shut) < MAX_TRAILS:
            self._shut[key] = now_s + self._limits.window_s
        self._trails.drop(key)

    def _step(self, trail: _Trail, key: tuple[str, str]) -> None:
        """Count one step more, to the next id or the one before."""
        trail.run += 1
        if trail.run >= self._limits.steps and len(self._walked) < MAX_TRAILS:
            self._walked[key] = trail.run
            trail.run = 0
