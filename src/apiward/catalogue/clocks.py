"""Which laws and contracts give a time limit when something has happened, as data. No legal advice."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Final

from apiward.catalogue.loading import CatalogueError
from apiward.catalogue.prose import Manner, prose_problems

FILE: Final = "clocks.toml"
STARTS: Final = ("noticed", "judged", "told", "year-end")
"""From when a limit counts: you noticed it, you judged it, you told the people, the year ended."""
DATA: Final = ("personal", "health", "card", "financial")
"""Kinds of data. Health and financial data of people are personal data as well."""
ROLES: Final = ("health", "health-app", "financial", "processor", "nis2")
"""What a business may be: a clinic or insurer, a health app, a financial company, one that works on the data of
others, or one that the NIS2 directive names."""
RISKS: Final = ("none", "some", "high")
CERTAINTIES: Final = ("text", "secondary", "unverified")
TEMPLATES: Final = ("authority", "people", "company", "card")
EU: Final = frozenset(
    "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE IS LI NO".split()
)
"""The countries of the European Economic Area, where the GDPR holds."""

_WITHIN: Final = re.compile(r"at once|[1-9]\d{0,2}(h|d|wd)")
_PLACE: Final = re.compile(r"EU|[A-Z]{2}(-[A-Z]{2})?")


@dataclass(frozen=True, slots=True)
class Clock:
    """One duty. `within` is "at once", hours ("72h"), days ("60d") or working days ("3wd") after `starts`.

    It applies where the business is in one of `business_in` or the people in one of `people_in` (none: everywhere),
    one of `data` was touched and the business has one of `roles` (none: any). `risk` is the least harm to people for
    which it applies, `from_` the day since when. `ask` is what nobody but the owner can answer.
    """

    name: str
    regime: str
    duty: str
    to: str
    within: str
    starts: str
    template: str
    law: str
    source: str
    certainty: str
    checked_on: date
    from_: date = date.min
    business_in: tuple[str, ...] = ()
    people_in: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    risk: str = "none"
    least_people: int = 0
    most_people: int | None = None
    ask: str = ""


@cache
def load_clocks() -> Mapping[str, Clock]:
    """Return all duties by name, read once from the package. Raises CatalogueError."""
    return read_clocks(resources.files("apiward.catalogue").joinpath(FILE).read_text("utf-8"))


def read_clocks(text: str) -> Mapping[str, Clock]:
    """Return the duties of one TOML text. Raises CatalogueError where a key is missing, unknown or wrong."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"no TOML: {error}", file=FILE) from error
    return MappingProxyType({name: _clock(name, row) for name, row in document.items()})


def clock_problems(clock: Clock) -> Iterator[str]:
    """Yield what is wrong with the words and values of one duty; nothing where all is right."""
    for name in ("duty", "ask"):
        text = getattr(clock, name)
        yield from (f"{name} {problem}" for problem in prose_problems(text, Manner(200)) if text)
    if clock.ask and not clock.ask.endswith("?"):
        yield "ask is no question"
    if not _WITHIN.fullmatch(clock.within):
        yield f"within is {clock.within!r}"
    for name, value, known in (
        ("starts", clock.starts, STARTS),
        ("risk", clock.risk, RISKS),
        ("certainty", clock.certainty, CERTAINTIES),
        ("template", clock.template, TEMPLATES),
    ):
        if value not in known:
            yield f"{name} is {value!r}, none of {', '.join(known)}"
    yield from (f"{one!r} is no place" for one in (*clock.business_in, *clock.people_in) if not _PLACE.fullmatch(one))
    yield from (f"{one!r} is no kind of data" for one in clock.data if one not in DATA)
    yield from (f"{one!r} is no role" for one in clock.roles if one not in ROLES)
    if clock.most_people is not None and clock.most_people < clock.least_people:
        yield "most_people is below least_people"
    if not (clock.business_in or clock.people_in or clock.data):
        yield "applies to everybody"


def _clock(name: str, row: object) -> Clock:
    if not isinstance(row, dict):
        raise CatalogueError("stands outside of an entry", file=FILE, key=name)
    known = {field.name.rstrip("_"): field for field in fields(Clock) if field.name != "name"}
    values: dict[str, Any] = {}
    for key, value in row.items():
        if key not in known:
            raise CatalogueError(f"unknown; known are {', '.join(known)}", file=FILE, entry=name, key=key)
        values[known[key].name] = tuple(value) if isinstance(value, list) else value
        if not _fits(values[known[key].name], str(known[key].type)):
            raise CatalogueError("of a wrong type, or empty", file=FILE, entry=name, key=key)
    missing = [key for key, field in known.items() if key not in row and field.name in _REQUIRED]
    if missing:
        raise CatalogueError("missing", file=FILE, entry=name, key=missing[0])
    return Clock(name, **values)


_REQUIRED: Final = frozenset(
    {"regime", "duty", "to", "within", "starts", "template", "law", "source", "certainty", "checked_on"}
)


def _fits(value: object, hint: str) -> bool:
    if "tuple" in hint:
        return isinstance(value, tuple) and bool(value) and all(isinstance(one, str) for one in value)
    if "date" in hint:
        return type(value) is date
    if "int" in hint:
        return type(value) is int and value > 0
    return isinstance(value, str) and bool(value)
