"""Words for names, titles and texts."""

from random import Random
from typing import Final

FIRST_NAMES: Final = (
    "Anna", "Ben", "Carla", "Dario", "Elif", "Femi", "Greta", "Hugo", "Ines", "Jonas", "Kaya", "Liam", "Mira", "Nils",
    "Olga", "Pavel", "Quinn", "Rosa", "Sami", "Tara", "Uwe", "Vera", "Wim", "Xenia", "Yara", "Zoe", "Aoife",
)  # fmt: skip
FAMILIES: Final = (
    "Okafor", "Feld", "Nair", "Berg", "Costa", "Dubois", "Eriksen", "Fischer", "Garcia", "Horvat", "Ivanov", "Jansen",
    "Kowalski", "Lopez", "Moreau", "Novak", "Obrien", "Petrov", "Rossi", "Silva", "Tanaka", "Urban", "Vogel", "Weber",
    "Young", "Zeman", "Adler", "Blom", "Conti",
)  # fmt: skip
FIRMS: Final = (
    "Acorn", "Birch", "Clover", "Delta", "Ember", "Fjord", "Grove", "Harbor", "Iris", "Juniper", "Kite", "Lumen",
    "Maple", "North", "Orchard", "Pine", "Quarry", "River", "Summit", "Tide",
)  # fmt: skip
_FIRST: Final = (
    "Quarterly", "New", "Draft", "Spring", "Final", "Open", "Internal", "Client", "Weekly", "Small", "Old", "Urgent",
    "Shared", "Simple", "Annual", "Revised", "Short", "Warm",
)  # fmt: skip
_SECOND: Final = (
    "offer", "website", "budget", "plan", "contract", "report", "workshop", "brochure", "relaunch", "inventory",
    "survey", "schedule", "checklist", "campaign", "review", "roadmap", "delivery", "training",
)  # fmt: skip
_SENTENCES: Final = (
    "Please have a look before Friday.", "The numbers are from last month.", "Ask Mira about the second part.",
    "It's nearly done; only the prices are missing.", "Call back after 3 p.m.", "We agreed on 15 % off.",
    "See page 4 & 5.", "O'Brien wants a copy.", "Nothing to add.", "Moved to next week -- sorry!",
    "Delivery to the back door, please.", "Version 2 replaces version 1.",
)  # fmt: skip


_ODD: Final = (
    "{} (2)", "{} - Größe L", "{}: naïve façade", "{} №7", "{} ✓", "RE: RE: {}", "{} & co", "{} 50 %", "Año nuevo: {}",
    "{} / part 2", "{} <draft>", "{}?",
)  # fmt: skip
_ODD_NAMES: Final = (
    "Zoë Müller", "Seán O'Brien", "Nguyễn Thị Hà", "José-María de la Cruz", "Łukasz Żak", "Anna-Lena v. Stein",
    "Иван Петров", "Fatma Şahin",
)  # fmt: skip
_ODDS: Final = 0.03
"""The share of titles, names and texts that are not as the others: what is rare must not be taken for wrong."""


def title(rng: Random) -> str:
    """Return a title of two words; a few have other signs or more words."""
    plain = f"{_FIRST[int(rng.random() * 18)]} {_SECOND[int(rng.random() * 18)]}"
    return plain if rng.random() >= _ODDS else _ODD[int(rng.random() * 12)].format(plain)


def text(rng: Random) -> str:
    """Return one to four sentences; a few texts are long."""
    count = 1 + int(rng.random() * (4 if rng.random() >= _ODDS else 90))
    return " ".join([_SENTENCES[int(rng.random() * 12)] for _ in range(count)])


def person(rng: Random) -> tuple[str, str]:
    """Return the name and the address of somebody outside."""
    first, family = FIRST_NAMES[int(rng.random() * 27)], FAMILIES[int(rng.random() * 29)]
    name = f"{first} {family}" if rng.random() >= _ODDS else _ODD_NAMES[int(rng.random() * 8)]
    return name, f"{first}.{family}@mail.example".lower()


def amount(rng: Random, usual: int) -> int:
    """Return cents: most around `usual`, few a hundred times as much."""
    return int(usual * min(rng.paretovariate(1.3), 400.0))
