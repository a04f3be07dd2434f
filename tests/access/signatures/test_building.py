"""Wrong settings of signers stop the start."""

from collections.abc import Mapping

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from apiward.access.building import build_authenticator
from apiward.access.errors import AccessError
from apiward.access.settings import AuthenticateSettings, IssuerSettings, SignerAlgorithm, SignerSettings
from apiward.access.surroundings import Surroundings
from tests.access.making import PEPPER, Clock, FakeSender, jwks, okp_key, rsa_key

ED_PEM = ed25519.Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def build_with(
    files: Mapping[str, bytes],
    *,
    settings: AuthenticateSettings | None = None,
    issuers: tuple[IssuerSettings, ...] = (),
    signers: tuple[SignerSettings, ...] = (),
    environment: Mapping[str, str] | None = None,
    pepper: bytes = PEPPER,
) -> None:
    def read(path: str) -> bytes:
        if path == "jwks.json":
            return jwks(rsa_key(), okp_key())
        if path not in files:
            raise FileNotFoundError(2, "No such file", path)
        return files[path]

    outside = Surroundings(Clock(), FakeSender(), environment or {}, read, pepper)
    build_authenticator(settings or AuthenticateSettings(), outside, issuers=issuers, signers=signers)


@pytest.mark.parametrize(
    ("signer", "key"),
    [
        (SignerSettings(), "signers.key_id"),
        (SignerSettings("a"), "signers.pem_file"),
        (SignerSettings("a", pem_file="text"), "signers.pem_file"),
        (SignerSettings("a", SignerAlgorithm.RSA_PSS_SHA512, pem_file="ed.pem"), "a"),
        (SignerSettings("a", SignerAlgorithm.HMAC_SHA256), "signers.secret_env"),
        (SignerSettings("a", SignerAlgorithm.HMAC_SHA256, secret_env="NO_BASE64"), "signers.secret_env"),
        (SignerSettings("a", SignerAlgorithm.HMAC_SHA256, secret_env="SHORT"), "a"),
    ],
)
def test_wrong_signers(signer: SignerSettings, key: str) -> None:
    environment = {"NO_BASE64": "***", "SHORT": "AAAA"}
    with pytest.raises(AccessError) as said:
        build_with({"text": b"x", "ed.pem": ED_PEM}, signers=(signer,), environment=environment)
    assert said.value.key == key
