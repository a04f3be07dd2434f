"""How accounts get in, as their tables say, and what is said of slips without what is secret."""

import pytest

from apiward.config.account_ways import header_of
from apiward.config.errors import ConfigError
from apiward.config.scanning import account_of
from apiward.core.account import Means
from apiward.core.one_time_codes import secret_of


@pytest.mark.parametrize("text", ["", "x", ": y", "a b: c", "X: a\r\nY: b", "X: \u20ac"])
def test_a_header_that_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="no header"):
        header_of(text)


def test_tokens_by_a_command_or_a_server_are_read() -> None:
    told = {"token_url": "https://a.example/t", "client_id": "c", "client_secret_env": "S", "refresh_token_env": "R"}
    account = account_of({"name": "ada", **told}, {"S": "s3cret", "R": "r0"})
    assert account.means is not None
    assert (account.means.client_secret, account.means.refresh_token) == ("s3cret", "r0")
    assert "s3cret" not in repr(account)
    command = account_of({"token_command": "get 'a b'"}, {})
    assert command.means is not None
    assert command.means.command == ("get", "a b")


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"token_url": "file:///etc/passwd"}, "token_url .* begins with http"),
        ({"token_command": "get 'hunter2"}, "a quote is not closed"),
        ({"token_url": "http://h/t", "client_secret_env": "NONE"}, 'variable "NONE" is not set'),
        ({"token_url": "http://h/t", "token_command": "get"}, "and not both"),
        ({"token_command": "get", "client_id": "c"}, "client_id .* without the token_url"),
        ({"sign_command": "get 'hunter2"}, "sign_command .* a quote is not closed"),
        ({"openid_url": "login.example"}, "openid_url .* begins with http"),
        ({"openid_url": "http://h", "certificate": "a.pem"}, "openid_url or certificate, and not both"),
        ({"cookie": "a=b", "certificate_key": "a.key"}, "certificate_key .* without the certificate"),
        ({"sign_command": "s", "scope": "all"}, "scope .* without the token_url"),
        ({"username": "a", "password": "b", "totp_secret": "hunter2-0189!"}, "totp_secret .* is none"),
        ({"username": "a", "password": "b", "totp_secret": "otpauth://totp/a?secret=GEZDGNBV&digits=8"}, "6 digits"),
        ({"username": "a", "password": "b", "scope": "all"}, "scope .* without the token_url"),
    ],
)
def test_slips_in_them_are_told_without_what_is_secret(fields: dict[str, object], what: str) -> None:
    with pytest.raises(ConfigError, match=what) as told:
        account_of(fields, {})
    assert "hunter2" not in str(told.value)


def test_other_means_are_read() -> None:
    signed = account_of({"sign_command": "sign 'a b'", "tenant": "acme"}, {})
    assert signed.means is not None
    assert (signed.means.signer, signed.tenant) == (("sign", "a b"), "acme")
    shown = account_of({"certificate": "a.pem", "certificate_key": "a.key"}, {})
    assert shown.means == Means(certificate="a.pem", certificate_key="a.key")
    assert account_of({"openid_url": "https://h", "client_id": "c"}, {}).means == Means(
        openid_url="https://h", client_id="c"
    )
    assert account_of({"client_id": "c", "scope": "all"}, {}).means == Means(client_id="c", scope="all")


@pytest.mark.parametrize("text", ["gezd gnbv", "GEZDGNBV", "otpauth://totp/a?secret=GEZDGNBV&digits=6&algorithm=sha1"])
def test_the_secret_of_an_app_is_read_as_apps_show_it(text: str) -> None:
    account = account_of({"username": "a", "password": "b", "totp_secret_env": "S"}, {"S": text})
    assert secret_of(account.one_time_secret) == b"12345"
    assert "GEZD" not in repr(account).upper()
