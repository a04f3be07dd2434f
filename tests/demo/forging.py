"""Forged tokens, from what everybody can see."""

import json
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicNumbers, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from apiward.demo.tokens import hmac_of, pad64, unpad64


def unsigned(claims: dict[str, Any]) -> str:
    """Return a token that says of itself that nobody signed it."""
    return f"{pad64(json.dumps({'alg': 'none'}).encode())}.{pad64(json.dumps(claims).encode())}."


def bringing_its_key(claims: dict[str, Any]) -> str:
    """Return a token that is signed with a new key, and brings it in its header."""
    key = _own_key()
    numbers = key.public_key().public_numbers()
    jwk = {"kty": "RSA", "n": pad64(numbers.n.to_bytes(256)), "e": pad64(numbers.e.to_bytes(3))}
    header = {"alg": "RS256", "kid": "mine", "jwk": jwk}
    body = ".".join(pad64(json.dumps(part).encode()) for part in (header, claims))
    return f"{body}.{pad64(key.sign(body.encode(), PKCS1v15(), SHA256()))}"


@cache
def _own_key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


def naming_its_file(claims: dict[str, Any], file: str) -> str:
    """Return a token that is signed with nothing, and names a file as its key."""
    body = ".".join(pad64(json.dumps(part).encode()) for part in ({"alg": "HS256", "kid": file}, claims))
    return f"{body}.{pad64(hmac_of(body.encode(), b''))}"


def pem_of(jwks: dict[str, Any]) -> bytes:
    """Return the first key of a key set in the form in which servers keep public keys."""
    n, e = (int.from_bytes(unpad64(jwks["keys"][0][name]), "big") for name in ("n", "e"))
    return RSAPublicNumbers(e, n).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
