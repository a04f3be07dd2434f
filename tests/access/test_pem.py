"""Public keys and certificates from PEM; private keys and other kinds are refused with advice."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, x25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from apiward.access.errors import AccessError
from apiward.access.pem import load_public_key
from tests.access.certifying import certificate, key_of

PRIVATE = ed25519.Ed25519PrivateKey.generate()


def test_keys_and_certificates() -> None:
    public = PRIVATE.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    assert isinstance(load_public_key(public, setting="x"), ed25519.Ed25519PublicKey)
    read = load_public_key(certificate().public_bytes(Encoding.PEM), setting="x")
    assert isinstance(read, ec.EllipticCurvePublicKey)
    assert read.public_numbers() == key_of("till-7").public_key().public_numbers()


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        (PRIVATE.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), "private key"),
        (b"", "no public key"),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "no public key"),
        (
            x25519.X25519PrivateKey.generate()
            .public_key()
            .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
            "not usable",
        ),
    ],
)
def test_others_are_refused_with_advice(text: bytes, advice: str) -> None:
    with pytest.raises(AccessError, match=advice):
        load_public_key(text, setting="pem_file")
