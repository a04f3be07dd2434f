"""The known pitfalls of JWT (RFC 8725 and practice): the weak token is refused, its sound twin passes."""

import hmac
import json

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc.jws import JWSRegistry

from apiward.access.authenticator import CredentialAuthenticator
from apiward.access.errors import AccessError
from apiward.access.revocations import RevocationList, mark
from tests.access.making import (
    AUDIENCE,
    ISSUER,
    NOW_S,
    SECRET,
    authenticator,
    b64,
    bearer,
    claims,
    ec_key,
    issuer,
    jwks,
    okp_key,
    rsa_key,
    rule,
    secret_key,
    signed,
    token,
    who,
)

P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@pytest.fixture
def guard() -> CredentialAuthenticator:
    return authenticator(issuer())


@pytest.mark.parametrize(
    ("alg", "key"),
    [("RS256", rsa_key()), ("PS512", rsa_key()), ("ES256", ec_key()), ("Ed25519", okp_key()), ("EdDSA", okp_key())],
)
def test_a_sound_token_is_who_it_says(guard: CredentialAuthenticator, alg: str, key: object) -> None:
    principal = who(guard.authenticate(bearer(token(key, alg=alg))))  # type: ignore[arg-type]
    assert principal.is_verified
    assert principal.key == f"user:{ISSUER}|user-1"
    assert principal.name == "ann@example.com"
    assert principal.roles == {"customer"}
    assert principal.scopes == {"orders:read"}
    assert principal.expires_s == NOW_S + 600


@pytest.mark.parametrize("alg", ["none", "None", "nOnE", "NONE"])
@pytest.mark.parametrize("signature", ["", "AAAA"])
def test_none_is_refused_in_every_spelling(guard: CredentialAuthenticator, alg: str, signature: str) -> None:
    bare = f"{b64(json.dumps({'alg': alg}).encode())}.{b64(json.dumps(claims()).encode())}.{signature}"
    assert rule(guard.authenticate(bearer(bare))) == "token-algorithm"


def test_hs256_with_the_public_key_as_secret_is_refused() -> None:
    pem = rsa_key().public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    guard = authenticator(issuer(jwks_file="", pem_file="key.pem"), files={"key.pem": pem})
    for secret in (pem, pem.strip(), jwks(rsa_key())):
        start = f"{b64(json.dumps({'alg': 'HS256', 'typ': 'JWT'}).encode())}.{b64(json.dumps(claims()).encode())}"
        forged = f"{start}.{b64(hmac.digest(secret, start.encode(), 'sha256'))}"
        assert rule(guard.authenticate(bearer(forged))) == "token-key-unknown"
    assert who(guard.authenticate(bearer(token()))).id == "user-1"


def test_a_key_serves_only_its_own_algorithm() -> None:
    narrow = rsa_key().as_dict(private=False) | {"alg": "RS256"}
    guard = authenticator(issuer(), files={"jwks.json": json.dumps({"keys": [narrow]}).encode()})
    assert rule(guard.authenticate(bearer(token(alg="PS256")))) == "token-key-unknown"
    who(guard.authenticate(bearer(token(alg="RS256"))))


def test_an_issuer_can_be_narrowed_to_algorithms() -> None:
    guard = authenticator(issuer(algorithms=("ES256",)))
    assert rule(guard.authenticate(bearer(token()))) == "token-key-unknown"
    who(guard.authenticate(bearer(token(ec_key(), alg="ES256"))))


def test_es256_with_zero_signature_is_refused(guard: CredentialAuthenticator) -> None:
    good = token(ec_key(), alg="ES256")
    start = good.rpartition(".")[0]
    for raw in (bytes(64), bytes(63), b"", bytes(31) + b"\x01" + bytes(32), P256_ORDER.to_bytes(32, "big") * 2):
        assert rule(guard.authenticate(bearer(f"{start}.{b64(raw)}"))) == "token-signature"
    who(guard.authenticate(bearer(good)))


def test_a_malleable_twin_is_revoked_with_its_original() -> None:
    revoked = RevocationList()
    guard = authenticator(issuer(), revocations=revoked)
    good = token(ec_key(), alg="ES256")
    start, _, signature = good.rpartition(".")
    raw = JWSRegistry.algorithms["ES256"].sign(start.encode(), ec_key())
    s = P256_ORDER - int.from_bytes(raw[32:], "big")
    twin = f"{start}.{b64(raw[:32] + s.to_bytes(32, 'big'))}"
    assert twin != good
    assert signature
    assert who(guard.authenticate(bearer(twin))).key == who(guard.authenticate(bearer(good))).key
    revoked.revoke(mark("jti", ISSUER, "j-1"), now_s=NOW_S, until_s=NOW_S + 600)
    assert rule(guard.authenticate(bearer(twin))) == rule(guard.authenticate(bearer(good))) == "token-revoked"


