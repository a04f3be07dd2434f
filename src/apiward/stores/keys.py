"""API keys in one file: read whole, replaced whole, changed by one program at a time."""

import fcntl
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, Generic, Protocol, Self, TypeVar

MAX_FILE: Final = 64 * 1024 * 1024
"""Bytes of a file that is read."""


class Use(Protocol):
    """When a key was used, in seconds since the epoch."""

    @property
    def at_s(self) -> float:
        """When."""
        ...


U = TypeVar("U", bound=Use)


class Key(Protocol[U]):
    """What of a key must be known to note its last use."""

    @property
    def id(self) -> str:
        """What tells it apart."""
        ...

    @property
    def last_use(self) -> U | None:
        """The use that was noted last."""
        ...

    def used(self, use: U, /) -> Self:
        """Return it with that use."""
        ...


K = TypeVar("K", bound=Key)  # type: ignore[type-arg] # of whichever use; a bound takes no variable


class KeyFile(Generic[K, U]):
    """Keeps keys in `path`, which only its owner reads. A file that is not there holds none.

    `decode` and `encode` are the form of the file: `decode` raises what it likes for another form.
    A file that cannot be read or written is an OSError. Who changes keys should do so in `change`, as a
    guard may note uses between a `load` and a `save`.
    """

    def __init__(
        self, path: Path, decode: Callable[[bytes], tuple[K, ...]], encode: Callable[[Iterable[K]], str]
    ) -> None:
        self._path = path
        self._decode = decode
        self._encode = encode

    def load(self) -> tuple[K, ...]:
        """Return all keys."""
        try:
            with self._path.open("rb") as file:
                text = file.read(MAX_FILE + 1)
        except FileNotFoundError:
            return ()
        if len(text) > MAX_FILE:
            raise OSError(f"{self._path} is larger than a file of keys can be")
        return self._decode(text)

    def save(self, keys: Iterable[K]) -> None:
        """Put `keys` in the place of all."""
        self.change(lambda _: keys)

    def record_uses(self, uses: Mapping[str, U]) -> None:
        """Note the last uses by key id; what was noted later stays. Keys that are gone stay gone."""
        if uses:
            self.change(lambda keys: [_with_use(key, uses.get(key.id)) for key in keys])

    def change(self, change: Callable[[tuple[K, ...]], Iterable[K]]) -> None:
        """Put what `change` makes of the keys in their place, while nobody else changes them."""
        with self._alone():
            before = self.load()
            after = tuple(change(before))
            if after != before or not self._path.exists():
                self._replace(self._encode(after).encode())

    @contextmanager
    def _alone(self) -> Iterator[None]:
        # A file of its own: the lock on one that is replaced would be on the old one.
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = self._path.with_name(f"{self._path.name}.lock")
        descriptor = os.open(name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _keep_owner(self, handle: int) -> None:
        """Give the new file to whom the old one belonged: root may make keys for a guard that runs as somebody else."""
        if os.geteuid() != 0:
            return
        with suppress(FileNotFoundError):
            old = self._path.stat()
            os.fchown(handle, old.st_uid, old.st_gid)

    def _replace(self, text: bytes) -> None:
        new = self._path.with_name(f"{self._path.name}.new")
        try:
            with os.fdopen(
                os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600), "wb"
            ) as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
                self._keep_owner(file.fileno())
            new.replace(self._path)
        finally:
            new.unlink(missing_ok=True)
        _sync_folder(self._path.parent)


def _with_use(key: K, use: U | None) -> K:
    noted = key.last_use
    if use is None or (noted is not None and noted.at_s >= use.at_s):
        return key
    changed: K = key.used(use)
    return changed


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
