"""Tokens bound to a client certificate (RFC 8705)."""

import pytest

from apiward.access.tokens.binding import thumbprint
from tests.access.certifying import certificate, der
from tests.access.making import authenticator, bearer, issuer, rule, token, who


def test_a_token_bound_to_a_certificate_is_good_with_it_alone() -> None:
    guard = authenticator(issuer())
    bound = token(cnf={"x5t#S256": thumbprint(der(certificate()))})
    for _ in range(2):  # the second time from the cache
        who(guard.authenticate(bearer(bound, certificate=der(certificate()))))
        assert rule(guard.authenticate(bearer(bound))) == "token-binding"
        assert rule(guard.authenticate(bearer(bound, certificate=der(certificate("other"))))) == "token-binding"


@pytest.mark.parametrize("confirmation", [{}, {"kid": "x"}, "text", 7, None])
def test_other_confirmations_bind_nothing(confirmation: object) -> None:
    who(authenticator(issuer()).authenticate(bearer(token(cnf=confirmation))))


@pytest.mark.parametrize("confirmation", [{"x5t#S256": 7}, {"x5t#S256": ["a"]}, {"jkt": {}}, {"x5t#S256": "é"}])
def test_odd_confirmations_let_nobody_in(confirmation: object) -> None:
    guard = authenticator(issuer())
    said = guard.authenticate(bearer(token(cnf=confirmation), certificate=der(certificate())))
    assert rule(said) == "token-binding"
