"""The API keys of a guard: made, listed, exchanged and taken back in its data folder, and followed while it runs."""

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Final

from apiward.access.errors import AccessError
from apiward.access.keys.file_form import keys_from_text, keys_to_text
from apiward.access.keys.form import RandomBytes
from apiward.access.keys.ring import KeyRing
from apiward.access.keys.values import ApiKey, LastUse, new_api_key, rotated
from apiward.app.guarding.log import log
from apiward.config.errors import AdvisedError, ConfigError, nearest
from apiward.stores.keys import KeyFile

FILE: Final = "keys.json"
LOOK_S: Final = 1.0
"""Seconds between two looks at the file of a guard that runs."""
NOTE_S: Final = 30.0
"""Seconds between two notes of when keys were last used."""
MOST_LISTED: Final = 10

Stamp = tuple[int, int, int]


class KeyState(StrEnum):
    """How a key stands. A rotating one has two secrets that are good."""

    LIVE = "live"
    ROTATING = "rotating"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a new key shall be; `life_s` None means that it never ends."""

    name: str
    prefix: str
    env: str
    life_s: float | None
    scopes: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()


def key_state(key: ApiKey, now_s: float) -> KeyState:
    """Return how a key stands at `now_s`."""
    if key.is_revoked:
        return KeyState.REVOKED
    if key.expires_s is not None and now_s >= key.expires_s:
        return KeyState.EXPIRED
    is_rotating = any(one.until_s is not None and now_s < one.until_s for one in key.secrets)
    return KeyState.ROTATING if is_rotating else KeyState.LIVE


class KeyDesk:
    """Works on the keys in the data folder of a guard, which may be running. Every method raises AdvisedError."""

    def __init__(self, folder: Path, *, random_bytes: RandomBytes, now_s: float) -> None:
        self.path = folder / FILE
        self._file = key_file(folder)
        self._random_bytes = random_bytes
        self._now_s = now_s

    def listed(self) -> tuple[ApiKey, ...]:
        """Return all keys, the oldest first."""
        with self._told("read"):
            return tuple(sorted(self._file.load(), key=lambda key: (key.created_s, key.id)))

    def new(self, wish: Wish) -> tuple[ApiKey, str]:
        """Return a new key, which is kept, and its text, which is not."""
        made: list[tuple[ApiKey, str]] = []

        def added(keys: tuple[ApiKey, ...]) -> tuple[ApiKey, ...]:
            made.append(
                new_api_key(
                    wish.name,
                    random_bytes=self._random_bytes,
                    now_s=self._now_s,
                    prefix=wish.prefix,
                    env=wish.env,
                    life_s=wish.life_s,
                    scopes=wish.scopes,
                    roles=wish.roles,
                    networks=wish.networks,
                    taken=(key.id for key in keys),
                )
            )
            return (*keys, made[-1][0])

        with self._told("written"):
            self._file.change(added)
        return made[-1]

    def rotate(self, key_id: str, *, overlap_s: float, life_s: float | None = None) -> tuple[ApiKey, str]:
        """Return the key with a new secret, and its new text. Without `life_s` it lives as long as it was made for."""
        made: list[str] = []

        def turned(key: ApiKey) -> ApiKey:
            fresh, text = rotated(
                key,
                random_bytes=self._random_bytes,
                now_s=self._now_s,
                overlap_s=overlap_s,
                life_s=_life_s(key) if life_s is None else life_s,
            )
            made.append(text)
            return fresh

        return self._changed(key_id, turned), made[-1]

    def revoke(self, key_id: str) -> ApiKey:
        """Return the key, which nobody can use any more."""
        return self._changed(key_id, ApiKey.revoked)

    def _changed(self, key_id: str, change: Callable[[ApiKey], ApiKey]) -> ApiKey:
        self._find(key_id, self.listed())  # before a folder is made for nothing
        found: list[ApiKey] = []

        def exchanged(keys: tuple[ApiKey, ...]) -> tuple[ApiKey, ...]:
            found.append(change(self._find(key_id, keys)))
            return tuple(found[-1] if key.id == key_id else key for key in keys)

        with self._told("written"):
            self._file.change(exchanged)
        return found[-1]

    def _find(self, key_id: str, keys: tuple[ApiKey, ...]) -> ApiKey:
        for key in keys:
            if key.id == key_id:
                return key
        raise AdvisedError(
            f"There is no key {key_id[:60]!a}.",
            _near(key_id, keys) or f"{self.path} holds no keys.",
            "See: apiward keys list",
        )

    @contextlib.contextmanager
    def _told(self, what: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise AdvisedError(
                f"{self.path} cannot be {what}.", f"{error.strerror or error}.", "Run this as who runs the guard."
            ) from error
        except AccessError as error:
            raise _damaged(self.path, error) from error
        except ValueError as error:
            raise AdvisedError("This cannot be done.", f"{error}.", "See: apiward keys --help") from error


class KeyKeeper:
    """Keeps a ring as its file says while a guard runs, and notes in the file when its keys were used.

    Neither makes a new engine: a use of a key must not cost the guard what it has learned.
    """

    def __init__(self, folder: Path, ring: KeyRing) -> None:
        self._path = folder / FILE
        self._file = key_file(folder)
        self._ring = ring
        self._stamp: Stamp | None = None
        self._waiting: dict[str, LastUse] = {}
        self._is_noting_broken = False
        self._task: asyncio.Task[None] | None = None

    def read(self) -> None:
        """Take the keys of the file. Raises ConfigError; then those that there were stay good."""
        stamp = stamp_of(self._path)
        try:
            self._ring.replace(self._file.load())
        except (OSError, AccessError) as error:
            raise _damaged(self._path, error) from error
        finally:
            self._stamp = stamp

    def follow(self, *, look_s: float = LOOK_S, note_s: float = NOTE_S) -> None:
        """Begin to follow the file, in a task of the running loop."""
        self._task = asyncio.create_task(self._follow(look_s, max(round(note_s / look_s), 1)))

    async def stop(self) -> None:
        """Follow it no longer, and note the last uses."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await self._note()

    async def _follow(self, look_s: float, note_every: int) -> None:
        looks = 0
        while True:
            await asyncio.sleep(look_s)
            looks += 1
            await asyncio.to_thread(self._look)
            if looks % note_every == 0:
                await self._note()

    async def _note(self) -> None:
        self._waiting.update(self._ring.take_uses())  # in the loop's own thread, which is where they are gathered
        if self._waiting:
            await asyncio.to_thread(self._write)

    def _look(self) -> None:
        if stamp_of(self._path) == self._stamp:
            return
        before = _without_uses(self._ring)
        try:
            self.read()
        except ConfigError as error:
            log("The keys cannot be used. The last good ones stay.", level="error", why=str(error))
        else:
            if _without_uses(self._ring) != before:
                log("The new keys are in use.", keys=len(self._ring.keys))

    def _write(self) -> None:
        uses = dict(self._waiting)
        try:
            self._file.record_uses(uses)
        except (OSError, AccessError) as error:
            if not self._is_noting_broken:
                log(
                    "The last uses of keys cannot be noted now. They are kept for later.", level="error", why=str(error)
                )
            self._is_noting_broken = True
            return
        self._is_noting_broken = False
        for key_id, use in uses.items():
            if self._waiting.get(key_id) == use:
                self._waiting.pop(key_id, None)


