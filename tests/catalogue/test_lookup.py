"""A check is found by code or name, and a slip of the finger finds its neighbours."""

import pytest

from apiward.catalogue.loading import load_catalogue
from apiward.catalogue.lookup import find_check, nearest


@pytest.mark.parametrize("text", ["AUT02", "aut02", " Aut02 ", "jwt-none", "JWT none", "jwt_none"])
def test_a_check_is_found_whatever_its_spelling(text: str) -> None:
    found = find_check(text)
    assert found is not None
    assert found.code == "AUT02"


@pytest.mark.parametrize("entry", load_catalogue().checks.values(), ids=lambda entry: entry.code)
def test_every_check_is_found_by_code_and_name(entry: object) -> None:
    checks = load_catalogue().checks.values()
    assert entry in [find_check(check.code) for check in checks]
    assert entry in [find_check(check.name) for check in checks]


@pytest.mark.parametrize("text", ["", "AUT", "AUT2", "AUT022", "jwt"])
def test_half_a_name_finds_nothing(text: str) -> None:
    assert find_check(text) is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("AUT2", "AUT02"),
        ("sqlinjection", "sql-injection"),
        ("sql inyection", "sql-injection"),
        ("Objekt-Read", "object-read"),
    ],
)
def test_a_slip_finds_what_was_meant_first(typed: str, meant: str) -> None:
    assert nearest(typed)[0] == meant


def test_nothing_is_near_to_nonsense() -> None:
    assert nearest("§§§§§") == ()


def test_each_near_check_is_named_once() -> None:
    found = [find_check(text) for text in nearest("object-chang", count=5)]
    assert len(found) == len({entry.code for entry in found if entry})


def test_no_more_are_named_than_asked_for() -> None:
    assert len(nearest("AUT0", count=2)) == 2
