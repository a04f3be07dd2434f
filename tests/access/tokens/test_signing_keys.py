"""Keys are bound to their algorithms when they are loaded; bad ones of a set do not take the good ones with them."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given
from hypothesis import strategies as st

from apiward.access.errors import AccessError
from apiward.access.tokens.signing_keys import key_from_pem, key_from_secret, keys_from_jwks
from tests.access.making import SECRET, b64, ec_key, jwks, okp_key, rsa_key


def test_each_kind_of_key_has_its_algorithms() -> None:
    keys = keys_from_jwks(jwks(rsa_key(), ec_key(), ec_key("p384", "P-384"), okp_key()))
    found = {key.kid: key.algorithms for key in keys}
    assert found["rsa-1"] == {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}
    assert found["ec-1"] == {"ES256"}
    assert found["p384"] == {"ES384"}
    assert found["ed-1"] == {"EdDSA", "Ed25519"}


@pytest.mark.parametrize(
    "changed", [{"use": "enc"}, {"key_ops": ["encrypt"]}, {"alg": "ES256"}, {"alg": "none"}, {"n": "AQAB"}, {"n": 7}]
)
def test_what_cannot_verify_is_left_out(changed: dict[str, object]) -> None:
    entry = rsa_key().as_dict(private=False) | changed
    text = json.dumps({"keys": [entry, ec_key().as_dict(private=False), {"kty": "new"}, 7, None]}).encode()
    assert [key.kid for key in keys_from_jwks(text)] == ["ec-1"]


def test_a_short_rsa_key_is_left_out() -> None:
    small = rsa.generate_private_key(65_537, 1_024).public_key()
    number = small.public_numbers().n.to_bytes(128, "big")
    text = json.dumps({"keys": [{"kty": "RSA", "n": b64(number), "e": "AQAB"}]}).encode()
    assert keys_from_jwks(text) == ()
    with pytest.raises(AccessError, match="1024 bits"):
        key_from_pem(small.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))


json_values = st.recursive(st.none() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))


@given(st.binary(max_size=200) | json_values.map(lambda value: json.dumps({"keys": [value]}).encode()))
def test_a_key_set_never_raises_more_than_a_value_error(text: bytes) -> None:
    try:
        keys_from_jwks(text)
    except ValueError:
        return


def test_pem_files_with_advice() -> None:
    private = rsa_key().private_key
    assert private is not None
    secret_pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for text in (secret_pem, b"nonsense", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"):
        with pytest.raises(AccessError):
            key_from_pem(text)
    public = rsa_key().public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    assert "RS256" in key_from_pem(public).algorithms
    with pytest.raises(AccessError, match="ES256"):
        key_from_pem(public, ["ES256"])


def test_a_pem_file_is_no_shared_secret() -> None:
    with pytest.raises(AccessError, match="pem_file"):
        key_from_secret(b"-----BEGIN PUBLIC KEY-----\nMIIB")
    assert key_from_secret(SECRET, ["HS512"]).algorithms == {"HS512"}
