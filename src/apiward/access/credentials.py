"""What a call shows of credentials, and which of them stand where they should not."""

import re
from dataclasses import dataclass, field
from typing import Final

from apiward.core.call import Call

_SCHEME: Final = re.compile(rb"(bearer|token|jwt|dpop)[ ]+", re.IGNORECASE)
_BASIC: Final = re.compile(rb"(basic|digest|negotiate|ntlm|hoba|mutual|scram-\S+|signature)[ ]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ShownToken:
    """One token without its scheme. `shows_proof` says that it came as DPoP, `is_opaque` that only the API reads it."""

    value: bytes = field(repr=False)
    shows_proof: bool = False
    is_opaque: bool = False


def token_in(value: bytes) -> ShownToken | None:
    """Return the token of a header: after `Bearer`, `Token`, `JWT` or `DPoP`, or bare; None where there is none."""
    if value[:7] == b"Bearer ":
        return ShownToken(value[7:].strip()) if len(value) > 7 else None
    hit = _SCHEME.match(value)
    if hit is not None:
        rest = value[hit.end() :].strip()
        return ShownToken(rest, shows_proof=hit.group(1).lower() == b"dpop") if rest else None
    plain = value.strip()
    return ShownToken(plain, is_opaque=bool(_BASIC.match(plain))) if plain else None


def is_shown_twice(call: Call, names: frozenset[bytes]) -> bool:
    """Whether a header that may carry a credential stands twice: we and the API might read different ones."""
    if len(call.headers) == len(call.header):
        return False
    seen: set[bytes] = set()
    for name, _ in call.headers:
        if name in names:
            if name in seen:
                return True
            seen.add(name)
    return False
