"""Signed tokens (RFC 7519): HS256 with a shared key in the client area, RS256 in the shop."""

import base64
import hashlib
import hmac
import json
import posixpath
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicNumbers, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SECRET_FILE: Final = "client.secret"
PUBLIC_FILE: Final = "shop.pem"
KEYS_FOLDER: Final = "/srv/keys"
# A disk in memory: a token that anybody can send opens no file of the machine that the demo runs on.
DISK: Final = {"/dev/null": b""}


class BadTokenError(Exception):
    """The token cannot be trusted."""


@cache
def _shop_key() -> RSAPrivateKey:
    """Return the key that signs the shop's tokens: made when it is first needed, and once in a process."""
    return generate_private_key(public_exponent=65537, key_size=2048)


class Keys:
    """The keys of the business."""

    def __init__(self, shared: bytes) -> None:
        self.shared = shared

    @property
    def private(self) -> RSAPrivateKey:
        """The key that signs the shop's tokens."""
        return _shop_key()

    @property
    def public_pem(self) -> bytes:
        """The public key as the shop's configuration file holds it."""
        public = self.private.public_key()
        return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def write(self, folder: Path) -> None:
        """Write what a guard needs to check both kinds of tokens; raises OSError."""
        secret = folder / SECRET_FILE
        secret.touch(mode=0o600)
        secret.write_bytes(self.shared)
        (folder / PUBLIC_FILE).write_bytes(self.public_pem)

    def jwks(self) -> dict[str, Any]:
        """Return the public key as a JSON Web Key Set (RFC 7517)."""
        numbers = self.private.public_key().public_numbers()
        key = {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "shop-1"}
        return {"keys": [key | {"n": _number(numbers.n), "e": _number(numbers.e)}]}


@dataclass(frozen=True, slots=True)
class Token:
    """A token taken apart: header, claims, the text that is signed, and the signature."""

    header: dict[str, Any]
    claims: dict[str, Any]
    signed: bytes
    signature: bytes

    @property
    def algorithm(self) -> str:
        """The `alg` of the header, as text."""
        return str(self.header.get("alg", ""))


def read_token(text: str) -> Token:
    """Return the parts of a compact token without trusting any of them, or raise BadTokenError."""
    try:
        head, body, signature = text.split(".")
        header, claims, proof = json.loads(unpad64(head)), json.loads(unpad64(body)), unpad64(signature)
    except (ValueError, RecursionError):
        raise BadTokenError from None
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise BadTokenError
    return Token(header, claims, f"{head}.{body}".encode(), proof)


def hs256(claims: dict[str, Any], key: bytes) -> str:
    """Return a token that is signed with HMAC and SHA-256."""
    signed = _signed({"alg": "HS256", "typ": "JWT"}, claims)
    return f"{signed}.{pad64(hmac_of(signed.encode(), key))}"


def rs256(claims: dict[str, Any], keys: Keys) -> str:
    """Return a token that is signed with the shop's RSA key."""
    signed = _signed({"alg": "RS256", "typ": "JWT", "kid": "shop-1"}, claims)
    return f"{signed}.{pad64(keys.private.sign(signed.encode(), PKCS1v15(), SHA256()))}"


def is_hs256(token: Token, key: bytes) -> bool:
    """Say whether the signature is the HMAC of the token with `key`."""
    return hmac.compare_digest(hmac_of(token.signed, key), token.signature)


def is_rs256(token: Token, keys: Keys) -> bool:
    """Say whether the signature was made with the shop's RSA key."""
    try:
        keys.private.public_key().verify(token.signature, token.signed, PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


def is_signed_by_itself(token: Token) -> bool:
    """Say whether the signature was made with the RSA key that stands in the token's own header."""
    jwk = token.header.get("jwk")
    try:
        numbers = RSAPublicNumbers(*(int.from_bytes(unpad64(jwk[name])) for name in ("e", "n")))  # type: ignore[index]
        numbers.public_key().verify(token.signature, token.signed, PKCS1v15(), SHA256())
    except (InvalidSignature, KeyError, TypeError, ValueError):
        return False
    return True


def is_signed_by_file(token: Token) -> bool:
    """Say whether the signature is the HMAC of the token with what stands in the file that its header names."""
    key = DISK.get(posixpath.normpath(posixpath.join(KEYS_FOLDER, str(token.header.get("kid")))))
    return key is not None and is_hs256(token, key)


def hmac_of(signed: bytes, key: bytes) -> bytes:
    """Return the HMAC-SHA-256 of `signed`."""
    return hmac.new(key, signed, hashlib.sha256).digest()


def pad64(raw: bytes) -> str:
    """Return URL-safe base64 without its padding."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def unpad64(text: str) -> bytes:
    """Return the bytes of URL-safe base64 with or without padding; ValueError where it is none."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _signed(header: dict[str, Any], claims: dict[str, Any]) -> str:
    return f"{pad64(json.dumps(header).encode())}.{pad64(json.dumps(claims).encode())}"


def _number(value: int) -> str:
    return pad64(value.to_bytes((value.bit_length() + 7) // 8, "big"))
