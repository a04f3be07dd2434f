"""Codes of an authenticator app: six digits, new every thirty seconds (TOTP, RFC 6238, with its usual settings)."""

import base64
import hashlib
import hmac
from typing import Final

STEP_S: Final = 30
DIGITS: Final = 6


def code_at(secret: bytes, step: int) -> str:
    """Return the code of one time step: that of now is the seconds since 1970 by `STEP_S`."""
    digest = hmac.new(secret, step.to_bytes(8, "big"), hashlib.sha1).digest()
    at = digest[-1] & 0x0F
    number = int.from_bytes(digest[at : at + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def secret_of(text: str) -> bytes:
    """Return the secret that an app shows as text (base32); raises ValueError, which does not repeat it."""
    letters = "".join(text.split()).replace("-", "").rstrip("=").upper()
    try:
        secret = base64.b32decode(letters + "=" * (-len(letters) % 8))
    except ValueError:
        raise ValueError("no base32") from None
    if not secret:
        raise ValueError("empty")
    return secret
