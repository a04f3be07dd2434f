"""Keys of signers: each fits its one algorithm, and bad signatures never raise."""

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from apiward.access.errors import AccessError
from apiward.access.settings import SignerAlgorithm
from apiward.access.signatures.algorithms import Signer, SignerKey
from apiward.core.principal import Principal, PrincipalKind

PRIVATE = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def signer(key_id: str, algorithm: SignerAlgorithm, key: SignerKey) -> Signer:
    return Signer(key_id, algorithm, key, Principal(PrincipalKind.KEY, key_id, is_verified=True))


def test_ecdsa_on_the_larger_curve_and_its_bad_signatures() -> None:
    key = ec.generate_private_key(ec.SECP384R1())
    own = signer("p384", SignerAlgorithm.ECDSA_P384_SHA384, key.public_key())
    r, s = decode_dss_signature(key.sign(b"base", ec.ECDSA(hashes.SHA384())))
    raw = r.to_bytes(48, "big") + s.to_bytes(48, "big")
    assert own.verifies(b"base", raw)
    assert not any(own.verifies(b"base", bad) for bad in (bytes(96), raw[:-1], raw + b"x", b"", raw[::-1]))
    assert not own.verifies(b"other", raw)


@pytest.mark.parametrize(
    ("algorithm", "key"),
    [
        (SignerAlgorithm.HMAC_SHA256, PRIVATE.public_key()),
        (SignerAlgorithm.ED25519, b"x" * 64),
        (SignerAlgorithm.HMAC_SHA256, b"short"),
        (SignerAlgorithm.RSA_PSS_SHA512, PRIVATE.public_key()),
        (SignerAlgorithm.ECDSA_P384_SHA384, ec.generate_private_key(ec.SECP256R1()).public_key()),
    ],
)
def test_a_key_that_does_not_fit_stops_the_start(algorithm: SignerAlgorithm, key: SignerKey) -> None:
    with pytest.raises(AccessError):
        signer("k", algorithm, key)
