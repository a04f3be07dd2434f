"""Forged tokens, from what everybody can see."""

import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from apiward.demo.tokens import pad64, unpad64


def unsigned(claims: dict[str, Any]) -> str:
    """Return a token that says of itself that nobody signed it."""
    return f"{pad64(json.dumps({'alg': 'none'}).encode())}.{pad64(json.dumps(claims).encode())}."


def pem_of(jwks: dict[str, Any]) -> bytes:
    """Return the first key of a key set in the form in which servers keep public keys."""
    n, e = (int.from_bytes(unpad64(jwks["keys"][0][name]), "big") for name in ("n", "e"))
    return RSAPublicNumbers(e, n).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
