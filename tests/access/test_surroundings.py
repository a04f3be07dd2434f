"""What settings name outside: addresses that may be trusted, variables and files that are there."""

import pytest

from apiward.access.errors import AccessError
from apiward.access.surroundings import Surroundings, check_url, file_text, variable
from tests.access.making import PEPPER, Clock, FakeSender


def missing(path: str) -> bytes:
    if path == "there":
        return b"text"
    raise FileNotFoundError(2, "No such file or directory", path)


OUTSIDE = Surroundings(Clock(), FakeSender(), {"SET": "x", "EMPTY": ""}, missing, PEPPER)


@pytest.mark.parametrize(
    "url", ["https://a.example/k", "http://localhost:1/k", "http://127.0.0.1/k", "http://[::1]:9/"]
)
def test_good_addresses(url: str) -> None:
    check_url(url, "x")


@pytest.mark.parametrize(
    "url", ["http://a.example", "http://10.0.0.1", "file:///keys", "https://", "", "https://[", "a"]
)
def test_other_addresses(url: str) -> None:
    with pytest.raises(AccessError, match="x: "):
        check_url(url, "x")


def test_variables_and_files() -> None:
    assert variable(OUTSIDE, "SET", "x") == "x"
    assert file_text(OUTSIDE, "there", "x") == b"text"
    for name in ("EMPTY", "UNSET", ""):
        with pytest.raises(AccessError, match="environment variable"):
            variable(OUTSIDE, name, "x")
    for path in ("", "gone"):
        with pytest.raises(AccessError, match="file"):
            file_text(OUTSIDE, path, "x")


def test_secrets_are_not_shown_in_reports() -> None:
    assert "pepper" not in repr(OUTSIDE)
    assert "SET" not in repr(OUTSIDE)
