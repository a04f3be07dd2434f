"""What scans know for sure of objects, handed to a guard: the scans' own accounts have made them."""

import os
from collections.abc import Iterable, Mapping
from typing import Final

from apiward.access.ownership.seeding import seed
from apiward.app.guarding.building import kept_secret
from apiward.app.guarding.place import Place
from apiward.app.guarding.source import ROWS_OF_OBJECT
from apiward.config.guarding import GuardConfig
from apiward.core.objects import KnownObject
from apiward.stores.ownership.shared import SharedFacts

OBJECTS: Final = "objects"
HANDED: Final = "objects.handed"
"""Up to which moment scans were handed over. What a guard has learned since is not written over at its next start."""


def has_run(place: Place) -> bool:
    """Whether a guard keeps what it knows of objects there."""
    return (place.data / OBJECTS).exists()


def hand_over(place: Place, config: GuardConfig, scans: Mapping[float, Iterable[KnownObject]], now_s: float) -> int:
    """Hand objects of scans to a guard, by the moment of the scan, each scan once; return how many. Raises OSError."""
    handed_s = _handed_s(place)
    fresh = [one for at_s, objects in sorted(scans.items()) if at_s > handed_s for one in objects]
    if not fresh:
        return 0
    count = seed_guard(place, config, fresh, now_s)
    mark = place.data / f".{HANDED}.{os.getpid()}"
    mark.write_text(repr(max(scans)), "ascii")
    mark.replace(place.data / HANDED)
    return count


def seed_guard(place: Place, config: GuardConfig, objects: Iterable[KnownObject], now_s: float) -> int:
    """Write what a scan knows into the facts of a guard, which may run; return how many objects. Raises OSError."""
    place.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    facts = SharedFacts(place.data / OBJECTS, most=ROWS_OF_OBJECT * config.objects.most_objects)
    try:
        return seed(objects, facts, kept_secret(place.data, "pepper"), now_s)
    finally:
        facts.close()


def _handed_s(place: Place) -> float:
    try:
        return float((place.data / HANDED).read_text("ascii"))
    except (OSError, ValueError):
        return 0.0
