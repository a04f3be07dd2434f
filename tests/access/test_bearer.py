"""Tokens go to who can check them; what nobody can check is a stranger, or refused."""

from dataclasses import replace

import pytest

from apiward.access.keys.ring import KeyRing
from apiward.access.keys.values import new_api_key
from apiward.access.settings import AuthenticateSettings
from apiward.core.principal import PrincipalKind
from tests.access.making import (
    NOW_S,
    authenticator,
    bearer,
    call,
    issuer,
    rule,
    token,
    who,
)

MADE = new_api_key("till", random_bytes=lambda n: bytes(range(n)), now_s=NOW_S, scopes=["GET /orders/**"])


MADE_TOO = new_api_key("pos", random_bytes=lambda n: bytes(range(9, 9 + n)), now_s=NOW_S)


KEY = MADE[0]


TEXT = MADE[1]


OTHER = MADE_TOO[0]


OTHER_TEXT = MADE_TOO[1]


RING = KeyRing([KEY, OTHER])


PASSING = replace(AuthenticateSettings(), passes_unknown_tokens=True)


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "Token", "JWT", "bearer "])
def test_spellings_of_the_scheme(scheme: str) -> None:
    guard = authenticator(issuer())
    assert who(guard.authenticate(call(("Authorization", f"{scheme} {token()}")))).id == "user-1"


@pytest.mark.parametrize("header", ["X-Access-Token", "X-Auth-Token", "x-auth-token"])
def test_tokens_in_other_headers(header: str) -> None:
    assert who(authenticator(issuer()).authenticate(call((header, token())))).id == "user-1"


def test_unknown_credentials_pass_only_where_the_owner_says_so() -> None:
    strict, lenient = authenticator(issuer(), ring=RING), authenticator(issuer(), ring=RING, settings=PASSING)
    for made, expected in (
        (bearer("opaque"), "token-unreadable"),
        (bearer(token(iss="https://other.example")), "token-issuer"),
        (call(("X-API-Key", "their-own-key")), "unknown-key"),
    ):
        assert rule(strict.authenticate(made)) == expected
        principal = who(lenient.authenticate(made))
        assert (principal.kind, principal.is_verified) == (PrincipalKind.TOKEN, False)
    assert rule(lenient.authenticate(bearer(token(exp=NOW_S - 99)))) == "token-expired"
    assert rule(lenient.authenticate(call(("X-API-Key", OTHER_TEXT[:-1] + "0")))) == "key-misspelt"


@pytest.mark.parametrize("value", ["Basic YW5uOng=", "Digest username=x", "Negotiate abc"])
def test_other_schemes_are_for_the_api_to_check(value: str) -> None:
    for guard in (authenticator(), authenticator(issuer(), settings=PASSING)):
        principal = who(guard.authenticate(call(("Authorization", value))))
        assert (principal.kind, principal.is_verified) == (PrincipalKind.TOKEN, False)


@pytest.mark.parametrize("header", [("Authorization", "Basic YW5uOng="), ("X-API-Key", "abc")])
def test_what_only_the_api_could_check_makes_nobody_known_where_tokens_are_checked_here(
    header: tuple[str, str],
) -> None:
    assert who(authenticator(issuer()).authenticate(call(header))).is_anonymous
