"""Plain texts by table and name, read from one file of the catalogue: for pages, reports and messages."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from string import Formatter
from types import MappingProxyType

from apiward.catalogue.counting import filled
from apiward.catalogue.loading import CatalogueError


@dataclass(frozen=True, slots=True)
class Texts:
    """All texts of one file by table and name ("summary.made")."""

    texts: Mapping[str, str]

    def said(self, name: str, /, **places: object) -> str:
        """Return a text with its places filled in. Raises KeyError for a name or a place that is not there."""
        return filled(self.texts[name], places)

    def has(self, name: str) -> bool:
        """Return whether there is a text of that name."""
        return name in self.texts

    def places(self, name: str) -> frozenset[str]:
        """Return what is filled into a text."""
        return frozenset(place for _, place, _, _ in Formatter().parse(self.texts[name]) if place is not None)


@cache
def load_texts(file: str) -> Texts:
    """Return the texts of a file of the catalogue, read once from the package. Raises CatalogueError."""
    return read_texts(resources.files("apiward.catalogue").joinpath(file).read_text("utf-8"), file)


def read_texts(text: str, file: str) -> Texts:
    """Return the texts of one TOML text: tables of texts, and nothing else. Raises CatalogueError."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"no TOML: {error}", file=file) from error
    found: dict[str, str] = {}
    for table, rows in document.items():
        if not isinstance(rows, dict):
            raise CatalogueError("must be a table", file=file, entry=table)
        for name, value in rows.items():
            if not isinstance(value, str) or not value.strip():
                raise CatalogueError("must be a text that is not empty", file=file, entry=table, key=name)
            found[f"{table}.{name}"] = value
    return Texts(MappingProxyType(found))
