import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.cli.addresses import address_of
from apiward.config.errors import AdvisedError


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("localhost:8000", "http://localhost:8000"),
        ("127.0.0.1", "http://127.0.0.1"),
        ("[::1]:80/x/", "http://[::1]:80/x"),
        ("shop", "http://shop"),
        ("api.example.com/v1/", "https://api.example.com/v1"),
        ("api.example.com:8080", "http://api.example.com:8080"),
        (" https://h/a?b=c#d ", "https://h/a?b=c"),
    ],
)
def test_what_people_type(typed: str, address: str) -> None:
    assert address_of(typed) == address


@pytest.mark.parametrize(
    "typed", ["", "ftp://h", "http://", "http://h:0", "http://h:x", "http://a b", "http://[x", "h\\x"]
)
def test_what_is_no_address(typed: str) -> None:
    with pytest.raises(AdvisedError, match="is no address"):
        address_of(typed)


def test_a_password_in_the_address_is_refused_and_not_shown() -> None:
    with pytest.raises(AdvisedError) as told:
        address_of("http://anna:hunter2@h")
    assert "hunter2" not in str(told.value)


@given(st.text())
def test_any_text_is_an_address_or_refused(typed: str) -> None:
    try:
        address = address_of(typed)
    except AdvisedError:
        return
    assert address.startswith(("http://", "https://"))
    assert address_of(address) == address
