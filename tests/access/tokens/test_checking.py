"""Tokens that were verified a moment ago: remembered, but asked again about what may have changed."""

from dataclasses import replace

import pytest

from apiward.access.revocations import RevocationList, mark
from apiward.access.settings import AuthenticateSettings
from tests.access.making import (
    ISSUER,
    NOW_S,
    Clock,
    authenticator,
    bearer,
    issuer,
    rule,
    token,
    who,
)


@pytest.mark.parametrize(("claim", "value"), [("jti", "j-1"), ("sid", "s-1"), ("sub", "user-1")])
def test_a_revoked_token_is_refused_also_from_the_cache(claim: str, value: str) -> None:
    revoked = RevocationList()
    guard = authenticator(issuer(), revocations=revoked)
    one = bearer(token())
    assert who(guard.authenticate(one)) is who(guard.authenticate(one))
    revoked.revoke(mark(claim, ISSUER, value), now_s=NOW_S, until_s=NOW_S + 600)
    assert rule(guard.authenticate(one)) == "token-revoked"
    who(guard.authenticate(bearer(token(jti="j-2", sid="s-2", sub="user-2"))))


def test_after_a_revoked_person_logs_in_again_the_new_token_is_good() -> None:
    revoked, clock = RevocationList(), Clock()
    guard = authenticator(issuer(), revocations=revoked, clock=clock)
    revoked.revoke(mark("sub", ISSUER, "user-1"), now_s=NOW_S, until_s=NOW_S + 3_600)
    assert rule(guard.authenticate(bearer(token()))) == "token-revoked"
    clock.now_s += 60
    who(guard.authenticate(bearer(token(iat=clock.now_s, jti="j-9", sid="s-9"))))


def test_a_token_that_ends_is_not_good_from_the_cache() -> None:
    clock = Clock()
    guard = authenticator(issuer(), clock=clock, settings=replace(AuthenticateSettings(), clock_skew_s=0))
    one = bearer(token(exp=NOW_S + 5))
    who(guard.authenticate(one))
    clock.now_s += 5
    assert rule(guard.authenticate(one)) == "token-expired"


def test_garbage_does_not_push_good_tokens_out_of_the_cache() -> None:
    guard = authenticator(issuer(), settings=replace(AuthenticateSettings(), token_cache_size=100))
    one = bearer(token())
    first = who(guard.authenticate(one))
    for number in range(500):
        guard.authenticate(bearer(f"eyJ{number}.x.y"))
    assert who(guard.authenticate(one)) is first
