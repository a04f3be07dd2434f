"""A draft holds what is known and nothing else; what is not known is marked, and listed below."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.catalogue.clocks import TEMPLATES
from apiward.catalogue.letters import load_letters
from apiward.watch.breach.drafts import drafted

LETTERS = load_letters()
ALL = {name: f"value of {name}" for name in LETTERS.places}


@pytest.mark.parametrize("name", TEMPLATES)
def test_with_everything_known_nothing_is_open(name: str) -> None:
    letter = LETTERS.letters[name]
    draft = drafted(letter, LETTERS, ALL)
    assert draft.open == ()
    assert "to be filled in" not in draft.text
    assert all(ALL[place] in draft.text for place in letter.places)


@pytest.mark.parametrize("name", TEMPLATES)
@pytest.mark.parametrize("place", LETTERS.places)
def test_what_is_not_known_is_marked_and_listed(name: str, place: str) -> None:
    letter = LETTERS.letters[name]
    draft = drafted(letter, LETTERS, {**ALL, place: " "})
    assert (draft.open == (LETTERS.places[place],)) == (place in letter.places)
    assert ("Not known yet" in draft.text) == (place in letter.places)


@given(st.dictionaries(st.sampled_from(sorted(LETTERS.places)), st.text(max_size=20)))
def test_no_number_comes_from_anywhere_else(known: dict[str, str]) -> None:
    draft = drafted(LETTERS.letters["people"], LETTERS, known)
    given_digits = {sign for value in known.values() for sign in value if sign.isdigit()}
    assert {sign for sign in draft.body if sign.isdigit()} <= given_digits


def test_values_are_never_read_as_places() -> None:
    draft = drafted(LETTERS.letters["people"], LETTERS, {**ALL, "what": "{business} {x.__class__}."})
    assert "{business} {x.__class__}. It began" in draft.body
