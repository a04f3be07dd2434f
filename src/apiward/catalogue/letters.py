"""Drafts of letters for when something has happened, as data: to authorities, to people, to companies."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from string import Formatter
from types import MappingProxyType
from typing import Final

from apiward.catalogue.clocks import TEMPLATES
from apiward.catalogue.loading import CatalogueError
from apiward.catalogue.prose import Manner, prose_problems

FILE: Final = "letters.toml"
_PLACES: Final = "places"
_KEYS: Final = ("title", "subject", "paragraphs")


@dataclass(frozen=True, slots=True)
class Letter:
    """One draft. Its texts hold {places}, each of which `Letters.places` explains."""

    name: str
    title: str
    subject: str
    paragraphs: tuple[str, ...]

    @property
    def places(self) -> frozenset[str]:
        """The names of what is filled in."""
        texts = (self.subject, *self.paragraphs)
        return frozenset(name for text in texts for _, name, _, _ in Formatter().parse(text) if name)


@dataclass(frozen=True, slots=True)
class Letters:
    """All drafts by the kind of their reader, and what each place is for."""

    letters: Mapping[str, Letter]
    places: Mapping[str, str]


@cache
def load_letters() -> Letters:
    """Return all drafts, read once from the package. Raises CatalogueError."""
    return read_letters(resources.files("apiward.catalogue").joinpath(FILE).read_text("utf-8"))


def read_letters(text: str) -> Letters:
    """Return the drafts of one TOML text. Raises CatalogueError."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"no TOML: {error}", file=FILE) from error
    if tuple(document) != (*TEMPLATES, _PLACES):
        raise CatalogueError(f"must have the tables {', '.join((*TEMPLATES, _PLACES))}, in this order", file=FILE)
    places = document.pop(_PLACES)
    if not all(isinstance(value, str) and value for value in places.values()):
        raise CatalogueError("must be texts", file=FILE, entry=_PLACES)
    return Letters(
        MappingProxyType({name: _letter(name, row) for name, row in document.items()}), MappingProxyType(places)
    )


def letter_problems(letter: Letter, places: Mapping[str, str]) -> Iterator[str]:
    """Yield what is wrong with the words of a draft; nothing where all is right."""
    known = frozenset(places)
    for name, text in (("title", letter.title), ("subject", letter.subject)):
        yield from (
            f"{name} {problem}" for problem in prose_problems(text, Manner(100, is_sentence=False, places=known))
        )
    for text in letter.paragraphs:
        manner = Manner(400, is_sentence=not text.endswith(","), places=known)
        # A letter goes on in small letters after its greeting.
        yield from (problem for problem in prose_problems(text[:1].upper() + text[1:], manner))


def _letter(name: str, row: Mapping[str, object]) -> Letter:
    paragraphs = row.get("paragraphs")
    if tuple(row) != _KEYS or not isinstance(paragraphs, list) or not paragraphs:
        raise CatalogueError(f"must have {', '.join(_KEYS)}, in this order", file=FILE, entry=name)
    if not all(isinstance(text, str) and text for text in (row["title"], row["subject"], *paragraphs)):
        raise CatalogueError("must be texts", file=FILE, entry=name)
    return Letter(name, str(row["title"]), str(row["subject"]), tuple(map(str, paragraphs)))
