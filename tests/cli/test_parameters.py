from datetime import date

import click
import pytest

from apiward.cli.parameters import ACCOUNT, DAY, HEADER, PLACE, TypedAccount


def test_an_account_may_have_commas_in_its_password() -> None:
    typed = ACCOUNT.convert("name=anna, username=a@b.c,password=x,y=z,role=admin", None, None)
    account = typed.account
    assert typed.shown == "name=anna,username=a@b.c,password=…,role=admin"
    assert (account.name, account.username, account.password, account.role) == ("anna", "a@b.c", "x,y=z", "admin")


def test_a_password_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANNA", "s3cret")
    assert ACCOUNT.convert("username=anna,password-env=ANNA", None, None).account.password == "s3cret"


@pytest.mark.parametrize("text", ["", "anna", "nmae=anna", "username=anna", "username=a,password-env=NOT_SET_ANYWHERE"])
def test_what_is_no_account(text: str) -> None:
    with pytest.raises(click.BadParameter):
        ACCOUNT.convert(text, None, None)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("header=Authorization: Bearer abc", "header=Authorization: …"),
        ("cookie=sid=abc,role=x", "cookie=…,role=x"),
        ("query=key=abc", "query=…"),
    ],
)
def test_secrets_are_not_shown_and_must_be_written_again(text: str, shown: str) -> None:
    typed: TypedAccount = ACCOUNT.convert(text, None, None)
    assert typed.shown == shown
    with pytest.raises(click.BadParameter, match="Write the secret where … stands"):
        ACCOUNT.convert(shown, None, None)
    with pytest.raises(click.BadParameter, match="where … stands"):
        HEADER.convert("Authorization: …", None, None)


def test_values_that_are_converted_already_stay() -> None:
    account = ACCOUNT.convert("cookie=a=b", None, None)
    assert ACCOUNT.convert(account, None, None) is account
    assert DAY.convert(date(2027, 1, 31), None, None) == date(2027, 1, 31)


def test_headers_and_days() -> None:
    assert HEADER.convert("X-A: b: c", None, None) == ("X-A", "b: c")
    assert DAY.convert("2027-01-31", None, None) == date(2027, 1, 31)
    with pytest.raises(click.BadParameter):
        DAY.convert("31.1.2027", None, None)


def test_a_place_to_listen_at_has_a_port() -> None:
    assert PLACE.convert("192.168.1.5:8600", None, None) == "192.168.1.5:8600"
    with pytest.raises(click.BadParameter, match="no place to listen at"):
        PLACE.convert("192.168.1.5", None, None)
