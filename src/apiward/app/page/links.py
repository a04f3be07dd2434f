"""One-time links into the page, and the sessions that come of them: files that only who runs apiward can write.

Whoever can write into the data folder may make a link; the page that runs finds it there. Of neither is more kept than
a hash, so that a copy of the folder opens nothing.
"""

import contextlib
import hashlib
import hmac
import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from apiward.app.guarding.rules_in_use import lives
from apiward.core.ports import Clock
from apiward.stores.private import give_to_owner

LINK_S: Final = 600.0
SESSION_S: Final = 12 * 3_600.0
MOST: Final = 200
"""Links, or sessions, that stand at the same time; of more, the oldest go."""
_FOLDER: Final = "page"
_BYTES: Final = 32


class Tickets:
    """Secrets that let somebody in until a time: `links` once, `sessions` as often as they are shown."""

    def __init__(
        self,
        data: Path,
        kind: str,
        *,
        lasts_s: float,
        clock: Clock,
        random_bytes: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._data = data
        self._folder = data / _FOLDER / kind
        self._lasts_s = lasts_s
        self._clock = clock
        self._random_bytes = random_bytes

    def make(self) -> str:
        """Make one and return it. Raises OSError."""
        ticket = self._random_bytes(_BYTES).hex()
        for folder in (self._folder.parent, self._folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            give_to_owner(folder, self._data)
        self._tidy()
        path = self._path(ticket)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"{self._clock() + self._lasts_s:.3f}")
        give_to_owner(path, self._data)
        return ticket

    def is_good(self, ticket: str) -> bool:
        """Return whether a ticket stands and has not ended."""
        try:
            until_s = float(self._path(ticket).read_text("ascii"))
        except (OSError, ValueError):
            return False
        now_s = self._clock()
        return now_s < until_s <= now_s + self._lasts_s

    def use(self, ticket: str) -> bool:
        """Return whether a ticket was good; it is not any more. Of several who use it at once, one is let in."""
        is_good = self.is_good(ticket)
        return self.end(ticket) and is_good

    def end(self, ticket: str) -> bool:
        """Take a ticket back; return whether there was one."""
        try:
            self._path(ticket).unlink()
        except OSError:
            return False
        return True

    def count(self) -> int:
        """Return how many stand."""
        now_s = self._clock()
        return sum(until_s > now_s for until_s, _ in self._all())

    def end_all(self) -> None:
        """Take all of them back."""
        for _, path in list(self._all()):
            with contextlib.suppress(OSError):
                path.unlink()

    def _path(self, ticket: str) -> Path:
        return self._folder / hashlib.sha256(ticket.encode("utf-8", "replace")).hexdigest()

    def _tidy(self) -> None:
        now_s = self._clock()
        standing = sorted(self._all(), reverse=True)
        for place, (until_s, path) in enumerate(standing, 1):
            if until_s <= now_s or place >= MOST:
                with contextlib.suppress(OSError):
                    path.unlink()

    def _all(self) -> Iterator[tuple[float, Path]]:
        for path in self._folder.iterdir() if self._folder.is_dir() else ():
            try:
                yield float(path.read_text("ascii")), path
            except (OSError, ValueError):
                yield 0.0, path


def links_of(data: Path, clock: Clock) -> Tickets:
    """Return the one-time links of the page whose data is in `data`."""
    return Tickets(data, "links", lasts_s=LINK_S, clock=clock)


def sessions_of(data: Path, clock: Clock) -> Tickets:
    """Return the sessions of that page."""
    return Tickets(data, "sessions", lasts_s=SESSION_S, clock=clock)


def form_token(session: str) -> str:
    """Return what a form of this session carries: nobody else's page can know it."""
    return hmac.new(session.encode("utf-8", "replace"), b"apiward form", hashlib.sha256).hexdigest()


def is_form_token(session: str, shown: str) -> bool:
    """Return whether a form came with the token of its session."""
    return hmac.compare_digest(form_token(session).encode(), shown.encode("utf-8", "replace"))


def page_address(data: Path) -> str:
    """Return where the page that runs listens, as it has written down; empty where none runs."""
    return _noted(data)[0]


def public_address(data: Path) -> str:
    """Return where the page that runs answers others, or this computer alone; empty where none runs."""
    return _noted(data)[1]


def note_address(data: Path, address: str, public: str = "") -> None:
    """Write down where the page listens, and for others; an empty address takes that back. Raises OSError."""
    folder = data / _FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    give_to_owner(folder, data)
    path = folder / "address"
    if not address:
        path.unlink(missing_ok=True)
        return
    fresh = path.with_name(f".address.{os.getpid()}")
    fresh.write_text(f"{address} {os.getpid()} {public or address}", "utf-8")
    fresh.replace(path)
    give_to_owner(path, data)


def _noted(data: Path) -> tuple[str, str]:
    try:
        address, process, public = (data / _FOLDER / "address").read_text("utf-8").split()
    except (OSError, ValueError):
        return "", ""
    return (address, public) if process.isdigit() and lives(int(process)) else ("", "")
