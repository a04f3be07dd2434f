"""Keeps what a scan found with its history, where there is a store for it, and says what has changed."""

from collections.abc import Mapping

from apiward.app.recording.findings import Noted, accepted_there, has_store, note_scan
from apiward.cli.speaking import say
from apiward.cli.store_places import place_of
from apiward.config.errors import AdvisedError
from apiward.core.scan_report import ScanReport
from apiward.prove.baseline import Baseline
from apiward.prove.neutral import one_line


def note_findings(given: Mapping[str, object], report: ScanReport, *, is_narrow: bool) -> None:
    """Keep the findings in the store that is named, else in the one of the guard here, if it has one.

    A store that was not asked for by name never spoils a scan. Raises AdvisedError where one was.
    """
    named = str(given.get("store") or "")
    place, config = place_of({"config": given.get("config")})
    if not named and not has_store(place, config):
        return
    try:
        noted, name = note_scan(place, config, report, store=named, is_narrow=is_narrow)
    except AdvisedError as error:
        if named:
            raise
        say(f"The findings are not kept with their history. {error}")
        return
    if given.get("quiet") is not True:
        say(f"Kept in {one_line(name)}: {_summary(noted)}.")


def accepted_in_store(given: Mapping[str, object], target: str) -> Baseline:
    """Return what was accepted in the store in which the findings are kept; nothing where that cannot be read."""
    named = str(given.get("store") or "")
    place, config = place_of({"config": given.get("config")})
    if not named and not has_store(place, config):
        return Baseline()
    try:
        return accepted_there(place, config, target, store=named)
    except (AdvisedError, OSError):
        return Baseline()  # the findings are kept next, which tells it


def _summary(noted: Noted) -> str:
    counts = (
        (len(noted.new), "new"),
        (len(noted.came_back), "came back"),
        (len(noted.still_there), "still there"),
        (len(noted.fixed), "fixed"),
        (len(noted.unsure), "could not be looked at"),
    )
    return ", ".join(f"{count} {word}" for count, word in counts if count) or "nothing is new"
