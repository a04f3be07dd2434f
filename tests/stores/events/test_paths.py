import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.classify.terms import TERMS
from apiward.stores.events import paths
from apiward.stores.events.paths import kept_path


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/users/anna.schmidt@shop.example/orders", "/users/a…@s….example/orders"),
        ("/reset/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "/reset/…(20+)"),
        ("/join/8f7d6a5b4c3e2f1a0b9c8d7e", "/join/…(20+)"),
        ("/token/hunter2hunter2", "/token/…(8+)"),
        ("/otp/123456", "/otp/…(1+)"),
        ("/cards/4111111111111111", "/cards/…1111"),
    ],
)
def test_what_looks_private_is_masked(path: str, kept: str) -> None:
    assert kept_path(path) == kept


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/api/v2/products/123",
        "/wp-login.php",
        "/.env",
        "/password/forgotten",
        "/users/550e8400-e29b-41d4-a716-446655440000",
        "/a//b/",
    ],
)
def test_the_rest_stays_readable(path: str) -> None:
    assert kept_path(path) == path


def test_a_long_path_is_cut() -> None:
    assert kept_path("/x" * 5_000).endswith(" … [cut]")
    assert len(kept_path("/x" * 5_000)) < 450
    assert len(kept_path("/" + "word-" * 5_000)) < 450


@given(st.text(max_size=80).map("/".__add__) | st.from_regex(r"(/[a-z.]{1,9}|/[0-9]{1,7}){0,5}", fullmatch=True))
def test_the_fast_way_says_what_the_thorough_way_says(path: str) -> None:
    assert kept_path(path) == paths._masked(path)


def test_masking_twice_changes_nothing() -> None:
    once = kept_path("/otp/123456/anna@shop.example")
    assert kept_path(once) == once


def test_every_name_of_a_secret_takes_the_thorough_way() -> None:
    names = [name for name, kind in TERMS.items() if kind.is_secret]
    assert names
    assert [name for name in names if not paths._SECRET_WORD.search(name)] == []
