"""What a token that the API gave out says of its holder: true, as it came in the answer to a log-in."""

import binascii
import json
import math
from collections.abc import Mapping
from typing import Final

from joserfc.util import urlsafe_b64decode

from apiward.access.tokens.compact import looks_like_token

MAX_CLAIM: Final = 200
_NAMING: Final = frozenset(
    "sub id uid user_id userid user_name username preferred_username login email account account_id customer_id "
    "client_id member_id tenant tenant_id org org_id organisation_id".split()
)


def claims_of(token: bytes) -> tuple[Mapping[str, str], float | None]:
    """Return the claims that name somebody, as texts, and when the token ends; nothing where it cannot be read."""
    if not looks_like_token(token) or token.count(b".") != 2:
        return {}, None
    try:
        found = json.loads(urlsafe_b64decode(token.split(b".")[1]))
    except (binascii.Error, ValueError, RecursionError):
        return {}, None
    if not isinstance(found, dict):
        return {}, None
    claims = {name: _text(value) for name, value in found.items() if name.lower() in _NAMING and _text(value)}
    ends_s = found.get("exp")
    if isinstance(ends_s, int | float) and not isinstance(ends_s, bool) and math.isfinite(ends_s) and ends_s > 0:
        return {**claims, "exp": str(int(ends_s))}, float(ends_s)
    return claims, None


def _text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    text = str(value)
    return text if len(text) <= MAX_CLAIM else ""