@pytest.mark.parametrize("secret", ["secret", "x" * 31])
def test_a_weak_shared_secret_stops_the_start(secret: str) -> None:
    with pytest.raises(AccessError, match="shared secret"):
        authenticator(issuer(jwks_file="", secret_env="JWT_SECRET"), environment={"JWT_SECRET": secret})


def test_a_strong_shared_secret_works() -> None:
    guard = authenticator(issuer(jwks_file="", secret_env="JWT_SECRET"), environment={"JWT_SECRET": SECRET.decode()})
    who(guard.authenticate(bearer(token(secret_key(), alg="HS256"))))
    assert rule(guard.authenticate(bearer(token()))) == "token-key-unknown"


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("exp", ..., "token-endless"),
        ("exp", NOW_S - 31, "token-expired"),
        ("exp", "2099-01-01", "token-time"),
        ("exp", True, "token-time"),
        ("nbf", NOW_S + 31, "token-early"),
        ("nbf", "now", "token-time"),
        ("iat", NOW_S + 31, "token-early"),
        ("aud", ..., "token-audience"),
        ("aud", "https://other.example", "token-audience"),
        ("aud", ["a", "b"], "token-audience"),
        ("aud", [[AUDIENCE]], "token-audience"),
        ("aud", {AUDIENCE: True}, "token-audience"),
        ("aud", AUDIENCE + "/", "token-audience"),
        ("iss", ..., "token-issuer"),
        ("iss", "https://evil.example/", "token-issuer"),
        ("iss", ISSUER.rstrip("/"), "token-issuer"),
        ("iss", [ISSUER], "token-issuer"),
        ("sub", ["user-1"], ""),
        ("token_use", "id", "token-use"),
        ("typ", "Refresh", "token-use"),
        ("token_type", "refresh", "token-use"),
        ("at_hash", "x", "token-use"),
    ],
)
def test_claims_that_do_not_fit(guard: CredentialAuthenticator, name: str, value: object, expected: str) -> None:
    said = guard.authenticate(bearer(signed(rsa_key(), {"alg": "RS256", "kid": "rsa-1"}, claims(**{name: value}))))
    if expected:
        assert rule(said) == expected
    else:
        assert who(said).id == "ann@example.com"


def test_the_slash_at_the_end_of_the_issuer_is_said(guard: CredentialAuthenticator) -> None:
    said = guard.authenticate(bearer(token(iss=ISSUER.rstrip("/"))))
    assert rule(said) == "token-issuer"
    assert "slash" in said.saw  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("exp", NOW_S - 29),
        ("nbf", NOW_S + 29),
        ("iat", NOW_S + 29),
        ("iat", ...),
        ("nbf", ...),
        ("exp", 10**30),
        ("aud", ["other", AUDIENCE]),
        ("token_use", "access"),
        ("typ", "Bearer"),
    ],
)
def test_claims_that_just_fit(guard: CredentialAuthenticator, name: str, value: object) -> None:
    who(guard.authenticate(bearer(signed(rsa_key(), {"alg": "RS256", "kid": "rsa-1"}, claims(**{name: value})))))


@pytest.mark.parametrize("kind", ["id_token+jwt", "dpop+jwt", "logout+jwt", "JOSE", "x" * 100])
def test_another_type_is_refused(guard: CredentialAuthenticator, kind: str) -> None:
    made = signed(rsa_key(), {"alg": "RS256", "kid": "rsa-1", "typ": kind}, claims())
    assert rule(guard.authenticate(bearer(made))) == "token-type"


@pytest.mark.parametrize("kind", ["JWT", "jwt", "at+jwt", "application/at+jwt", "application/AT+JWT"])
def test_the_types_of_access_tokens_pass(guard: CredentialAuthenticator, kind: str) -> None:
    who(guard.authenticate(bearer(signed(rsa_key(), {"alg": "RS256", "kid": "rsa-1", "typ": kind}, claims()))))


def test_a_stated_type_is_required() -> None:
    guard = authenticator(issuer(types=("at+jwt",)))
    assert rule(guard.authenticate(bearer(token()))) == "token-type"
    assert (
        rule(guard.authenticate(bearer(signed(rsa_key(), {"alg": "RS256", "kid": "rsa-1"}, claims())))) == "token-type"
    )
    good = signed(rsa_key(), {"alg": "RS256", "kid": "rsa-1", "typ": "at+jwt"}, claims())
    who(guard.authenticate(bearer(good)))


