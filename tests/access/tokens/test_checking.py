"""Tokens that were verified a moment ago: remembered, but asked again about what may have changed."""

from dataclasses import replace

import pytest

from apiward.access.authenticator import CredentialAuthenticator
from apiward.access.revocations import RevocationList, mark
from apiward.access.settings import AuthenticateSettings
from apiward.core.call import Answer
from tests.access.making import (
    ISSUER,
    NOW_S,
    SECRET,
    Clock,
    authenticator,
    bearer,
    issuer,
    rsa_key,
    rule,
    secret_key,
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


@pytest.mark.parametrize("name", ["j-1", ...])
def test_a_token_is_not_good_after_its_log_out(name: object) -> None:
    guard = authenticator(issuer())
    mine, other = token(jti=name, sid=name), token(sub="user-2", jti="j-2", sid="s-2")
    _log_out(guard, mine, "/api/logout")
    assert rule(guard.authenticate(bearer(mine))) == "token-revoked"
    who(guard.authenticate(bearer(other)))


def test_a_log_out_that_failed_or_is_of_another_session_ends_nothing() -> None:
    guard = authenticator(issuer())
    _log_out(guard, token(), "/api/logout", status=403)
    _log_out(guard, token(), "/sessions/17", method="DELETE")
    _log_out(guard, token(), "/logout/others")
    who(guard.authenticate(bearer(token())))


def test_nobody_ends_what_was_not_verified() -> None:
    revoked = RevocationList()
    guard = authenticator(issuer(), revocations=revoked)
    shown = bearer("eyJ.x.y", method="POST", path="/logout")
    guard.authenticate(shown)
    guard.learn(shown, Answer(200, []))
    assert not revoked.entries


def test_issuers_of_one_name_are_told_apart_by_their_algorithms() -> None:
    shared = issuer(jwks_file="", secret_file="secret", algorithms=("HS256",))
    guard = authenticator(shared, issuer(algorithms=("RS256",)), files={"secret": SECRET})
    assert who(guard.authenticate(bearer(token(secret_key(), "HS256")))).is_verified
    assert who(guard.authenticate(bearer(token()))).is_verified
    assert rule(guard.authenticate(bearer(token(rsa_key(), "RS512")))) == "token-key-unknown"


def _log_out(guard: CredentialAuthenticator, shown: str, path: str, *, method: str = "POST", status: int = 200) -> None:
    one = bearer(shown, method=method, path=path)
    one.principal = who(guard.authenticate(one))
    guard.learn(one, Answer(status, []))
