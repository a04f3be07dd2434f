"""A wrong setting is named."""

from apiward.access.errors import AccessError


def test_the_setting_is_named() -> None:
    error = AccessError("issuers.audience", "say which")
    assert (error.key, str(error)) == ("issuers.audience", "issuers.audience: say which")
    assert str(AccessError("", "say which")) == "say which"
    assert isinstance(error, ValueError)