def key_file(folder: Path) -> KeyFile[ApiKey, LastUse]:
    """Return the file of keys in the data folder of a guard."""
    return KeyFile(folder / FILE, keys_from_text, keys_to_text)


def read_ring(folder: Path) -> KeyRing:
    """Return the keys of a data folder as they stand now, for a look that changes nothing. Raises ConfigError."""
    ring = KeyRing()
    KeyKeeper(folder, ring).read()
    return ring


def _life_s(key: ApiKey) -> float | None:
    return None if key.expires_s is None else key.expires_s - key.secrets[0].made_s


def _without_uses(ring: KeyRing) -> dict[str, ApiKey]:
    return {key.id: replace(key, last_use=None) for key in ring.keys}


def _near(key_id: str, keys: tuple[ApiKey, ...]) -> str:
    named = [key.id for key in keys if key.name == key_id]
    if named:
        return f"It is the name of {', '.join(named[:3])}: the id is asked for."
    near = nearest(key_id, tuple(key.id for key in keys)) if keys else ""
    return near if len(keys) <= MOST_LISTED or near.startswith("Did") else f"There are {len(keys)} others."


def _damaged(path: Path, error: Exception) -> ConfigError:
    return ConfigError(f"{path} cannot be used.", str(error), "Put it back from a backup, or make new keys.")


def stamp_of(path: Path) -> Stamp:
    """Return what changes with a file: zeros where there is none."""
    try:
        found = path.stat()
    except OSError:
        return (0, 0, 0)
    return (found.st_mtime_ns, found.st_size, found.st_ino)
