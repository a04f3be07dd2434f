"""The drafts are in plain words, and each place in them is explained."""

import pytest

from apiward.catalogue.clocks import TEMPLATES
from apiward.catalogue.letters import Letter, letter_problems, load_letters, read_letters
from apiward.catalogue.loading import CatalogueError

LETTERS = load_letters()
GOOD = (
    "".join(f'[{name}]\ntitle = "A"\nsubject = "B"\nparagraphs = ["C."]\n' for name in TEMPLATES)
    + '[places]\na = "b"\n'
)


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_letter_is_in_plain_words(name: str) -> None:
    letter = LETTERS.letters[name]
    assert list(letter_problems(letter, LETTERS.places)) == []
    assert {"business", "noticed", "what", "contact"} <= letter.places


def test_every_place_is_used_and_explained() -> None:
    used = frozenset[str]().union(*(letter.places for letter in LETTERS.letters.values()))
    assert used == set(LETTERS.places)


@pytest.mark.parametrize(
    "letter",
    [
        Letter("x", "The end.", "B", ("C.",)),
        Letter("x", "A", "{nothing}", ("C.",)),
        Letter("x", "A", "B", ("No stop",)),
        Letter("x", "A", "B", ("The attacker.",)),
    ],
)
def test_what_is_wrong_is_found(letter: Letter) -> None:
    assert list(letter_problems(letter, LETTERS.places))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[places]", "[place]"),
        ('a = "b"', "a = 1"),
        ('paragraphs = ["C."]', "paragraphs = []"),
        ('paragraphs = ["C."]', 'paragraphs = [""]'),
        ('subject = "B"\n', ""),
        ("", "="),
    ],
)
def test_a_slip_in_the_data_is_an_error_with_its_place(old: str, new: str) -> None:
    assert read_letters(GOOD).letters["people"].subject == "B"
    with pytest.raises(CatalogueError, match=r"letters\.toml"):
        read_letters(GOOD.replace(old, new, 1))
