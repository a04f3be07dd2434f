"""For how long each kind of record is kept by default, and by what reason: law, source and date as data."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Final

from apiward.catalogue.loading import CatalogueError

KINDS: Final = ("events", "counts", "audit", "incidents", "findings")
"""What has a time of its own."""
FILE: Final = "retention.toml"


@dataclass(frozen=True, slots=True)
class Retention:
    """One kind of record: `days` by default, `why` for the owner, `law` that speaks of it, `longer` who needs more."""

    title: str
    days: int
    why: str
    law: str
    longer: str
    source: str
    checked_on: date


@cache
def load_retention() -> Mapping[str, Retention]:
    """Return all kinds by name, read once from the package. Raises CatalogueError."""
    return read_retention(resources.files("apiward.catalogue").joinpath(FILE).read_text("utf-8"))


def read_retention(text: str) -> Mapping[str, Retention]:
    """Return the kinds of one TOML text. Raises CatalogueError where one is missing, unknown or broken."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"no TOML: {error}", file=FILE) from error
    if tuple(document) != KINDS:
        raise CatalogueError(f"must have the tables {', '.join(KINDS)}, in this order", file=FILE)
    return MappingProxyType({name: _entry(name, row) for name, row in document.items()})


def _entry(name: str, row: Mapping[str, object]) -> Retention:
    hints = {field.name: field.type for field in fields(Retention)}
    for key in (*hints, *row):
        value = row.get(key)
        if key not in hints:
            raise CatalogueError(f"unknown; known are {', '.join(hints)}", file=FILE, entry=name, key=key)
        if type(value) is not hints[key] or not value:
            raise CatalogueError("missing, empty or of a wrong type", file=FILE, entry=name, key=key)
    return Retention(**row)  # type: ignore[arg-type] # each was held against its type
