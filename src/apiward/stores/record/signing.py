"""Signed notes (C2SP "signed-note"): a short text with an Ed25519 signature below it, which anybody can check."""

import base64
import binascii
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SEED_BYTES: Final = 32
MAX_SIGNATURES: Final = 16
_ED25519: Final = b"\x01"
_LEAD: Final = "— "
_NAME: Final = re.compile(r"[^\s+]{1,100}")


class NotSignedError(ValueError):
    """The note is none, or not signed with the key. Its words say which."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """Checks notes. `text` is its one-line form: name, key id and key, with a plus between."""

    name: str
    key: bytes

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the one-line form; raises ValueError."""
        name, id_, coded = [*text.strip().split("+", 2), "", ""][:3]
        found = cls(name, _decoded(coded)[1:])
        if not _NAME.fullmatch(name) or len(found.key) != SEED_BYTES or found.text != f"{name}+{id_}+{coded}":
            raise ValueError("it is no key in the form name+id+key, as apiward audit-log key prints it")
        return found

    @property
    def text(self) -> str:
        """The one-line form."""
        return f"{self.name}+{self._id.hex()}+{base64.b64encode(_ED25519 + self.key).decode()}"

    @property
    def _id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.key).digest()[:4]

    def opened(self, note: str) -> str:
        """Return the text of a note; raises NotSignedError unless it is signed with this key."""
        text, gap, below = note.rpartition("\n\n")
        if not gap or not text:
            raise NotSignedError("it has no signature")
        text += "\n"
        lines = below.removesuffix("\n").split("\n")
        if len(lines) > MAX_SIGNATURES or not all(line.startswith(_LEAD) for line in lines):
            raise NotSignedError("its signature lines are broken")
        if not any(self._is_good(line, text) for line in lines):
            raise NotSignedError(f"it is not signed by {self.name}")
        return text

    def _is_good(self, line: str, text: str) -> bool:
        name, _, coded = line.removeprefix(_LEAD).partition(" ")
        whole = _decoded(coded)
        if name != self.name or whole[:4] != self._id:
            return False
        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(whole[4:], text.encode())
        except InvalidSignature:
            return False
        return True


class Signer:
    """Signs notes with a key made of 32 random bytes, which stay secret."""

    def __init__(self, seed: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        key = self._private.public_key().public_bytes_raw()
        self.public = PublicKey(f"apiward/{sha256(key).hexdigest()[:12]}", key)

    def signed(self, text: str) -> str:
        """Return `text` as a signed note. It ends with a line feed and holds no empty line."""
        signature = self.public._id + self._private.sign(text.encode())  # noqa: SLF001 - the other half of this key
        return f"{text}\n{_LEAD}{self.public.name} {base64.b64encode(signature).decode()}\n"


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
