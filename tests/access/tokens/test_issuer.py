"""Issuers: each speaks for its own people, with its own keys."""

import pytest

from apiward.access.authenticator import CredentialAuthenticator
from tests.access.making import (
    authenticator,
    bearer,
    claims,
    ec_key,
    issuer,
    jwks,
    rsa_key,
    rule,
    signed,
    token,
    who,
)


@pytest.fixture
def guard() -> CredentialAuthenticator:
    return authenticator(issuer())


@pytest.mark.parametrize("member", ["jwk", "jku", "x5u", "x5c"])
def test_a_key_in_the_token_is_never_followed(guard: CredentialAuthenticator, member: str) -> None:
    own = rsa_key("attacker")
    values = {"jwk": own.as_dict(private=False), "jku": "https://evil.example/jwks", "x5u": "https://evil.example/c"}
    header = {"alg": "RS256", "kid": "attacker", member: values.get(member, ["MIIB"])}
    assert rule(guard.authenticate(bearer(signed(own, header, claims())))) == "token-own-key"
    header["kid"] = "rsa-1"
    assert rule(guard.authenticate(bearer(signed(own, header, claims())))) == "token-own-key"
    who(guard.authenticate(bearer(signed(rsa_key(), header, claims()))))


def test_a_token_without_kid_is_tried_against_the_keys(guard: CredentialAuthenticator) -> None:
    who(guard.authenticate(bearer(signed(rsa_key(), {"alg": "RS256"}, claims()))))
    stranger = signed(rsa_key("stranger"), {"alg": "RS256"}, claims())
    assert rule(guard.authenticate(bearer(stranger))) == "token-signature"


def test_equal_subjects_of_two_issuers_are_two_people() -> None:
    other = "https://partner.example"
    guard = authenticator(issuer(), issuer(issuer=other, jwks_file="other.json"), files={"other.json": jwks(ec_key())})
    ours = who(guard.authenticate(bearer(token())))
    theirs = who(guard.authenticate(bearer(token(ec_key(), alg="ES256", iss=other))))
    assert ours.id == theirs.id
    assert ours.key != theirs.key


def test_one_issuer_cannot_speak_for_another() -> None:
    other = "https://partner.example"
    guard = authenticator(
        issuer(), issuer(issuer=other, jwks_file="other.json"), files={"other.json": jwks(ec_key("p"))}
    )
    forged = token(ec_key("p"), alg="ES256")
    assert rule(guard.authenticate(bearer(forged))) == "token-key-unknown"
