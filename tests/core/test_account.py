"""Accounts and credentials never show their secrets by accident."""

from apiward.core.account import Account, Credential
from apiward.core.api import Place


def test_secrets_are_not_in_what_is_printed() -> None:
    credential = Credential(Place.HEADER, "Authorization", "tok-123", "Bearer ")
    account = Account("Ann", "ann", "pw-123", credential=credential, facts={"email": "ann@shop.test"})
    assert "tok-123" not in repr(credential)
    for secret in ("pw-123", "tok-123", "ann@shop.test"):
        assert secret not in repr(account)


def test_what_is_shown_is_prefix_and_value() -> None:
    assert Credential(Place.HEADER, "Authorization", "t", "Bearer ").shown == "Bearer t"
    assert Credential(Place.QUERY, "key", "t").shown == "t"
