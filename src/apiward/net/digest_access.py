"""Digest access (RFC 7616): proves that one has a password without sending it, with a challenge of the server."""

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from apiward.core.exchange import Request

LONGEST: Final = 4_096
_PART: Final = re.compile(r'\s*([A-Za-z*-]{1,20})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))\s*(?:,|$)')
_HASHES: Final[dict[str, Callable[[bytes], "hashlib._Hash"]]] = {
    "SHA-256": hashlib.sha256,
    "SHA-512-256": lambda data: hashlib.new("sha512_256", data),
    "MD5": lambda data: hashlib.md5(data, usedforsecurity=False),  # the server chooses, and many know nothing else
}


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a server asks for. `algorithm` is one of those known here."""

    realm: str
    nonce: str
    algorithm: str
    is_session: bool
    qop: str
    opaque: str | None = None
    hashes_name: bool = False


def challenge_of(headers: Iterable[tuple[str, str]]) -> Challenge | None:
    """Return the strongest challenge of an answer that can be met, or None where there is none."""
    asked = [value[:LONGEST] for name, value in headers if name.lower() == "www-authenticate"]
    texts = [text for value in asked for text in re.split(r"(?i)(?:^|,)\s*digest\s+", value)[1:]]
    met = [one for text in texts if (one := _challenge(text)) is not None]
    return min(met, key=lambda one: list(_HASHES).index(one.algorithm), default=None)


def authorization(
    challenge: Challenge, request: Request, username: str, password: str, *, count: int, own_nonce: str
) -> str:
    """Return what the header Authorization says; `count` is how often this nonce was used, this time included."""

    def hashed(text: str) -> str:
        return _HASHES[challenge.algorithm](text.encode()).hexdigest()

    parts = urlsplit(request.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    secret = hashed(f"{username}:{challenge.realm}:{password}")
    if challenge.is_session:
        secret = hashed(f"{secret}:{challenge.nonce}:{own_nonce}")
    action = f"{request.method}:{target}"
    if challenge.qop == "auth-int":
        action += f":{_HASHES[challenge.algorithm](request.body).hexdigest()}"
    between = f"{count:08x}:{own_nonce}:{challenge.qop}:" if challenge.qop else ""
    response = hashed(f"{secret}:{challenge.nonce}:{between}{hashed(action)}")
    shown = hashed(f"{username}:{challenge.realm}") if challenge.hashes_name else username
    fields = [f"username={_quoted(shown)}", f"realm={_quoted(challenge.realm)}", f"nonce={_quoted(challenge.nonce)}"]
    fields += [f"uri={_quoted(target)}", f"algorithm={_named(challenge)}", f'response="{response}"']
    if challenge.qop:
        fields += [f"qop={challenge.qop}", f"nc={count:08x}", f'cnonce="{own_nonce}"']
    if challenge.opaque is not None:
        fields.append(f"opaque={_quoted(challenge.opaque)}")
    if challenge.hashes_name:
        fields.append("userhash=true")
    return f"Digest {', '.join(fields)}"


def _challenge(text: str) -> Challenge | None:
    parts = {name.lower(): re.sub(r"\\(.)", r"\1", quoted) or bare for name, quoted, bare in _PART.findall(text)}
    algorithm = parts.get("algorithm", "MD5").upper()
    is_session = algorithm.endswith("-SESS")
    known = algorithm.removesuffix("-SESS")
    offered = [one.strip() for one in parts.get("qop", "").lower().split(",") if one.strip()]
    qop = next((one for one in ("auth", "auth-int") if one in offered), "")
    if known not in _HASHES or not parts.get("nonce") or (offered and not qop) or not _is_sendable(parts.values()):
        return None
    hashes_name = parts.get("userhash", "").lower() == "true"
    return Challenge(parts.get("realm", ""), parts["nonce"], known, is_session, qop, parts.get("opaque"), hashes_name)


def _is_sendable(values: Iterable[str]) -> bool:
    return all(value.isprintable() and value.isascii() for value in values)


def _named(challenge: Challenge) -> str:
    return f"{challenge.algorithm}-sess" if challenge.is_session else challenge.algorithm


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
