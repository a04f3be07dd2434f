"""DPoP (RFC 9449): a stolen token is of no use without the key, and a proof counts for one request alone."""

import asyncio
import base64
import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwk

from apiward.access.authenticator import CredentialAuthenticator
from apiward.access.nonces import NonceMemory
from apiward.access.settings import AuthenticateSettings
from apiward.access.tokens.proofs import Proof, ProofCheck
from apiward.core.call import Call
from apiward.core.decision import Decision
from apiward.core.exchange import Response
from tests.access.making import (
    NOW_S,
    SECRET,
    Clock,
    FakeSender,
    authenticator,
    bearer,
    call,
    claims,
    ec_key,
    issuer,
    jwks,
    okp_key,
    rsa_key,
    rule,
    secret_key,
    settled,
    signed,
    token,
    who,
)

URL = "https://api.shop.example/orders/1"
APP = ec_key("app")
THIEF = ec_key("thief")


def bound(key: jwk.Key = APP, **changed: object) -> str:
    return signed(rsa_key(), {"alg": "RS256", "kid": "rsa-1"}, claims(cnf={"jkt": key.thumbprint()}, **changed))


def proof(
    shown: str, key: jwk.Key = APP, alg: str = "ES256", header: dict[str, object] | None = None, **changed: object
) -> str:
    public = {name: value for name, value in key.as_dict(private=False).items() if name != "kid"}
    head = {"alg": alg, "typ": "dpop+jwt", "jwk": public} | (header or {})
    ath = base64.urlsafe_b64encode(hashlib.sha256(shown.encode()).digest()).rstrip(b"=").decode()
    body = {"htm": "GET", "htu": URL, "iat": NOW_S, "jti": "p-1", "ath": ath} | changed
    head = {name: value for name, value in head.items() if value is not ...}
    return signed(key, head, {name: value for name, value in body.items() if value is not ...})


def with_proof(shown: str, made: str, **more: object) -> Call:
    return call(("Authorization", f"DPoP {shown}"), ("DPoP", made), **more)  # type: ignore[arg-type]


@pytest.fixture
def guard() -> CredentialAuthenticator:
    return authenticator(issuer())


@pytest.mark.parametrize(("key", "alg"), [(APP, "ES256"), (rsa_key("app"), "PS256"), (okp_key("app"), "Ed25519")])
def test_the_holder_of_the_key_comes_in(guard: CredentialAuthenticator, key: jwk.Key, alg: str) -> None:
    mine = bound(key)
    assert who(guard.authenticate(with_proof(mine, proof(mine, key, alg)))).is_verified
    assert who(guard.authenticate(with_proof(mine, proof(mine, key, alg, jti="p-2")))).id == "user-1"


def test_the_thief_of_a_token_does_not(guard: CredentialAuthenticator) -> None:
    stolen = bound()
    assert rule(guard.authenticate(bearer(stolen))) == "token-binding"
    assert rule(guard.authenticate(call(("Authorization", f"DPoP {stolen}")))) == "proof-missing"
    assert rule(guard.authenticate(with_proof(stolen, proof(stolen, THIEF)))) == "token-binding"
    who(guard.authenticate(with_proof(stolen, proof(stolen))))
    assert rule(guard.authenticate(bearer(stolen))) == "token-binding", "also from the cache"
    assert rule(guard.authenticate(with_proof(stolen, proof(stolen, THIEF, jti="x")))) == "token-binding"


def test_a_token_that_is_bound_to_nothing_is_no_dpop_token(guard: CredentialAuthenticator) -> None:
    plain = token()
    assert rule(guard.authenticate(with_proof(plain, proof(plain)))) == "token-binding"
    who(guard.authenticate(bearer(plain)))
    assert rule(guard.authenticate(with_proof(plain, proof(plain)))) == "token-binding"


