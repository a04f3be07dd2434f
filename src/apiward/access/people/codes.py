"""Recovery codes: each opens the second step once, for who has lost the phone."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from typing import Final

NUMBER: Final = 10
_BYTES: Final = 10
"""80 bits each: nobody guesses one, and it can still be copied by hand."""
LETTERS: Final = 16


def new_codes(random_bytes: Callable[[int], bytes]) -> tuple[str, ...]:
    """Return fresh codes as people read them."""
    return tuple(_written(random_bytes(_BYTES)) for _ in range(NUMBER))


def plain(code: str) -> str:
    """Return a code without spaces and dashes, in one spelling; empty where it can be none."""
    text = "".join(sign for sign in code.lower() if not sign.isspace() and sign != "-")
    return text if len(text) == LETTERS and text.isascii() and text.isalnum() else ""


def code_hash(key: bytes, person: str, code: str) -> str:
    """Return what is kept of a code: without the key, a copy of the store says nothing of it."""
    return hmac.new(key, f"recovery code\x1f{person}\x1f{plain(code)}".encode(), hashlib.sha256).hexdigest()


def _written(raw: bytes) -> str:
    text = base64.b32encode(raw).decode().lower()
    return "-".join(text[at : at + 4] for at in range(0, LETTERS, 4))
