"""Public keys and certificates out of PEM texts."""

from typing import Final, TypeAlias

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from apiward.access.errors import AccessError

PublicKey: TypeAlias = rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey | ed448.Ed448PublicKey
_KINDS: Final = (rsa.RSAPublicKey, ec.EllipticCurvePublicKey, ed25519.Ed25519PublicKey, ed448.Ed448PublicKey)


def load_public_key(text: bytes, *, setting: str) -> PublicKey:
    """Return the public key of a PEM text, or of the certificate in it. Raises AccessError with advice."""
    if b"PRIVATE KEY" in text:
        raise AccessError(setting, "this is a private key; it belongs to the signer alone. Name the public key's file")
    try:
        if b"BEGIN CERTIFICATE" in text:
            key: object = x509.load_pem_x509_certificate(text).public_key()
        else:
            key = load_pem_public_key(text)
    except (ValueError, UnsupportedAlgorithm) as problem:
        raise AccessError(setting, "no public key or certificate in PEM form could be read") from problem
    if not isinstance(key, _KINDS):
        raise AccessError(setting, "this kind of key is not usable here; use RSA, EC or Ed25519")
    return key
