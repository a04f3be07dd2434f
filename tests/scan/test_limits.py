"""Limits are said once, in the catalogue's words, and can be taken back."""

import pytest

from apiward.catalogue.loading import load_catalogue
from apiward.scan.limits import Limits


def _limits() -> Limits:
    return Limits(load_catalogue().limits)


def test_a_limit_is_said_once_with_its_places_filled() -> None:
    limits = _limits()
    limits.add("log-in-failed", operation="POST /login", status=401)
    limits.add("log-in-failed", operation="POST /other", status=500)
    (only,) = limits.all()
    assert "POST /login" in only.what
    assert "401" in only.what
    assert only.name == "log-in-failed"
    assert only.cost
    assert only.remedy


def test_a_limit_that_was_overcome_is_taken_back() -> None:
    limits = _limits()
    limits.add("no-account")
    limits.add("no-probe")
    limits.drop("no-account")
    limits.drop("never-said")
    assert [limit.what for limit in limits.all()] == ["No operation shows who is logged in."]


def test_a_place_that_nobody_filled_stays_visible() -> None:
    limits = _limits()
    limits.add("log-in-failed", operation="POST /login")
    assert "(status)" in limits.all()[0].what


def test_a_limit_without_words_is_our_own_mistake() -> None:
    with pytest.raises(KeyError):
        _limits().add("no-such-limit")
