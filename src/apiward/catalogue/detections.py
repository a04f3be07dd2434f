"""The words of what watch detects: what we saw, what it means for the business, what to do now."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from string import Formatter
from types import MappingProxyType
from typing import Final

from apiward.catalogue.counting import filled
from apiward.catalogue.forms import LEVEL, TEXT, TEXTS, fits, shaped
from apiward.catalogue.loading import CatalogueError
from apiward.catalogue.prose import Manner, prose_problems
from apiward.core.detection import UNKNOWN
from apiward.core.finding import Severity

DETECTION_FAMILIES: Final = (
    "accounts", "objects", "functions", "data", "money", "flow", "inventory", "attacks", "service",
)  # fmt: skip
"""One file `detections/<family>.toml` each."""
PLAYBOOKS: Final = (
    "stuffing", "leaked-key", "foreign-objects", "takeover", "scraping", "overload", "carding", "admin-change",
    "third-party", "outage",
)  # fmt: skip

_KEYS: Final[dict[str, str]] = {
    **dict.fromkeys(("title", "saw", "meaning", "todo", "playbook"), TEXT),
    **dict.fromkeys(("owasp_api", "oat", "attack"), TEXTS),
    "severity": LEVEL,
}
_MAY: Final = {"saw_less": TEXTS}
_OWASP: Final = re.compile(r"API(10|[1-9]):2023")
_OAT: Final = re.compile(r"OAT-0(0[1-9]|1\d|2[01])")
_ATTACK: Final = re.compile(r"T1\d{3}(\.\d{3})?")


@dataclass(frozen=True, slots=True)
class DetectionEntry:
    """Everything that people read about one detection.

    `rule` names it ("accounts.stuffing"). `saw` holds {places} for its facts, `saw_less` are texts for when some of
    them are not known. `meaning` is what that means for the business, `todo` what to do now, `severity` the usual
    one. `oat` are automated threats as OWASP numbers them, `attack` techniques of MITRE ATT&CK, `playbook` the steps
    to take.
    """

    rule: str
    title: str
    severity: Severity
    saw: str
    meaning: str
    todo: str
    owasp_api: tuple[str, ...]
    oat: tuple[str, ...]
    attack: tuple[str, ...]
    playbook: str
    saw_less: tuple[str, ...] = ()

    def told(self, facts: Mapping[str, str]) -> str:
        """Return what we saw, by the first text whose facts are all known; else a question mark stands for them."""
        known = {name: value for name, value in facts.items() if value not in {UNKNOWN, ""}}
        texts = (self.saw, *self.saw_less)
        text = next((one for one in texts if places_of(one) <= known.keys()), texts[-1])
        return filled(text, {name: known.get(name, "?") for name in places_of(text)})

    @property
    def places(self) -> frozenset[str]:
        """The names of the facts that its texts use."""
        return frozenset().union(*map(places_of, (self.saw, *self.saw_less)))


@cache
def load_detections() -> Mapping[str, DetectionEntry]:
    """Return the words of all detections by rule, read once from the package. Raises CatalogueError."""
    found: dict[str, DetectionEntry] = {}
    for family in DETECTION_FAMILIES:
        text = resources.files("apiward.catalogue").joinpath("detections", f"{family}.toml").read_text("utf-8")
        found |= read_detections(text, family=family)
    return MappingProxyType(found)


def read_detections(text: str, *, family: str) -> Mapping[str, DetectionEntry]:
    """Return the entries in the TOML text of one family, by rule. Raises CatalogueError."""
    file = f"detections/{family}.toml"
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"no TOML: {error}", file=file) from error
    return {f"{family}.{name}": _entry(f"{family}.{name}", table, file) for name, table in tables.items()}


def detection_problems(entry: DetectionEntry) -> Iterator[str]:
    """Yield what is wrong with the words and references of one entry; nothing where all is right."""
    manners = {
        "title": Manner(70, is_sentence=False),
        "meaning": Manner(300),
        "todo": Manner(300),
    }
    for name, manner in manners.items():
        yield from (f"{name} {problem}" for problem in prose_problems(getattr(entry, name), manner))
    for text in (entry.saw, *entry.saw_less):
        yield from (f"saw {problem}" for problem in prose_problems(text, Manner(200, places=places_of(text))))
    for name, pattern in (("owasp_api", _OWASP), ("oat", _OAT), ("attack", _ATTACK)):
        yield from (f"{name} holds {one!r}" for one in getattr(entry, name) if not pattern.fullmatch(one))
    if entry.playbook not in PLAYBOOKS:
        yield f"there is no playbook {entry.playbook!r}"


def places_of(text: str) -> frozenset[str]:
    """Return the names of the places in a text."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)


def _entry(rule: str, table: object, file: str) -> DetectionEntry:
    if not isinstance(table, dict):
        raise CatalogueError("stands outside of an entry", file=file, key=rule)
    forms = _KEYS | {key: form for key, form in _MAY.items() if key in table}
    for key in (*forms, *table):
        if key not in forms:
            raise CatalogueError(f"unknown; known are {', '.join(_KEYS | _MAY)}", file=file, entry=rule, key=key)
        if key not in table or not fits(table[key], forms[key]):
            raise CatalogueError(f"must be {forms[key]}", file=file, entry=rule, key=key)
    return DetectionEntry(rule, **{key: shaped(table[key], form) for key, form in forms.items()})  # type: ignore[arg-type] # fits
