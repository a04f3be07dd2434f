"""The words of the grade: what a letter means, what keeps it from being better, what lifts it, and by which command."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from string import Formatter
from types import MappingProxyType
from typing import Final

from apiward.catalogue.counting import filled
from apiward.catalogue.loading import CatalogueError

FILE: Final = "grades.toml"
LETTERS: Final = ("A", "B", "C", "D", "E", "F", "none")
PLACES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "letters": frozenset(),
        "caps": frozenset({"title", "count"}),
        "lifts": frozenset({"count"}),
        "missing": frozenset({"share", "least"}),
        "first": frozenset(),
        "commands": frozenset({"finding", "incident", "target"}),
    }
)
"""The tables, in their order, with what may be filled into their texts."""


@dataclass(frozen=True, slots=True)
class GradeWords:
    """All texts by table and name ("caps.serious")."""

    texts: Mapping[str, str]

    def said(self, name: str, /, **places: object) -> str:
        """Return a text with its places filled in."""
        return filled(self.texts[name], places)

    def names(self, table: str) -> frozenset[str]:
        """Return the names that a table has."""
        return frozenset(name.partition(".")[2] for name in self.texts if name.startswith(f"{table}."))


@cache
def load_grade_words() -> GradeWords:
    """Return the words, read once from the package. Raises CatalogueError."""
    return read_grade_words(resources.files("apiward.catalogue").joinpath(FILE).read_text("utf-8"))


def read_grade_words(text: str) -> GradeWords:
    """Return the words of one TOML text. Raises CatalogueError where something is missing, unknown or broken."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"no TOML: {error}", file=FILE) from error
    if tuple(document) != tuple(PLACES):
        raise CatalogueError(f"must have the tables {', '.join(PLACES)}, in this order", file=FILE)
    texts = {
        f"{table}.{name}": _checked(table, name, value) for table in PLACES for name, value in document[table].items()
    }
    words = GradeWords(MappingProxyType(texts))
    for table, names in (
        ("letters", frozenset(LETTERS)),
        ("lifts", words.names("caps")),
        ("first", words.names("missing")),
        ("commands", words.names("caps") | words.names("missing")),
    ):
        odd = names ^ words.names(table)
        if odd:
            raise CatalogueError("missing, or unknown", file=FILE, entry=table, key=min(odd))
    return words


def _checked(table: str, name: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise CatalogueError("must be a text that is not empty", file=FILE, entry=table, key=name)
    found = {place for _, place, _, _ in Formatter().parse(value) if place is not None}
    if found - PLACES[table]:
        raise CatalogueError(f"has the unknown place {min(found - PLACES[table])}", file=FILE, entry=table, key=name)
    return value
