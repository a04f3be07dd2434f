"""What is known of the API beside its traffic: the description, what was learned, and who may call what.

All of it is read from files, and read again when they change: what was learned at most so often that reading it takes
a small part of the time, and beside the pages where there is much of it.
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from apiward.app.guarding.building import read_bytes
from apiward.app.guarding.described import FILE, Described, described, read_described
from apiward.app.guarding.description import is_address
from apiward.app.guarding.keys import Stamp, stamp_of
from apiward.app.guarding.learning import FOLDER, read_learned
from apiward.app.guarding.place import Place
from apiward.config.guarding import GuardConfig
from apiward.guard.permission.rules import PermitSettings
from apiward.guard.permission.table import Permissions
from apiward.spec.errors import DescriptionError
from apiward.spec.learning.describing import LearnedOperation
from apiward.spec.reading import read_description

LEAST_S: Final = 30.0
"""Seconds between two times that what was learned is read."""
SHARE: Final = 50
"""Of so many parts of the time, reading may take one."""
MOST_LEARNED: Final = 5_000
MOST_BYTES: Final = 8 * 1024 * 1024
MOST_AT_ONCE: Final = 64 * 1024
"""Bytes of what was learned up to which a page waits for it: it takes 0.7 s of processor time for a megabyte."""

Start = Callable[[Callable[[], None]], None]
"""Has something done beside."""


@dataclass(frozen=True, slots=True)
class LearnedShort:
    """One operation as traffic has shown it; `holds` are places and kinds of data that stood there."""

    key: str
    callers: int
    holds: tuple[tuple[str, str], ...]
    last_s: float


class KnownApi:
    """Keeps what was read. Several threads may ask at once."""

    def __init__(
        self, place: Place, *, timer: Callable[[], float] = time.monotonic, start: Start | None = None
    ) -> None:
        self._place = place
        self._timer = timer
        self._start = start or _in_a_thread
        self._turn = threading.Lock()
        self._described: Described | None = None
        self._stamps: tuple[Stamp, ...] | None = None
        self._learned: tuple[LearnedShort, ...] | None = None
        self._learned_of: Mapping[str, Stamp] = {}
        self._is_reading = False
        self._again_s = 0.0
        self._permissions: tuple[PermitSettings, Described | None, Permissions] | None = None

    def described(self, config: GuardConfig) -> Described | None:
        """Return the description that a guard judges by, or that of the settings where it is a file."""
        named = config.description if config.description and not is_address(config.description) else ""
        files = [self._place.data / FILE, *([self._place.base / named] if named else [])]
        with self._turn:
            stamps = tuple(map(stamp_of, files))
            if stamps != self._stamps:
                self._described = read_described(self._place.data) or (_read(files[1]) if named else None)
                self._stamps = stamps
            return self._described

    def learned(self) -> tuple[LearnedShort, ...] | None:
        """Return what traffic has shown, or None where no guard has learned anything, or it is being read."""
        with self._turn:
            stamps = {path.name: stamp_of(path) for path in (self._place.data / FOLDER).glob("*.json")}
            if stamps == self._learned_of or self._is_reading or self._timer() < self._again_s:
                return self._learned
            self._learned_of, self._is_reading = stamps, True
        if sum(size for _, size, _ in stamps.values()) <= MOST_AT_ONCE:
            self._look()
        else:
            self._start(self._look)
        with self._turn:
            return self._learned

    def _look(self) -> None:
        begun_s, found = self._timer(), None
        try:
            found = self._read_learned()
        finally:
            with self._turn:
                self._learned, self._is_reading = found, False
                self._again_s = self._timer() + max(LEAST_S, SHARE * (self._timer() - begun_s))

    def permissions(self, config: GuardConfig) -> Permissions:
        """Return who may call what, as the guard's rules and the description say. Raises ValueError."""
        known = self.described(config)
        with self._turn:
            last = self._permissions
            if last is None or last[0] != config.permit or last[1] is not known:
                made = Permissions(config.permit, known.api() if known is not None else None)
                last = self._permissions = (config.permit, known, made)
            return last[2]

    def _read_learned(self) -> tuple[LearnedShort, ...] | None:
        try:
            found = read_learned(self._place.data, read_bytes(self._place.data / "pepper")).learned()
        except OSError:
            return None
        return tuple(map(_short, found.operations[:MOST_LEARNED]))


def _in_a_thread(work: Callable[[], None]) -> None:
    threading.Thread(target=work, name="inventory", daemon=True).start()


def _short(one: LearnedOperation) -> LearnedShort:
    return LearnedShort(one.operation.key, one.callers, one.sensitive, one.last_s)


def _read(path: Path) -> Described | None:
    try:
        with path.open("rb") as file:
            return described(read_description(file.read(MOST_BYTES), source=path.name))
    except (OSError, DescriptionError):
        return None
