import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import Json
from apiward.scan.proofs.trials.public_keys import keys_in, renderings
from apiward.scan.proofs.trials.tokens import encoded
from tests.scan.checks.authentication.answers import answered
from tests.scan.checks.authentication.business import PEM, RSA, number

NUMBERS = RSA.public_key().public_numbers()
JWK: dict[str, Json] = {"kty": "RSA", "kid": "k1", "n": number(NUMBERS.n), "e": number(NUMBERS.e)}


def good(body: object) -> Exchange:
    return answered(body if isinstance(body, str) else json.dumps(body), 200)


@pytest.mark.parametrize("shown", [{"keys": [JWK]}, JWK, {"data": {"public_key": PEM.decode()}}, PEM.decode()])
def test_finds_an_rsa_key_however_it_is_shown(shown: object) -> None:
    [(_, key, text)] = list(keys_in(good(shown)))
    assert PEM in renderings(key, text)
    assert PEM.rstrip() in renderings(key, text)


def test_finds_elliptic_keys() -> None:
    curve = ec.generate_private_key(ec.SECP256R1()).public_key()
    point = curve.public_numbers()
    edwards = ed25519.Ed25519PrivateKey.generate().public_key()
    raw = edwards.public_bytes(Encoding.Raw, PublicFormat.Raw)
    keys = [
        {"kty": "EC", "crv": "P-256", "x": number(point.x), "y": number(point.y)},
        {"kty": "OKP", "crv": "Ed25519", "x": encoded(raw)},
    ]
    found = [renderings(key, text)[0] for _, key, text in keys_in(good({"keys": keys}))]
    assert found == [one.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo) for one in (curve, edwards)]


@pytest.mark.parametrize(
    "shown",
    [
        "no key",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
        {"keys": []},
        {"keys": [{"kty": "RSA", "n": "!", "e": "AQAB"}]},
        {"keys": [{"kty": "EC", "crv": "P-999", "x": "AA", "y": "AA"}]},
        {"keys": [{"kty": "oct", "x5c": ["AAAA"]}]},
        {"keys": [{"kty": "RSA", "n": 5, "e": None}]},
    ],
)
def test_what_is_no_key_is_left_out(shown: object) -> None:
    assert list(keys_in(good(shown))) == []


def test_a_refusal_shows_no_key() -> None:
    assert list(keys_in(answered(json.dumps(JWK), 404))) == []
