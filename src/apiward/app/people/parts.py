"""What letting people in is made from: the store, the key of this page, the clock, and the audit record."""

import contextlib
import hashlib
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from apiward.access.people.hashing import PasswordHashes
from apiward.access.people.passwords import Stolen
from apiward.app.guarding.building import kept_secret
from apiward.app.guarding.telling import tell
from apiward.app.page.source import PageSource
from apiward.core.lanes import AuditKind
from apiward.core.person import PageSession, Person
from apiward.core.ports import Clock
from apiward.guard.conducts.breached import load_breached
from apiward.stores.people.sessions import SessionStore
from apiward.stores.people.store import PeopleStore
from apiward.stores.private import give_to_owner

KEY: Final = "people.key"
IDLE_S: Final = 3_600.0
"""A session that was not used for so long has ended."""
SECRET_BYTES: Final = 32


@dataclass(frozen=True)
class PeopleParts:
    """Works on the people of the store behind `engine`, whose guard keeps its data in `folder`."""

    engine: Engine
    folder: Path
    clock: Clock = time.time
    hashes: PasswordHashes = field(default_factory=PasswordHashes)
    random_bytes: Callable[[int], bytes] = secrets.token_bytes
    words: Iterable[str] = ()
    """What others know of the business: no part of a password."""
    stolen: Stolen = ()
    """Passwords that were stolen elsewhere."""

    @cached_property
    def people(self) -> PeopleStore:
        """The people."""
        return PeopleStore(self.engine)

    @cached_property
    def sessions(self) -> SessionStore:
        """Their sessions."""
        return SessionStore(self.engine)

    @cached_property
    def key(self) -> bytes:
        """The key of second steps and recovery codes. It is a file: a copy of the store alone opens nothing."""
        key = kept_secret(self.folder, KEY)
        give_to_owner(self.folder / KEY, self.folder)
        return key

    def open_sessions(self, person: Person) -> list[PageSession]:
        """Return the sessions of somebody that go on, the newest first. Raises OSError."""
        return self.sessions.of(person.id, self.clock(), idle_s=IDLE_S)

    def secret(self) -> str:
        """Return a fresh secret that nobody guesses."""
        return self.random_bytes(SECRET_BYTES).hex()

    def record(self, said: str, *, by: str, kind: AuditKind = AuditKind.AUTHENTICATION) -> None:
        """Put something into the audit record. Where its room is full, people are let in all the same."""
        with contextlib.suppress(OSError):
            tell(self.folder, said, kind=kind, now_s=self.clock(), by=by)


def people_of(source: PageSource) -> PeopleParts:
    """Return what lets people into the page that is made from this source."""
    settings = source.settings()
    words = (settings.business.name, *settings.page.names)
    return PeopleParts(source.engine, source.place.data, source.clock, words=words, stolen=_stolen(source))


def _stolen(source: PageSource) -> Stolen:
    """Return the stolen passwords of the file that the guard looks into; none where it cannot be used, as it says."""
    name = source.settings().guard.conduct.breached_file
    with contextlib.suppress(ValueError):
        return load_breached(source.place.base / name) if name else ()
    return ()


def hash_of(secret: str) -> str:
    """Return what is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
