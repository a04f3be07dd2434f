"""Content-Digest: that the body is the one that was signed (RFC 9530)."""

import hashlib
import hmac
from typing import Final

from apiward.access.signatures.structured import Item, StructuredFieldError, parse_dictionary

_KNOWN: Final = {"sha-256": hashlib.sha256, "sha-512": hashlib.sha512}


def digest_problem(field: bytes, body: bytes) -> str:
    """Return why `field` does not vouch for `body`, or an empty text. All known digests must be right, one must be."""
    try:
        members = parse_dictionary(field.decode("latin-1"))
    except StructuredFieldError:
        return "Content-Digest is unreadable"
    checked = 0
    for name, make in _KNOWN.items():
        member = members.get(name)
        if member is None:
            continue
        value = member.value if isinstance(member, Item) else None
        if not isinstance(value, bytes) or not hmac.compare_digest(make(body).digest(), value):
            return f"{name} is not that of the body"
        checked += 1
    return "" if checked else "Content-Digest has neither sha-256 nor sha-512"
