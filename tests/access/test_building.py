"""Wrong settings stop the start, with the setting's name and advice; right ones work."""

import base64
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from apiward.access.building import build_authenticator
from apiward.access.errors import AccessError
from apiward.access.settings import AuthenticateSettings, IssuerSettings, SignerAlgorithm, SignerSettings
from apiward.access.surroundings import Surroundings
from tests.access.making import PEPPER, Clock, FakeSender, authenticator, issuer, jwks, okp_key, rsa_key

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
    ("changed", "key"),
    [
        ({"key_prefix": "A_b"}, "key_prefix"),
        ({"certificate_header": "client-cert"}, "certificate_proxies"),
        ({"certificate_fingerprints": ("xyz",)}, "certificates"),
        ({"certificate_ca_file": "none.pem"}, "certificate_ca_file"),
        ({"certificate_ca_file": "text"}, "certificates"),
        ({"certificate_header": "c", "certificate_proxies": ("x",)}, "certificates"),
        ({"introspection_url": "http://login.example"}, "introspection_url"),
        ({"introspection_url": "https://login.example"}, "introspection_secret_env"),
    ],
)
def test_wrong_settings(changed: Mapping[str, Any], key: str) -> None:
    with pytest.raises(AccessError) as said:
        build_with({"text": b"nonsense"}, settings=replace(AuthenticateSettings(), **changed))
    assert said.value.key == key


def test_names_stand_once() -> None:
    with pytest.raises(AccessError, match="same name"):
        authenticator(issuer(), issuer())
    with pytest.raises(AccessError, match="same name"):
        authenticator(issuer(algorithms=("RS256", "EdDSA")), issuer(algorithms=("RS256",)))
    with pytest.raises(AccessError, match="same name"):
        authenticator(issuer(algorithms=("RS256",)), issuer())
    good = SignerSettings("a", pem_file="ed.pem")
    with pytest.raises(AccessError, match="same key_id"):
        build_with({"ed.pem": ED_PEM}, signers=(good, good))


def test_a_short_pepper_is_refused() -> None:
    with pytest.raises(AccessError, match="pepper"):
        build_with({}, pepper=b"short")


def test_right_settings() -> None:
    secret = base64.b64encode(bytes(64)).decode()
    build_with(
        {"ed.pem": ED_PEM},
        settings=replace(
            AuthenticateSettings(), introspection_url="http://127.0.0.1:1/i", introspection_secret_env="S"
        ),
        issuers=(
            issuer(),
            issuer(issuer="b", jwks_file="", jwks_url="http://localhost:9/k"),
            issuer(issuer="", jwks_file="", pem_file="ed.pem", audience=()),
        ),
        signers=(
            SignerSettings("a", pem_file="ed.pem"),
            SignerSettings("b", SignerAlgorithm.HMAC_SHA256, secret_env="H"),
        ),
        environment={"S": "s", "H": secret},
    )
