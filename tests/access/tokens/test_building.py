"""Wrong settings of issuers stop the start."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from apiward.access.building import build_authenticator
from apiward.access.errors import AccessError
from apiward.access.settings import AuthenticateSettings, IssuerSettings, SignerSettings
from apiward.access.surroundings import Surroundings
from tests.access.making import PEPPER, Clock, FakeSender, issuer, jwks, okp_key, rsa_key

ED_PEM = ed25519.Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"jwks_file": ""}, "issuers"),
        ({"pem_file": "x.pem"}, "issuers"),
        ({"jwks_file": "none.json"}, "issuers.jwks_file"),
        ({"jwks_file": "text"}, "issuers.jwks_file"),
        ({"jwks_file": "empty"}, "issuers.jwks_file"),
        ({"algorithms": ("none",)}, "issuers.algorithms"),
        ({"algorithms": ("RS256", "rs512")}, "issuers.algorithms"),
        ({"jwks_file": "", "jwks_url": "http://login.example/k"}, "issuers.jwks_url"),
        ({"jwks_file": "", "jwks_url": "ftp://127.0.0.1/k"}, "issuers.jwks_url"),
        ({"jwks_file": "", "jwks_url": "https://["}, "issuers.jwks_url"),
        ({"jwks_file": "", "jwks_url": "https://a/k", "audience": ()}, "issuers.audience"),
        ({"jwks_file": "", "jwks_url": "https://a/k", "issuer": ""}, "issuers.issuer"),
        ({"jwks_file": "", "secret_env": "UNSET"}, "issuers.secret_env"),
        ({"jwks_file": "", "secret_file": "text"}, "issuers.secret_file"),
        ({"jwks_file": "", "pem_file": "text"}, "issuers.pem_file"),
        ({"jwks_file": "", "pem_file": "ed.pem", "algorithms": ("RS256",)}, "algorithms"),
    ],
)
def test_wrong_issuers(changed: Mapping[str, Any], key: str) -> None:
    files = {"text": b"nonsense", "empty": b'{"keys": []}', "ed.pem": ED_PEM}
    with pytest.raises(AccessError) as said:
        build_with(files, issuers=(replace(issuer(), **changed),))
    assert said.value.key == key


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
