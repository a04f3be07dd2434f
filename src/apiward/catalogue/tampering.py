"""The words for what may have been done to the audit record."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Final

from apiward.catalogue.loading import CatalogueError

FLAWS: Final = ("edited", "deleted", "reordered", "truncated", "forked", "early")
"""The kinds, in the order of the file."""
FILE: Final = "tampering.toml"


@dataclass(frozen=True, slots=True)
class Tampering:
    """One kind: `title` in a word or two, `what` it means, and what to `do`."""

    title: str
    what: str
    do: str


@cache
def load_tampering() -> Mapping[str, Tampering]:
    """Return all kinds by name, read once from the package. Raises CatalogueError."""
    return read_tampering(resources.files("apiward.catalogue").joinpath(FILE).read_text("utf-8"))


def read_tampering(text: str) -> Mapping[str, Tampering]:
    """Return the kinds of one TOML text. Raises CatalogueError where one is missing, unknown or broken."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"no TOML: {error}", file=FILE) from error
    if tuple(document) != FLAWS:
        raise CatalogueError(f"must have the tables {', '.join(FLAWS)}, in this order", file=FILE)
    keys = tuple(field.name for field in fields(Tampering))
    for name, row in document.items():
        if tuple(row) != keys or not all(isinstance(value, str) and value for value in row.values()):
            raise CatalogueError(f"must have texts for {', '.join(keys)}, in this order", file=FILE, entry=name)
    return MappingProxyType({name: Tampering(**row) for name, row in document.items()})
