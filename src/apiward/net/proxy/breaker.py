"""A circuit breaker: a server that fails again and again is left alone for a while, then tried with one request."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BreakerSettings:
    """After `failures` in a row the server rests for `rest_s` seconds; each failed try doubles that, to `longest_s`."""

    failures: int = 5
    rest_s: float = 2.0
    longest_s: float = 30.0


class Breaker:
    """Counts failures in a row. Time is an argument: seconds on any steady clock."""

    __slots__ = ("_failures", "_is_trying", "_opened_at_s", "_rest_s", "_settings", "is_closed")

    def __init__(self, settings: BreakerSettings) -> None:
        self._settings = settings
        self._failures = 0
        self._rest_s = settings.rest_s
        self._opened_at_s: float | None = None
        self._is_trying = False
        self.is_closed = True
        """Whether requests pass freely."""

    def allows(self, now_s: float) -> bool:
        """Whether a request may go now. Once the rest is over, one may: its outcome must be told."""
        if self._opened_at_s is None:
            return True
        if self._is_trying or now_s < self._opened_at_s + self._rest_s:
            return False
        self._is_trying = True
        return True

    def wait_s(self, now_s: float) -> float:
        """Seconds until the next try."""
        return 0.0 if self._opened_at_s is None else max(0.0, self._opened_at_s + self._rest_s - now_s)

    def succeeded(self) -> None:
        """Tell that the server answered."""
        if not self._failures:
            return
        self._failures = 0
        self._opened_at_s = None
        self.is_closed = True
        self._is_trying = False
        self._rest_s = self._settings.rest_s

    def failed(self, now_s: float) -> None:
        """Tell that the server did not answer."""
        self._failures += 1
        if self._is_trying:
            self._rest_s = min(self._rest_s * 2, self._settings.longest_s)
        if self._is_trying or self._failures >= self._settings.failures:
            self._opened_at_s = now_s
            self.is_closed = False
            self._is_trying = False

    def forgot(self) -> None:
        """Tell that a try ended without saying anything of the server: the client went away."""
        self._is_trying = False
