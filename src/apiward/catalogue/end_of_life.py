"""Until when the makers of programs mend which version: a small dated table, with where its dates are from."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Final

from apiward.catalogue.loading import CatalogueError

FILE: Final = "end_of_life.toml"
_VERSION: Final = re.compile(r"\d+(\.\d+){0,2}")


@dataclass(frozen=True, slots=True)
class Product:
    """One program: its name for people, and the last day of each version ("7.4")."""

    title: str
    ends: Mapping[str, date]

    def end_of(self, version: str) -> tuple[str, date] | None:
        """Return the version line that a version belongs to with its last day; None where the table has none.

        What is older than all that the table knows ended before the first of them.
        """
        found = next((line for line in self.ends if re.match(rf"{re.escape(line)}(?![\d])", version)), None)
        if found is not None:
            return found, self.ends[found]
        first = min(self.ends, key=_key)
        return (first, self.ends[first]) if _key(version) < _key(first) else None


@dataclass(frozen=True, slots=True)
class EndOfLife:
    """The table: products by the name that headers give them, the day when it was last checked, and by what."""

    products: Mapping[str, Product]
    checked_on: date
    source: str


@cache
def load_end_of_life() -> EndOfLife:
    """Return the table, read once from the package. Raises CatalogueError."""
    return read_end_of_life(resources.files("apiward.catalogue").joinpath(FILE).read_text("utf-8"))


def read_end_of_life(text: str) -> EndOfLife:
    """Return the table of one TOML text. Raises CatalogueError where something is missing or broken."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"no TOML: {error}", file=FILE) from error
    checked_on, source, products = document.get("checked_on"), document.get("source"), document.get("products")
    if type(checked_on) is not date or not isinstance(source, str) or not isinstance(products, dict):
        raise CatalogueError("needs checked_on (a day), source and products", file=FILE)
    return EndOfLife(MappingProxyType({n: _product(n, row) for n, row in products.items()}), checked_on, source)


def _product(name: str, row: Mapping[str, object]) -> Product:
    title = row.get("title")
    ends = {version: day for version, day in row.items() if version != "title"}
    if name != name.lower() or not isinstance(title, str) or not ends:
        raise CatalogueError("needs a name in lower case, a title and versions", file=FILE, entry=name)
    for version, day in ends.items():
        if not _VERSION.fullmatch(version) or type(day) is not date:
            raise CatalogueError("must be a version with its last day", file=FILE, entry=name, key=version)
    return Product(title, MappingProxyType({v: d for v, d in ends.items() if isinstance(d, date)}))


def _key(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))
