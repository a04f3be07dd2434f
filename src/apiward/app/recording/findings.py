"""Keeps what a scan found in the store of a guard, with its history from scan to scan."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from apiward.app.guarding.place import Place
from apiward.app.guarding.upkeep import DATABASE
from apiward.app.recording.accepting import FindingDesk
from apiward.app.recording.opening import Store, told
from apiward.config.guarding import GuardConfig
from apiward.core.scan_report import ScanReport
from apiward.prove.baseline import Baseline
from apiward.stores.watching.scans import Noted, ScanStore


def has_store(place: Place, config: GuardConfig) -> bool:
    """Return whether a guard with these settings has a store already, or names one."""
    return bool(config.events.database) or (place.data / DATABASE).exists()


def note_scan(
    place: Place, config: GuardConfig, report: ScanReport, *, store: str = "", is_narrow: bool = False
) -> tuple[Noted, str]:
    """Keep what a scan found in the guard's store, or in `store`: a folder or the address of a database.

    Return what is new and what is not, and how people call the store. Raises AdvisedError.
    """
    with named_store(place, config, store, is_new=bool(store)) as opened, told("be written"):
        return ScanStore(opened.engine).note(report, is_narrow=is_narrow), opened.name


def accepted_there(place: Place, config: GuardConfig, target: str, *, store: str = "") -> Baseline:
    """Return the findings of an API that somebody has accepted in the store. Raises AdvisedError or OSError."""
    with named_store(place, config, store) as opened, told("be read"):
        return FindingDesk(opened).baseline(target)


@contextmanager
def named_store(place: Place, config: GuardConfig, named: str, *, is_new: bool = False) -> Iterator[Store]:
    """Give the store of the guard, or that in the folder or at the address `named`. Raises AdvisedError."""
    if "://" in named:
        config = replace(config, events=replace(config.events, database=named))
    elif named:
        config = replace(config, events=replace(config.events, database=""))
        place = replace(place, data=Path(named))
    with Store.opened(place, config, is_new=is_new) as store:
        yield store


__all__ = ["Noted", "accepted_there", "has_store", "named_store", "note_scan"]
