"""A signed token as it comes: three parts, read within bounds and before any cryptography (RFC 7515, section 3.1)."""

import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from joserfc.util import urlsafe_b64decode

from apiward.access.refusals import refused, shown
from apiward.access.tokens.strict_json import UnsafeJsonError, read_object
from apiward.core.decision import Decision
from apiward.core.jsonvalue import Json

MAX_HEADER: Final = 2_048
MAX_SIGNATURE: Final = 1_400
MAX_KID: Final = 256
KEY_IN_TOKEN: Final = frozenset({"jwk", "jku", "x5u", "x5c"})
"""Header members by which a token brings its own key. They are never followed, as some log-in services send them."""

_LOOKS_SIGNED: Final = re.compile(rb"eyJ[\w-]*\.[\w-]*\.[\w-]*")
_LOOKS_SEALED: Final = re.compile(rb"eyJ[\w-]*(\.[\w-]*){4}")


@dataclass(frozen=True, slots=True)
class Compact:
    """A token that can be verified: nothing in it is true yet. `signing_input` is what the signature covers."""

    algorithm: str
    kid: str | None
    type: str | None
    claims: Mapping[str, Json] = field(repr=False)
    signing_input: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    brings_key: bool = False


def looks_like_token(text: bytes) -> bool:
    """Whether `text` has the form of a signed or an encrypted JSON Web Token, good or bad."""
    return text.startswith(b"eyJ") and bool(_LOOKS_SIGNED.fullmatch(text) or _LOOKS_SEALED.fullmatch(text))


def read_compact(text: bytes, *, longest: int) -> Compact | Decision:
    """Return the parts of a signed token, or the refusal that says what is wrong. Never raises, whatever the bytes."""
    if len(text) > longest:
        return refused("token-too-large", saw=f"{len(text)} bytes, {longest} allowed")
    parts = text.split(b".")
    if len(parts) == 5:
        return refused("token-encrypted")
    if len(parts) != 3 or len(parts[0]) > MAX_HEADER or len(parts[2]) > MAX_SIGNATURE:
        return refused("token-unreadable", saw=f"{len(parts)} parts")
    try:
        header, claims = read_object(urlsafe_b64decode(parts[0])), read_object(urlsafe_b64decode(parts[1]))
        signature = urlsafe_b64decode(parts[2])
    except UnsafeJsonError as problem:
        return _unsafe(str(problem))
    except (binascii.Error, ValueError):
        return refused("token-unreadable", saw="not base64url")
    return _checked_header(header) or _compact(header, claims, parts, signature)


def _compact(
    header: dict[str, Json], claims: dict[str, Json], parts: list[bytes], signature: bytes
) -> Compact | Decision:
    kid, kind = header.get("kid"), header.get("typ")
    if kid is not None and not (isinstance(kid, str) and len(kid) <= MAX_KID and kid.isprintable()):
        return refused("token-header", saw="kid is no short text")
    if kind is not None and not (isinstance(kind, str) and len(kind) <= 60):
        return refused("token-type", saw="typ is no short text")
    signing_input = parts[0] + b"." + parts[1]
    brings_key = not KEY_IN_TOKEN.isdisjoint(header)
    return Compact(str(header["alg"]), kid, kind, claims, signing_input, signature, brings_key=brings_key)


def _checked_header(header: dict[str, Json]) -> Decision | None:
    algorithm = header.get("alg")
    if not isinstance(algorithm, str):
        return refused("token-algorithm", saw="alg is missing")
    if algorithm.lower() == "none":
        return refused("token-algorithm", saw=f"alg {shown(algorithm)}: no signature at all")
    if "enc" in header or "zip" in header:
        return refused("token-encrypted", saw="enc or zip in the header")
    if "crit" in header or "b64" in header:
        return refused("token-header", saw="asks for an extension (crit) that is not known here")
    return None


def _unsafe(problem: str) -> Decision:
    if problem == "duplicate-key":
        return refused("token-duplicate", saw="a name stands twice")
    return refused("token-unreadable", saw=problem)
