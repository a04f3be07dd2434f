"""The words of the owner's page: one file for each part of it, every text by part and name ("today.title")."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from string import Formatter
from types import MappingProxyType
from typing import Final

from apiward.catalogue.counting import filled
from apiward.catalogue.loading import CatalogueError
from apiward.catalogue.prose import Manner, prose_problems

PARTS: Final = (
    *("frame", "today", "risks", "incidents", "traffic", "inventory", "reports", "settings", "search", "tables"),
    *("first", "tour", "door"),
)
"""One file `page/<part>.toml` each."""
_LONGEST: Final = 260


@dataclass(frozen=True, slots=True)
class PageWords:
    """All texts by part and name."""

    texts: Mapping[str, str]

    def said(self, name: str, /, **places: object) -> str:
        """Return a text with its places filled in. Raises KeyError where there is none, or a place is not given."""
        return filled(self.texts[name], places)

    def has(self, name: str) -> bool:
        """Return whether there is such a text."""
        return name in self.texts


@cache
def load_page_words() -> PageWords:
    """Return the words, read once from the package. Raises CatalogueError."""
    folder = resources.files("apiward.catalogue").joinpath("page")
    texts: dict[str, str] = {}
    for part in PARTS:
        texts |= read_page_words(folder.joinpath(f"{part}.toml").read_text("utf-8"), part)
    return PageWords(MappingProxyType(texts))


def read_page_words(text: str, part: str) -> dict[str, str]:
    """Return the texts of one file. Raises CatalogueError where one is empty, broken or no text."""
    file = f"page/{part}.toml"
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"no TOML: {error}", file=file) from error
    for name, value in document.items():
        if not isinstance(value, str) or not value.strip():
            raise CatalogueError("must be a text that is not empty", file=file, key=name)
        try:
            _places(value)
        except ValueError as error:
            raise CatalogueError(f"{error}", file=file, key=name) from error
    return {f"{part}.{name}": value for name, value in document.items()}


def page_word_problems(text: str) -> Iterator[str]:
    """Yield what is wrong with one text; nothing where it is right. Labels are no sentences, all else is."""
    is_sentence = text.endswith((".", "?", "!"))
    if not is_sentence:
        text = text[:1].upper() + text[1:]
    yield from prose_problems(text, Manner(_LONGEST, is_sentence=is_sentence, places=_places(text)))


def _places(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)
