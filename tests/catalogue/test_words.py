"""The word lists are clean, and hold what people type."""

from importlib import resources

import pytest

from apiward.catalogue.loading import CatalogueError
from apiward.catalogue.words import LISTS, load_words


@pytest.mark.parametrize("name", LISTS)
def test_a_list_has_no_repeats_remarks_or_stray_spaces(name: str) -> None:
    words = load_words(name)
    assert len(words) == len(set(words))
    assert all(word == word.strip() and word and not word.startswith("#") for word in words)


def test_every_list_that_is_there_is_known() -> None:
    files = resources.files("apiward.catalogue.words").iterdir()
    assert {file.name for file in files if file.name.endswith(".txt")} == {f"{name}.txt" for name in LISTS}


@pytest.mark.parametrize(
    "key",
    [
        "secret",
        "your-256-bit-secret",
        "change-me",
        "supersecretkey",
        "secretkey",
        "jwt_secret",
        "keyboard cat",
        "random",
    ],
)
def test_keys_that_tutorials_use_are_listed(key: str) -> None:
    assert key in load_words("weak_keys")


def test_a_long_random_key_is_not_listed() -> None:
    assert "Zq3vX0mPb7tKe9RwYh2uLs5dNc8fGj1A" not in load_words("weak_keys")


def test_the_lists_are_as_long_as_their_use_asks() -> None:
    assert len(load_words("weak_keys")) > 1_200
    assert 40 <= len(load_words("weak_passwords")) <= 80
    assert load_words("weak_passwords")[:2] == ("123456", "password")
    assert len(load_words("password_words")) > 900
    assert all(len(word) >= 5 and word.isalpha() and word.islower() for word in load_words("password_words"))
    assert load_words("user_names")[0] == "admin"


def test_an_unknown_list_is_refused_with_the_known_ones() -> None:
    with pytest.raises(CatalogueError, match="no such list; there are weak_keys"):
        load_words("../risks")
