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


def title(rng: Random) -> str:
    """Return a title of two words."""
    return f"{_FIRST[int(rng.random() * 18)]} {_SECOND[int(rng.random() * 18)]}"


def text(rng: Random) -> str:
    """Return one to four sentences."""
    count = 1 + int(rng.random() * 4)
    return " ".join([_SENTENCES[int(rng.random() * 12)] for _ in range(count)])


def person(rng: Random) -> tuple[str, str]:
    """Return the name and the address of somebody outside."""
    first, family = FIRST_NAMES[int(rng.random() * 27)], FAMILIES[int(rng.random() * 29)]
    return f"{first} {family}", f"{first}.{family}@mail.example".lower()
