"""The shapes of what the catalogue holds. All words in them are ours, short, and free of jargon."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from apiward.core.finding import Severity

PATCH_FORMS: Final = (
    "owner",
    "log-in",
    "staff",
    "properties",
    "answer",
    "value",
    "limit",
    "credentials",
    "sessions",
    "same-answer",
    "off",
    "headers",
    "none",
)
"""What can hold a weakness shut at the guard, in one word; `none` where only a change of the code helps."""

MEETINGS: Final = ("cookie", "forged-name", "identifier", "log-in", "name", "password", "role", "token-key")
"""What can join two findings, in one word; `scan/linking` looks for each of them."""


@dataclass(frozen=True, slots=True)
class Risk:
    """One of the ten risks of our founding list, for the owner of a small business.

    `owasp_2019` and `owasp_2023` are ids of the OWASP API Security Top 10 of that year
    ("API1:2019"), `cwe` are numbers of the Common Weakness Enumeration.
    """

    id: str
    title: str
    what: str
    impact: str
    remedy: str
    owasp_2019: tuple[str, ...]
    owasp_2023: tuple[str, ...]
    cwe: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CheckEntry:
    """Everything that people read about one check.

    `code` is stable for ever ("OBJ01"), `name` its kebab-case twin ("object-read"). `title` names
    the weakness, `meaning` says what could happen in the business, `fix` tells a developer what to
    change, `ask` is the text to send to them ({operation} and {saw} are filled in), `effort_h` is
    the usual effort in hours, from and to. `proves` and `cannot` bound what a finding says.
    `patch` is the form of the guard rule that holds it (one of PATCH_FORMS), `held_by` says so to the owner.
    """

    code: str
    name: str
    family: str
    title: str
    severity: Severity
    risks: tuple[str, ...]
    owasp_2019: tuple[str, ...]
    owasp_2023: tuple[str, ...]
    cwe: tuple[int, ...]
    meaning: str
    fix: str
    ask: str
    effort_h: tuple[float, float]
    proves: str
    cannot: str
    patch: str
    held_by: str
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LimitEntry:
    """Why a scan could see less: the words of a `core.scan_report.Limit`, with {places} to fill."""

    id: str
    what: str
    cost: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Story:
    """What weaknesses do together, told once: a finding of one of `first` gives what one of `then` needs.

    `meets` says what has to be seen that joins them (one of MEETINGS). `mend` is the step ("first" or "then") that ends
    the story when it is mended; `severity`, that of the whole, lifts it in the order to act.
    """

    id: str
    title: str
    severity: Severity
    first: tuple[str, ...]
    then: tuple[str, ...]
    meets: str
    mend: str
    story: str
    fix: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All entries, in the order of their files: checks by code, risks, limits and stories by id."""

    risks: Mapping[str, Risk]
    checks: Mapping[str, CheckEntry]
    limits: Mapping[str, LimitEntry]
    stories: Mapping[str, Story] = field(default_factory=dict)
