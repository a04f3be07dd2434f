"""The people of the demo business, and how their passwords are kept."""

import hashlib
import hmac
import sqlite3
from dataclasses import dataclass
from typing import Final

# Far too few for a real business; the demo must answer in under two milliseconds.
ROUNDS: Final = 120
PASSWORD_MIN_LENGTH: Final = 12
COMMON_PASSWORDS: Final = frozenset(
    {"1234567890", "password12", "password123", "qwertyuiop", "letmein123", "welcome123", "iloveyou12"}
)


@dataclass(frozen=True, slots=True)
class Seeded:
    """A person who is there from the start, with the password to log in with."""

    name: str
    email: str
    password: str
    role: str
    phone: str


OWNER: Final = Seeded("Lina Marlow", "lina@marlow-coaching.example", "harbour-Lantern-41", "owner", "+44 20 7946 0101")
ASSISTANT: Final = Seeded("Tom Hale", "tom@marlow-coaching.example", "paper-Kettle-88", "assistant", "+44 20 7946 0102")
CLIENT: Final = Seeded("Ada Brook", "ada.brook@mail.example", "willow-Station-27", "client", "+44 20 7946 0173")
OTHER_CLIENT: Final = Seeded(
    "Ben Castell", "ben.castell@post.example", "copper-Meadow-63", "client", "+44 20 7946 0188"
)
SEEDED: Final = (OWNER, ASSISTANT, CLIENT, OTHER_CLIENT)


@dataclass(frozen=True, slots=True)
class Person:
    """One row of `people`. `token_version` grows with every change of password; `factor_on`: a code is asked for."""

    id: str
    email: str
    name: str
    phone: str
    role: str
    password_hash: str
    credit_cents: int
    verified: int
    token_version: int
    factor_secret: str
    factor_on: int

    @property
    def is_staff(self) -> bool:
        """Whether this is the coach or her assistant."""
        return self.role in {"owner", "assistant"}


def person_from(row: sqlite3.Row) -> Person:
    """Return the person of a full row of `people`."""
    return Person(**dict(row))


def hash_password(password: str, salt: bytes) -> str:
    """Return `password` as it is kept: PBKDF2 with SHA-256, salt and digest in hexadecimal."""
    digest = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, ROUNDS)
    return f"pbkdf2_sha256${ROUNDS}${salt.hex()}${digest.hex()}"


NOBODY_HASH: Final = hash_password("nobody has this", b"\0" * 16)


def is_password(password: str, kept: str) -> bool:
    """Say whether `password` is the one that `kept` was made from."""
    salt = bytes.fromhex(kept.split("$")[2])
    return hmac.compare_digest(hash_password(password, salt), kept)


def is_good_password(password: str) -> bool:
    """Say whether `password` is long enough and not on the list of common ones."""
    return len(password) >= PASSWORD_MIN_LENGTH and password.lower() not in COMMON_PASSWORDS
