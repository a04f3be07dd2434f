"""The words of the guard: what a refused caller is told, what the owner reads, what each stage can and cannot do."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Final

from apiward.catalogue.loading import CatalogueError

STAGES: Final = (
    *("protocol", "origin", "flood", "authenticate", "quota", "route", "permit", "shape", "inspect", "conduct"),
    *("objects", "patches", "learn", "minimise", "conceal", "harden", "guard"),
)
"""The stages in the order in which they judge; "guard" holds the rules of the engine itself. One file each."""

_RULE_KEYS: Final = ("title", "detail", "owner")
_STAGE_KEYS: Final = ("can", "cannot")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a stage. `status` is what a refusal answers; 0 where the rule never refuses.

    `title` and `detail` are for the caller of the API and give nothing away ({place} may stand in
    `detail`); `owner` is for the owner of the business.
    """

    id: str
    status: int
    title: str
    detail: str
    owner: str


@dataclass(frozen=True, slots=True)
class StageEntry:
    """What a stage can do, and what it cannot."""

    name: str
    can: str
    cannot: str


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All rules by id, all stages by name, in the order of judging."""

    rules: Mapping[str, Rule]
    stages: Mapping[str, StageEntry]


@cache
def load_rules() -> RuleBook:
    """Return the words of all stages, read once from the package. Raises CatalogueError."""
    rules: dict[str, Rule] = {}
    stages: dict[str, StageEntry] = {}
    for name in STAGES:
        text = resources.files("apiward.catalogue").joinpath("rules", f"{name}.toml").read_text("utf-8")
        entry, found = read_rules(text, stage=name)
        stages[name] = entry
        rules |= found
    return RuleBook(MappingProxyType(rules), MappingProxyType(stages))


def read_rules(text: str, *, stage: str) -> tuple[StageEntry, Mapping[str, Rule]]:
    """Return the entry and the rules (by id) in the TOML text of one stage. Raises CatalogueError."""
    file = f"rules/{stage}.toml"
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"no TOML: {error}", file=file) from error
    table = document.pop(stage, None)
    if document or not isinstance(table, dict):
        raise CatalogueError(f"all tables must begin with [{stage}", file=file)
    words = {key: value for key, value in table.items() if not isinstance(value, dict)}
    _demand(words, _STAGE_KEYS, file, stage)
    rows = {name: row for name, row in table.items() if isinstance(row, dict)}
    rules = {f"{stage}.{name}": _rule(f"{stage}.{name}", row, file) for name, row in rows.items()}
    return StageEntry(stage, words["can"], words["cannot"]), MappingProxyType(rules)


def _rule(rule_id: str, row: Mapping[str, object], file: str) -> Rule:
    words = {key: value for key, value in row.items() if key != "status"}
    _demand(words, _RULE_KEYS, file, rule_id)
    status = row.get("status")
    if type(status) is not int or not (status == 0 or 400 <= status < 600):
        raise CatalogueError("must be a status from 400 to 599, or 0", file=file, entry=rule_id, key="status")
    return Rule(rule_id, status, str(words["title"]), str(words["detail"]), str(words["owner"]))


def _demand(row: Mapping[str, object], keys: tuple[str, ...], file: str, entry: str) -> None:
    for key in (*keys, *row):
        value = row.get(key)
        if key not in keys:
            raise CatalogueError(f"unknown; known are {', '.join(keys)}", file=file, entry=entry, key=key)
        if not isinstance(value, str) or not value.strip():
            raise CatalogueError("must be a text that is not empty", file=file, entry=entry, key=key)
