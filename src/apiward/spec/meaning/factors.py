"""What speaks of a second factor: texts that name one, and the fields that take its code."""

import re
from typing import Final

from apiward.spec.meaning import naming

_FACTOR: Final = re.compile(
    r"(^|[^a-z])(2fa|mfa|totp|otp|two-?factor|second-?factor|multi-?factor|2-?step|two-?step|authenticator|webauthn|"
    r"passkeys?|one-?time-?(code|password|passcode))([^a-z]|$)"
)
_ASKS: Final = re.compile(
    r"(^|[^a-z])((verification|security|authentication|log-?in)-?code|code-(is-)?(required|needed|missing))([^a-z]|$)"
)
_CODE: Final = frozenset("code otp totp pin passcode".split())
_LONG: Final = 20_000


def speaks_of_factor(text: str) -> bool:
    """Whether a text names a second factor."""
    return bool(_FACTOR.search(_flat(text)))


def asks_for_code(text: str) -> bool:
    """Whether the answer to a right password says that a code is wanted as well."""
    flat = _flat(text[:_LONG])
    return bool(_FACTOR.search(flat) or _ASKS.search(flat))


def is_code_name(name: str) -> bool:
    """Whether a field of that name takes the code of a second factor."""
    return is_only_code_name(name) or naming.plain(name) in ("token", "mfatoken", "verificationtoken")


def is_only_code_name(name: str) -> bool:
    """Whether a field of that name takes such a code, and cannot take what the log-in has answered."""
    return bool(_CODE & set(naming.words(name)))


def is_code_beside_password(name: str) -> bool:
    """Whether a field of a log-in, which may have codes of countries and shops as well, takes such a code."""
    return speaks_of_factor("-".join(naming.words(name))) or naming.plain(name) in ("code", "authcode", "securitycode")


def _flat(text: str) -> str:
    return re.sub(r"[_\s]+", "-", text.lower())