@pytest.mark.parametrize("where", ["header", "claims"])
def test_duplicate_names_are_refused(guard: CredentialAuthenticator, where: str) -> None:
    head, body = b'{"alg":"RS256","kid":"rsa-1"}', json.dumps(claims()).encode()
    if where == "header":
        head = b'{"alg":"RS256","kid":"rsa-1","alg":"RS256"}'
    else:
        body = body[:-1] + b', "sub": "admin"}'
    start = f"{b64(head)}.{b64(body)}"
    forged = f"{start}.{b64(JWSRegistry.algorithms['RS256'].sign(start.encode(), rsa_key()))}"
    assert rule(guard.authenticate(bearer(forged))) == "token-duplicate"


@pytest.mark.parametrize("member", ["crit", "b64"])
def test_unknown_extensions_are_refused(guard: CredentialAuthenticator, member: str) -> None:
    header = {"alg": "RS256", "kid": "rsa-1", member: ["exp"] if member == "crit" else False}
    assert rule(guard.authenticate(bearer(signed(rsa_key(), header, claims())))) == "token-header"


@pytest.mark.parametrize("member", ["zip", "enc"])
def test_compressed_and_encrypted_tokens_are_refused(guard: CredentialAuthenticator, member: str) -> None:
    header = {"alg": "RS256", "kid": "rsa-1", member: "DEF"}
    assert rule(guard.authenticate(bearer(signed(rsa_key(), header, claims())))) == "token-encrypted"
    sealed = f"{b64(b'{}')}.a.b.c.d"
    assert rule(guard.authenticate(bearer(sealed))) == "token-encrypted"


@pytest.mark.parametrize(
    "kid", ["../../../../dev/null", "x' UNION SELECT 'secret'--", "|id", "rsa-1\x00", "", "RSA-1", "rsa-1 "]
)
def test_a_hostile_kid_finds_nothing(guard: CredentialAuthenticator, kid: str) -> None:
    made = signed(rsa_key(), {"alg": "RS256", "kid": kid}, claims())
    assert rule(guard.authenticate(bearer(made))) in ("token-key-unknown", "token-header")


@pytest.mark.parametrize("kid", ["k" * 257, 7, ["rsa-1"], {"a": 1}])
def test_a_kid_that_is_no_short_text_is_refused(guard: CredentialAuthenticator, kid: object) -> None:
    assert rule(guard.authenticate(bearer(signed(rsa_key(), {"alg": "RS256", "kid": kid}, claims())))) == "token-header"


def test_a_huge_token_is_refused_before_it_is_read(guard: CredentialAuthenticator) -> None:
    assert rule(guard.authenticate(bearer(token(padding="x" * 9_000)))) == "token-too-large"
    who(guard.authenticate(bearer(token(padding="x" * 4_000))))


@pytest.mark.parametrize("depth", [13, 400, 2_000])
def test_a_nested_token_is_refused(guard: CredentialAuthenticator, depth: int) -> None:
    body = json.dumps(claims()).encode()[:-1] + b', "deep": ' + b"[" * depth + b"]" * depth + b"}"
    made = signed(rsa_key(), {"alg": "RS256", "kid": "rsa-1"}, body)
    assert rule(guard.authenticate(bearer(made))) == "token-unreadable"


@pytest.mark.parametrize(
    "body", [b"[]", b"null", b'"x"', b"{", b"\xff\xfe", b'{"exp": NaN}', b'{"exp": Infinity}', b""]
)
def test_a_body_that_is_no_object_is_refused(guard: CredentialAuthenticator, body: bytes) -> None:
    assert rule(guard.authenticate(bearer(signed(rsa_key(), {"alg": "RS256"}, body)))) == "token-unreadable"


def test_a_changed_claim_breaks_the_signature(guard: CredentialAuthenticator) -> None:
    head, _, signature = token().split(".")
    forged = f"{head}.{b64(json.dumps(claims(sub='admin')).encode())}.{signature}"
    assert rule(guard.authenticate(bearer(forged))) == "token-signature"


def test_base64_that_is_not_canonical_is_refused(guard: CredentialAuthenticator) -> None:
    good = token()
    for forged in (good + "=", good.replace("_", "/") + "+", good[:-1] + "!", good + " x"):
        assert rule(guard.authenticate(bearer(forged))) == "token-unreadable"


def test_id_tokens_can_be_allowed() -> None:
    guard = authenticator(issuer(accepts_id_tokens=True))
    who(guard.authenticate(bearer(token(at_hash="x", token_use="id"))))
    assert rule(guard.authenticate(bearer(token(token_use="refresh")))) == "token-use"
