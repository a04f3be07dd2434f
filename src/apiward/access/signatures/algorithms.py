"""Keys of signers, each with the one algorithm that it is used with (RFC 9421, section 3.3)."""

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from apiward.access.errors import AccessError
from apiward.access.pem import PublicKey
from apiward.access.settings import SignerAlgorithm
from apiward.core.principal import Principal

MIN_SECRET_BYTES: Final = 32
_PSS: Final = padding.PSS(mgf=padding.MGF1(hashes.SHA512()), salt_length=64)
_ECDSA: Final = {
    SignerAlgorithm.ECDSA_P256_SHA256: (ec.SECP256R1, 32, hashes.SHA256()),
    SignerAlgorithm.ECDSA_P384_SHA384: (ec.SECP384R1, 48, hashes.SHA384()),
}
_KIND: Final = {
    SignerAlgorithm.RSA_PSS_SHA512: rsa.RSAPublicKey,
    SignerAlgorithm.RSA_V1_5_SHA256: rsa.RSAPublicKey,
    SignerAlgorithm.ECDSA_P256_SHA256: ec.EllipticCurvePublicKey,
    SignerAlgorithm.ECDSA_P384_SHA384: ec.EllipticCurvePublicKey,
    SignerAlgorithm.ED25519: ed25519.Ed25519PublicKey,
}

SignerKey: TypeAlias = PublicKey | bytes


@dataclass(frozen=True, slots=True)
class Signer:
    """One partner: its key, its algorithm, and who it is."""

    key_id: str
    algorithm: SignerAlgorithm
    key: SignerKey = field(repr=False)
    principal: Principal

    def __post_init__(self) -> None:
        _check_fit(self.algorithm, self.key, self.key_id)

    def verifies(self, base: bytes, signature: bytes) -> bool:
        """Return whether `signature` over `base` is right. Never raises."""
        key = self.key
        if isinstance(key, bytes):
            return hmac.compare_digest(hmac.digest(key, base, hashlib.sha256), signature)
        try:
            self._verify(key, base, signature)
        except (InvalidSignature, ValueError):
            return False
        return True

    def _verify(self, key: PublicKey, base: bytes, signature: bytes) -> None:
        if isinstance(key, rsa.RSAPublicKey):
            if self.algorithm is SignerAlgorithm.RSA_PSS_SHA512:
                key.verify(signature, base, _PSS, hashes.SHA512())
            else:
                key.verify(signature, base, padding.PKCS1v15(), hashes.SHA256())
        elif isinstance(key, ec.EllipticCurvePublicKey):
            _, size, digest = _ECDSA[self.algorithm]
            key.verify(_der(signature, size), base, ec.ECDSA(digest))
        else:
            key.verify(signature, base)


def _der(signature: bytes, size: int) -> bytes:
    if len(signature) != 2 * size:
        raise InvalidSignature
    return encode_dss_signature(int.from_bytes(signature[:size], "big"), int.from_bytes(signature[size:], "big"))


def _check_fit(algorithm: SignerAlgorithm, key: SignerKey, key_id: str) -> None:
    if isinstance(key, bytes):
        if algorithm is not SignerAlgorithm.HMAC_SHA256:
            raise AccessError(key_id, f"{algorithm} needs a public key (pem_file), not a shared secret")
        if len(key) < MIN_SECRET_BYTES:
            raise AccessError(key_id, f"the shared secret has {len(key)} bytes; it needs {MIN_SECRET_BYTES}")
        return
    kind = _KIND.get(algorithm)
    if kind is None or not isinstance(key, kind):
        raise AccessError(key_id, f"the key does not fit the algorithm {algorithm}")
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < 2_048:
        raise AccessError(key_id, "an RSA key needs 2048 bits")
    if isinstance(key, ec.EllipticCurvePublicKey) and not isinstance(key.curve, _ECDSA[algorithm][0]):
        raise AccessError(key_id, f"the key's curve does not fit the algorithm {algorithm}")
