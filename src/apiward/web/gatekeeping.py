"""Who may reach the page at all: by the name it was asked for, by where a form comes from, and not too often."""

from collections import deque
from collections.abc import Mapping
from typing import Final

from apiward.core.ports import Clock

TRIES: Final = 10
"""Wrong links in a minute after which nobody is let in for the rest of it."""
WINDOW_S: Final = 60.0


def own_hosts(host: str, port: int) -> frozenset[str]:
    """Return the names by which the page may be asked for: any other is somebody else's, pointed at this machine."""
    names = {host, "127.0.0.1", "localhost", "::1"}
    return frozenset(f"[{name}]:{port}" if ":" in name else f"{name}:{port}" for name in names)


def is_own_form(headers: Mapping[str, str], host: str) -> bool:
    """Return whether a form was sent from a page of ours, as far as the browser says: what it says must fit."""
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if origin is not None and origin not in {f"http://{host}", f"https://{host}"}:
        return False
    return site in {None, "same-origin", "none"}


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
