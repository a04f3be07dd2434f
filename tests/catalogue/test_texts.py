"""The plain texts of reports, doctor and digest: read strictly, plain in their words, and all of them used."""

import re
from pathlib import Path
from typing import Final

import pytest

import apiward
from apiward.catalogue.loading import CatalogueError
from apiward.catalogue.prose import Manner, prose_problems
from apiward.catalogue.texts import load_texts, read_texts

FILES: Final = ("reports.toml", "doctor.toml")
SOURCE: Final = Path(apiward.__file__).parent
NAMES: Final = [(file, name) for file in FILES for name in load_texts(file).texts]


@pytest.mark.parametrize(("file", "name"), NAMES)
def test_the_words_are_plain(file: str, name: str) -> None:
    book = load_texts(file)
    text = book.texts[name]
    manner = Manner(160, is_sentence=text.endswith((".", "?")), places=book.places(name))
    said = text if text[:1].isupper() else text[:1].upper() + text[1:]
    assert list(prose_problems(said, manner)) == []


@pytest.mark.parametrize("file", FILES)
def test_every_text_is_used_and_every_name_is_there(file: str) -> None:
    places = [*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html")]
    source = "\n".join(path.read_text("utf-8") for path in places)
    book = load_texts(file)
    tables = {name.partition(".")[0] for name in book.texts}
    named = set(re.findall(r'"([a-z]+\.[a-z-]+)"', source)) | set(re.findall(r"'([a-z]+\.[a-z-]+)'", source))
    made = set(re.findall(r'f?"([a-z]+\.[a-z]*-?)(?:\{|" ~)', source)) | set(re.findall(r'"([a-z]+\.)" ~', source))
    unused = [name for name in book.texts if name not in named and not any(name.startswith(one) for one in made)]
    assert unused == []
    assert tables


def test_a_text_comes_with_its_places() -> None:
    book = read_texts('[a]\nb = "{count:thing|things} of {name}"\n', "x.toml")
    assert book.said("a.b", count=2, name="{x}") == "2 things of {x}"
    assert (book.has("a.b"), book.has("a.c"), book.places("a.b")) == (True, False, frozenset({"count", "name"}))


@pytest.mark.parametrize("text", ["=", "a = 1", "[a]\nb = 1", '[a]\nb = " "'])
def test_a_slip_in_the_data_is_an_error_with_its_place(text: str) -> None:
    with pytest.raises(CatalogueError, match=r"x\.toml"):
        read_texts(text, "x.toml")
