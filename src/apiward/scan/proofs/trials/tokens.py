"""Taking JSON Web Tokens apart and writing them anew (RFC 7515, RFC 7519). Nothing here verifies anything."""

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from apiward.core.account import Credential
from apiward.core.jsonvalue import Json, parse_json
from apiward.spec.meaning import naming

HASHES: Final[Mapping[str, str]] = {"HS256": "sha256", "HS384": "sha384", "HS512": "sha512"}
_ENDS: Final = frozenset("exp expires expire expiry expiration expired end ends until ttl lifetime".split())
_NEAR_S: Final = 10 * 365 * 86_400.0
_COMPACT: Final = re.compile(r"[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{2,}\.[A-Za-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class Jwt:
    """A token in compact form: its text, header and claims, the part that is signed, the signature."""

    text: str
    header: Mapping[str, Json]
    claims: Mapping[str, Json]
    signed: bytes
    signature: bytes

    @property
    def algorithm(self) -> str:
        """The `alg` of the header."""
        return str(self.header.get("alg", ""))

    def time(self, claim: str) -> float | None:
        """Return a claim that tells a time (`exp`, `iat`) in seconds, or None where there is none."""
        value = self.claims.get(claim)
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

    def own_end(self, now_s: float) -> str | None:
        """Return a claim other than `exp` that seems to say when the token ends: by its name, or as a time to come."""
        for name, value in self.claims.items():
            if name == "exp" or isinstance(value, bool) or not isinstance(value, int | float | str):
                continue
            is_named = bool(_ENDS & set(naming.words(name)))
            is_to_come = isinstance(value, int | float) and any(
                now_s < value / unit < now_s + _NEAR_S for unit in (1, 1_000)
            )
            if is_named or is_to_come:
                return name
        return None


def read_jwt(text: str) -> Jwt | None:
    """Return the token that `text` is, or None where it is none."""
    parts = text.split(".")
    if len(parts) != 3:
        return None
    try:
        head, body, signature = (decoded(part) for part in parts)
    except (binascii.Error, ValueError):
        return None
    header, claims = parse_json(head), parse_json(body)
    if not isinstance(header, dict) or not isinstance(claims, dict) or "alg" not in header:
        return None
    return Jwt(text, header, claims, f"{parts[0]}.{parts[1]}".encode(), signature)


def jwt_in(credential: Credential | None) -> Jwt | None:
    """Return the first token in a credential, also where it is one of several cookies."""
    for match in _COMPACT.finditer(credential.value if credential else ""):
        token = read_jwt(match.group())
        if token is not None:
            return token
    return None


def exchanged(credential: Credential, old: str, new: str) -> Credential:
    """Return the credential with one token in place of another."""
    return replace(credential, value=credential.value.replace(old, new), expires_s=None)


def signed(header: Mapping[str, Json], claims: Mapping[str, Json], key: bytes, algorithm: str) -> str:
    """Return a token signed with HMAC (RFC 7518, section 3.2)."""
    body = unsigned({**header, "alg": algorithm}, claims)
    return f"{body}.{encoded(hmac.digest(key, body.encode(), HASHES[algorithm]))}"


def unsigned(header: Mapping[str, Json], claims: Mapping[str, Json]) -> str:
    """Return header and claims as they stand in a token, without the last dot."""
    return ".".join(encoded(json.dumps(dict(part), separators=(",", ":")).encode()) for part in (header, claims))


def with_broken_signature(token: Jwt) -> str:
    """Return the token with another signature of the same length."""
    size = max(len(token.signature), 32)
    noise = b"".join(hashlib.sha256(token.signature + bytes([i])).digest() for i in range(size // 32 + 1))
    return f"{token.signed.decode()}.{encoded(noise[:size])}"


def later(token: Jwt, now_s: float) -> dict[str, Json]:
    """Return the claims with a small harmless change: an end some minutes off, or a claim that nobody reads."""
    claims = dict(token.claims)
    if token.time("exp") is None:
        return {**claims, "note": "apiward"}
    return {**claims, "exp": int(max(now_s, token.time("exp") or now_s)) + 300}


def expired(token: Jwt, now_s: float) -> dict[str, Json]:
    """Return the claims as they would be had the token ended a day ago."""
    claims = {key: value for key, value in token.claims.items() if key not in ("exp", "iat", "nbf", "auth_time")}
    day_s = 86_400
    for name in ("iat", "nbf", "auth_time"):
        if name in token.claims:
            claims[name] = int(now_s) - day_s - 900
    return {**claims, "exp": int(now_s) - day_s}


def decoded(text: str) -> bytes:
    """Return the bytes of base64url with or without padding; raises ValueError."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def encoded(raw: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def all_jwts(texts: set[str]) -> Iterator[Jwt]:
    """Yield the tokens among some texts."""
    for text in sorted(texts):
        for match in _COMPACT.finditer(text):
            token = read_jwt(match.group())
            if token is not None:
                yield token
