"""Keeps passwords as argon2id hashes: slow to try for whoever has a copy of the store, each with a salt of its own."""

import secrets
import unicodedata
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MEMORY_KIB: Final = 19_456
PASSES: Final = 2
"""With that, one log-in takes 19 MiB. The library's own values take 64 MiB, and many log-ins at once the machine."""


class PasswordHashes:
    """Makes and checks hashes. Who is not known is checked as well, against a decoy: it takes as long."""

    def __init__(self, *, memory_kib: int = MEMORY_KIB, passes: int = PASSES) -> None:
        self._hasher = PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=1)
        self._decoy = self._hasher.hash(secrets.token_hex(16))

    def made(self, password: str) -> str:
        """Return the hash of a password."""
        return self._hasher.hash(_spelt(password))

    def is_right(self, kept: str, password: str) -> bool:
        """Return whether `kept` is a hash of the password; nothing kept is never right."""
        try:
            self._hasher.verify(kept or self._decoy, _spelt(password))
        except (VerificationError, InvalidHashError):
            return False
        return bool(kept)

    def is_old(self, kept: str) -> bool:
        """Return whether a hash was made with other values than those of now."""
        return self._hasher.check_needs_rehash(kept)


def _spelt(password: str) -> bytes:
    """Return the bytes of a password: one letter may be typed as one sign on a phone, and as two on a computer."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
