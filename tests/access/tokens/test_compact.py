"""Whatever the bytes: reading a token gives its parts or a refusal, and never raises."""

import json

from hypothesis import given
from hypothesis import strategies as st

from apiward.access.tokens.compact import Compact, looks_like_token, read_compact
from apiward.core.decision import Decision
from tests.access.making import authenticator, b64, bearer, call, claims, issuer, rsa_key, signed, token

parts = st.binary(max_size=80).map(b64) | st.text(max_size=40)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
names = st.sampled_from("alg kid typ iss aud exp nbf iat sub cnf roles scope".split()) | st.text(max_size=5)


@given(st.binary(max_size=300) | st.lists(parts, max_size=6).map(lambda ps: ".".join(ps).encode("utf-8", "replace")))
def test_any_bytes(text: bytes) -> None:
    read = read_compact(text, longest=250)
    assert isinstance(read, Compact | Decision)
    assert looks_like_token(text) in (True, False)


@given(st.dictionaries(names, json_values), st.dictionaries(names, json_values))
def test_any_header_and_claims(header: dict[str, object], body: dict[str, object]) -> None:
    guard = authenticator(issuer())
    made = f"{b64(json.dumps(header).encode())}.{b64(json.dumps(body).encode())}.AAAA"
    assert isinstance(guard.authenticate(bearer(made)), Decision)


@given(st.dictionaries(names, json_values))
def test_any_claims_under_a_right_signature(body: dict[str, object]) -> None:
    guard = authenticator(issuer())
    made = signed(rsa_key(), {"alg": "RS256", "kid": "rsa-1"}, json.dumps(body).encode())
    assert isinstance(guard.authenticate(bearer(made)), Decision)


@given(json_values, json_values, json_values, json_values)
def test_any_identity_under_a_right_signature(sub: object, roles: object, cnf: object, email: object) -> None:
    guard = authenticator(issuer())
    made = signed(rsa_key(), {"alg": "RS256", "kid": "rsa-1"}, claims(sub=sub, roles=roles, cnf=cnf, email=email))
    guard.authenticate(bearer(made))


@given(st.binary(max_size=60))
def test_any_authorization_header(value: bytes) -> None:
    made = call()
    made.header = {b"host": b"a", b"authorization": value, b"cookie": value, b"x-api-key": value}
    authenticator(issuer()).authenticate(made)


def test_looks() -> None:
    assert looks_like_token(token().encode())
    assert looks_like_token(b"eyJhbGciOiJub25lIn0.e30.")
    assert not looks_like_token(b"opaque-token")
