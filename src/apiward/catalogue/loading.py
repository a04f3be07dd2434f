"""Reads the catalogue from the package, strictly: a slip in the data stops the start, with its place."""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Final, TypeVar

from apiward.catalogue.entries import Catalogue, CheckEntry, LimitEntry, Risk, Story
from apiward.catalogue.forms import HOURS, LEVEL, NUMBERS, TEXT, TEXTS, fits, shaped

FAMILIES: Final = (
    "objects",
    "functions",
    "properties",
    "authentication",
    "injection",
    "forgery",
    "resources",
    "flows",
    "third_parties",
    "configuration",
    "inventory",
    "graphql",
    "components",
)
"""The families of checks, in the order that people see them: one file `checks/<family>.toml` each."""

_RISK_KEYS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("title", "what", "impact", "remedy"), TEXT),
    **dict.fromkeys(("owasp_2019", "owasp_2023"), TEXTS),
    "cwe": NUMBERS,
}
_LIMIT_KEYS: Final[Mapping[str, str]] = dict.fromkeys(("what", "cost", "remedy"), TEXT)
_CHECK_KEYS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("name", "title", "meaning", "fix", "ask", "proves", "cannot", "patch", "held_by"), TEXT),
    **dict.fromkeys(("risks", "owasp_2019", "owasp_2023", "references"), TEXTS),
    "severity": LEVEL,
    "cwe": NUMBERS,
    "effort_h": HOURS,
}

_STORY_KEYS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("title", "meets", "mend", "story", "fix"), TEXT),
    **dict.fromkeys(("first", "then"), TEXTS),
    "severity": LEVEL,
}

_Entry = TypeVar("_Entry", Risk, CheckEntry, LimitEntry, Story)
_Table = Mapping[str, object]


class CatalogueError(ValueError):
    """Says that the catalogue's own data is wrong: in which file, at which entry and key, and how."""

    def __init__(self, message: str, *, file: str, entry: str = "", key: str = "") -> None:
        place = ", ".join(filter(None, (file, entry and f"entry {entry}", key and f"key {key}")))
        super().__init__(f"{place}: {message}")
        self.file = file
        self.entry = entry
        self.key = key


@cache
def load_catalogue() -> Catalogue:
    """Return all that apiward knows, read once from the package; the mappings are read-only.

    Raises CatalogueError where a file holds an unknown key, lacks one, or has a wrong type.
    """
    files = {family: f"checks/{family}.toml" for family in FAMILIES}
    return Catalogue(
        risks=read_risks(_packaged("risks.toml"), file="risks.toml"),
        checks=join_checks(read_checks(_packaged(file), family=name, file=file) for name, file in files.items()),
        limits=read_limits(_packaged("limits.toml"), file="limits.toml"),
        stories=read_stories(_packaged("stories.toml"), file="stories.toml"),
    )


def join_checks(families: Iterable[Mapping[str, CheckEntry]]) -> Mapping[str, CheckEntry]:
    """Return the checks of all families by code. Raises CatalogueError where two have the same code."""
    joined: dict[str, CheckEntry] = {}
    for family in families:
        for code, entry in family.items():
            if code in joined:
                raise CatalogueError(
                    f"{joined[code].family} has it as well", file=f"checks/{entry.family}.toml", entry=code
                )
            joined[code] = entry
    return MappingProxyType(joined)


def read_risks(text: str, *, file: str) -> Mapping[str, Risk]:
    """Return the risks of one TOML text by id, in its order. Raises CatalogueError."""
    return _entries(text, file, _RISK_KEYS, lambda id_, row: Risk(id=id_, **row))


def read_limits(text: str, *, file: str) -> Mapping[str, LimitEntry]:
    """Return the limits of one TOML text by id, in its order. Raises CatalogueError."""
    return _entries(text, file, _LIMIT_KEYS, lambda id_, row: LimitEntry(id=id_, **row))


def read_stories(text: str, *, file: str) -> Mapping[str, Story]:
    """Return the stories of one TOML text by id, in its order. Raises CatalogueError."""
    return _entries(text, file, _STORY_KEYS, lambda id_, row: Story(id=id_, **row))


def read_checks(text: str, *, family: str, file: str) -> Mapping[str, CheckEntry]:
    """Return the checks of one family's TOML text by code, in its order. Raises CatalogueError."""
    return _entries(text, file, _CHECK_KEYS, lambda code, row: CheckEntry(code=code, family=family, **row))


def _packaged(file: str) -> str:
    return resources.files("apiward.catalogue").joinpath(*file.split("/")).read_text("utf-8")


def _entries(text: str, file: str, keys: Mapping[str, str], build: Callable[..., _Entry]) -> Mapping[str, _Entry]:
    try:
        tables: dict[str, object] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"no TOML: {error}", file=file) from error
    return MappingProxyType({id_: build(id_, _row(table, keys, file, id_)) for id_, table in tables.items()})


def _row(table: object, keys: Mapping[str, str], file: str, entry: str) -> dict[str, object]:
    if not isinstance(table, dict):
        raise CatalogueError("stands outside of an entry", file=file, key=entry)
    row: _Table = table
    for key in row:
        if key not in keys:
            raise CatalogueError(f"unknown; known are {', '.join(keys)}", file=file, entry=entry, key=key)
    for key in keys:
        if key not in row:
            raise CatalogueError("missing", file=file, entry=entry, key=key)
    return {key: _value(row[key], form, file, entry, key) for key, form in keys.items()}


def _value(value: object, form: str, file: str, entry: str, key: str) -> object:
    if not fits(value, form):
        raise CatalogueError(f"must be {form}, not {value!r}", file=file, entry=entry, key=key)
    return shaped(value, form)
