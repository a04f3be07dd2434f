"""The second step of a log-in: six digits from an app on the phone, new every 30 seconds (TOTP, RFC 6238).

The secret is made from a key that does not stand in the store, so that a copy of the store gives no codes.
"""

import base64
import hashlib
import hmac
from typing import Final
from urllib.parse import quote

from apiward.core.one_time_codes import STEP_S, code_at

_BYTES: Final = 20
_SLACK: Final = 1
"""Steps before and after that of now whose codes are taken: clocks differ, and typing takes time."""


def step_secret(key: bytes, person: str, salt: str) -> bytes:
    """Return the secret of somebody's second step."""
    return hmac.new(key, f"second step\x1f{person}\x1f{salt}".encode(), hashlib.sha256).digest()[:_BYTES]


def step_of(secret: bytes, code: str, now_s: float, *, after: int) -> int | None:
    """Return the time step that a code is of, None where it is of none. Steps up to `after` were used already."""
    shown = code.encode("utf-8", "replace")
    now = int(now_s) // STEP_S
    fits = [
        step
        for step in range(max(0, now - _SLACK), now + _SLACK + 1)
        if hmac.compare_digest(code_at(secret, step).encode(), shown) and step > after
    ]
    return fits[0] if fits else None


def written(secret: bytes) -> str:
    """Return a secret as people type it into an app, four signs at a time."""
    text = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def address(secret: bytes, name: str) -> str:
    """Return what an app opens, or reads from a picture."""
    text = written(secret).replace(" ", "")
    return f"otpauth://totp/apiward:{quote(name, safe='')}?secret={text}&issuer=apiward"
