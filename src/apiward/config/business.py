"""The table [business] of apiward.toml: where the business is and what data it holds, for the time limits of laws."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from apiward.catalogue.clocks import DATA, ROLES
from apiward.config.tables import load_table, parse_table
from apiward.core.settings import setting

_PLACE: Final = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")


@dataclass(frozen=True, slots=True)
class BusinessConfig:
    """`[business]`: what a letter to an authority needs to say. What stands empty counts as not known."""

    name: str = setting("", "The name of the business.")
    contact: str = setting("", "Who answers questions: name, e-mail address and telephone.")
    countries: tuple[str, ...] = setting((), 'Where it is, in two letters each, such as "DE"; US states as "US-CA".')
    customers_in: tuple[str, ...] = setting((), "Where the people live whose data it keeps, written the same way.")
    data: tuple[str, ...] = setting((), f"The kinds of data that it keeps: {', '.join(DATA)}.")
    roles: tuple[str, ...] = setting((), f"What it is besides: {', '.join(ROLES)}; none for nothing of these.")

    def __post_init__(self) -> None:
        for name in ("countries", "customers_in"):
            check_places(getattr(self, name), name)
        check_words(self.data, DATA, "data")
        check_words(self.roles, ROLES, "roles")


def check_places(places: tuple[str, ...], where: str) -> None:
    """Raise ValueError unless all are countries or states."""
    for place in places:
        if not _PLACE.fullmatch(place):
            raise ValueError(f'{where}: "{place[:20]}" is no country in two capital letters, such as DE or US-CA')


def check_words(words: tuple[str, ...], known: tuple[str, ...], where: str) -> None:
    """Raise ValueError unless all are known, or the only one is "none"."""
    if words == ("none",):
        return
    for word in words:
        if word not in known:
            raise ValueError(f'{where}: "{word[:20]}" is none of {", ".join(known)}, none')


def load_business(path: Path) -> BusinessConfig:
    """Return what the file at `path` says of the business; raises ConfigError with all that is wrong with it."""
    return load_table(path, parse_business)


def parse_business(text: str) -> tuple[BusinessConfig, tuple[str, ...]]:
    """Return the settings in `text`, and what is wrong with them, a sentence each. Never raises."""
    return parse_table(BusinessConfig, "business", text)
