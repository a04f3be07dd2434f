"""The words for differences between a description and the traffic."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Final

from apiward.catalogue.loading import CatalogueError
from apiward.core.finding import Severity

_FILE: Final = "drift.toml"


@dataclass(frozen=True, slots=True)
class DriftEntry:
    """One kind of difference. `check` is the check of the scanner that looks for the same."""

    kind: str
    title: str
    severity: Severity
    check: str
    meaning: str
    fix: str


@cache
def load_drift() -> Mapping[str, DriftEntry]:
    """Return the words by kind, read once from the package. Raises CatalogueError."""
    return read_drift(resources.files("apiward.catalogue").joinpath(_FILE).read_text("utf-8"))


def read_drift(text: str) -> Mapping[str, DriftEntry]:
    """Return the entries in TOML text. Raises CatalogueError."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"no TOML: {error}", file=_FILE) from error
    return MappingProxyType({kind: _entry(kind, row) for kind, row in document.items()})


def _entry(kind: str, row: object) -> DriftEntry:
    names = [one.name for one in fields(DriftEntry) if one.name != "kind"]
    if not isinstance(row, dict) or set(row) != set(names):
        raise CatalogueError(f"must have {', '.join(names)}, and nothing else", file=_FILE, entry=kind)
    for name in names:
        if not isinstance(row[name], str) or not row[name].strip():
            raise CatalogueError("must be a text that is not empty", file=_FILE, entry=kind, key=name)
    severity = next((one for one in Severity if one.word == row["severity"]), None)
    if severity is None:
        words = ", ".join(one.word for one in Severity)
        raise CatalogueError(f"must be one of {words}", file=_FILE, entry=kind, key="severity")
    return DriftEntry(kind, row["title"], severity, row["check"], row["meaning"], row["fix"])
