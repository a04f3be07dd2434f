"""Callers that move like machines: at even intervals, or through many operations at once. Only ever a note."""

from dataclasses import dataclass, field
from typing import Final

from apiward.core.decision import Decision, Effect
from apiward.guard.conducts.recent import Recent

MAX_CALLERS: Final = 5_000
ROUND: Final = 60
"""Calls after which the intervals are judged."""
MOST_AT_ONCE: Final = 20
"""Operations that a page of a real app may call within one second."""
_EVEN: Final = 0.03
_LEAST_INTERVAL_S: Final = 0.2
_QUIET_S: Final = 3_600.0


@dataclass(slots=True)
class _Beat:
    last_s: float
    count: int = 0
    total: float = 0.0
    squares: float = 0.0
    second: int = 0
    operations: set[str] = field(default_factory=set)
    told_s: float = -_QUIET_S


class Rhythm:
    """Remembers a few numbers of each caller."""

    def __init__(self) -> None:
        self._beats: Recent[str, _Beat] = Recent(MAX_CALLERS)

    def heard(self, who: str, operation: str, now_s: float) -> Decision | None:
        """Take note of a call; return a note where its caller moves like a machine, once an hour."""
        beat = self._beats.get(who)
        if beat is None:
            self._beats.put(who, _Beat(now_s))
            return None
        gap = now_s - beat.last_s
        beat.last_s = now_s
        beat.count += 1
        beat.total += gap
        beat.squares += gap * gap
        second = int(now_s)
        if second != beat.second:
            beat.second = second
            beat.operations.clear()
        if len(beat.operations) <= MOST_AT_ONCE:
            beat.operations.add(operation)
        if beat.count < ROUND and len(beat.operations) <= MOST_AT_ONCE:
            return None
        return self._judged(beat, now_s)

    @staticmethod
    def _judged(beat: _Beat, now_s: float) -> Decision | None:
        saw = ""
        if len(beat.operations) > MOST_AT_ONCE:
            saw = f"more than {MOST_AT_ONCE} operations in one second"
        elif beat.count >= ROUND:
            mean = beat.total / beat.count
            spread = max(0.0, beat.squares / beat.count - mean * mean) ** 0.5
            if mean >= _LEAST_INTERVAL_S and spread <= _EVEN * mean:
                saw = f"a call every {mean:.1f} s"
        if beat.count >= ROUND:
            beat.count, beat.total, beat.squares = 0, 0.0, 0.0
        if not saw or now_s - beat.told_s < _QUIET_S:
            return None
        beat.told_s = now_s
        return Decision("conduct.machine", Effect.NOTE, saw=saw)
