"""Whose forms are taken, and how often a link may be tried."""

from collections import deque
from collections.abc import Mapping
from typing import Final

from apiward.core.ports import Clock

TRIES: Final = 10
"""Wrong links in a minute after which nobody is let in for the rest of it."""
WINDOW_S: Final = 60.0


def is_own_form(headers: Mapping[str, str], host: str) -> bool:
    """Return whether a form was sent from a page of ours, as far as the browser says: what it says must fit."""
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if origin is not None and origin not in {f"http://{host}", f"https://{host}"}:
        return False
    return site in {None, "same-origin", "none"}


def says_own(headers: Mapping[str, str]) -> bool:
    """Return whether the browser says at all where a form comes from: a log-in has no token yet that would tell."""
    return "origin" in headers or "sec-fetch-site" in headers


class Tries:
    """Counts wrong links."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failed: deque[float] = deque(maxlen=TRIES)

    @property
    def is_open(self) -> bool:
        """Whether somebody may try."""
        return len(self._failed) < TRIES or self._clock() - self._failed[0] > WINDOW_S

    def fail(self) -> None:
        """Note a wrong one."""
        self._failed.append(self._clock())