def test_a_proof_counts_once(guard: CredentialAuthenticator) -> None:
    mine = bound()
    one = with_proof(mine, proof(mine))
    who(guard.authenticate(one))
    assert rule(guard.authenticate(one)) == "proof-replayed"


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("htm", "POST", "proof-wrong"),
        ("htm", ..., "proof-wrong"),
        ("htu", "https://api.shop.example/orders/2", "proof-wrong"),
        ("htu", "https://evil.example/orders/1", "proof-wrong"),
        ("htu", "https://api.shop.example:444/orders/1", "proof-wrong"),
        ("htu", "ftp://api.shop.example/orders/1", "proof-wrong"),
        ("htu", "https://[/orders/1", "proof-wrong"),
        ("htu", 7, "proof-wrong"),
        ("ath", "other", "proof-wrong"),
        ("ath", ..., "proof-wrong"),
        ("iat", NOW_S - 91, "proof-time"),
        ("iat", NOW_S + 31, "proof-time"),
        ("iat", ..., "proof-time"),
        ("iat", True, "proof-time"),
        ("iat", "now", "proof-time"),
        ("jti", ..., "proof-unreadable"),
        ("jti", "", "proof-unreadable"),
        ("jti", "x" * 257, "proof-unreadable"),
        ("jti", 7, "proof-unreadable"),
        ("iat", NOW_S - 89, ""),
        ("htu", "HTTPS://API.shop.example:443/orders/1?a=b#c", ""),
        ("htu", "http://api.shop.example/orders/1", ""),
    ],
)
def test_what_a_proof_must_say(guard: CredentialAuthenticator, name: str, value: object, expected: str) -> None:
    mine = bound()
    said = guard.authenticate(with_proof(mine, proof(mine, **{name: value})))  # type: ignore[arg-type]
    assert (rule(said) if expected else who(said).id) == (expected or "user-1")


@pytest.mark.parametrize(
    "header",
    [
        {"typ": "JWT"},
        {"typ": ...},
        {"jwk": ...},
        {"jwk": "x"},
        {"jwk": {"kty": "oct", "k": base64.urlsafe_b64encode(SECRET).decode()}},
        {"jwk": {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}},
        {"jwk": APP.as_dict(private=True)},
        {"crit": ["x"]},
    ],
)
def test_odd_headers_are_refused(guard: CredentialAuthenticator, header: dict[str, object]) -> None:
    mine = bound()
    made = proof(mine, header=header)
    assert rule(guard.authenticate(with_proof(mine, made))) == "proof-unreadable"


def test_a_proof_without_a_right_signature_is_refused(guard: CredentialAuthenticator) -> None:
    mine = bound()
    good = proof(mine)
    assert rule(guard.authenticate(with_proof(mine, good[:-6] + "AAAAAA"))) == "proof-wrong"
    public = {name: value for name, value in APP.as_dict(private=False).items() if name != "kid"}
    by_secret = proof(mine, secret_key(), "HS256", header={"jwk": public})
    assert rule(guard.authenticate(with_proof(mine, by_secret))) == "proof-wrong"
    nothing = proof(mine, secret_key(), "HS256", header={"jwk": public}).rpartition(".")[0] + "."
    assert rule(guard.authenticate(with_proof(mine, nothing))) == "proof-wrong"


def test_one_proof_and_no_more(guard: CredentialAuthenticator) -> None:
    mine = bound()
    two = call(("Authorization", f"DPoP {mine}"), ("DPoP", proof(mine)), ("DPoP", proof(mine, jti="p-2")))
    assert rule(guard.authenticate(two)) == "proof-missing"
    assert rule(guard.authenticate(with_proof(mine, "x" * 5_000))) == "proof-unreadable"


def test_strangers_cannot_fill_the_memory_of_proofs() -> None:
    memory = NonceMemory(capacity=1)
    guard = authenticator(issuer(), nonces=memory)
    mine = bound()
    for number in range(5):
        made = proof(mine, THIEF, jti=str(number))
        assert rule(guard.authenticate(with_proof(mine, made))) == "token-binding"
    who(guard.authenticate(with_proof(mine, proof(mine))))
    assert rule(guard.authenticate(with_proof(mine, proof(mine, jti="p-2")))) == "service-busy"


def test_a_proof_waits_for_fetched_keys() -> None:
    async def scene() -> None:
        sender = FakeSender(Response(200, body=jwks(rsa_key())))
        guard = authenticator(issuer(jwks_file="", jwks_url="https://login.example/jwks"), sender=sender)
        mine = bound()
        one = with_proof(mine, proof(mine))
        who(await settled(guard.authenticate(one)))
        assert rule(await settled(guard.authenticate(one))) == "proof-replayed"
        expired = bound(exp=NOW_S - 99)
        assert rule(await settled(guard.authenticate(with_proof(expired, proof(expired))))) == "token-expired"

    asyncio.run(scene())


def test_the_age_of_proofs_can_be_set() -> None:
    clock = Clock()
    guard = authenticator(issuer(), clock=clock, settings=replace(AuthenticateSettings(), proof_max_age_s=600))
    clock.now_s += 300
    mine = bound()
    who(guard.authenticate(with_proof(mine, proof(mine))))


@given(st.binary(max_size=120) | st.lists(st.binary(max_size=30).map(base64.urlsafe_b64encode)).map(b".".join))
def test_any_bytes(text: bytes) -> None:
    made = call(("Authorization", "DPoP x"))
    made.headers.append((b"dpop", text))
    assert isinstance(ProofCheck(NonceMemory()).read(made, b"x", NOW_S), Decision | Proof)
