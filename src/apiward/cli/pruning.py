"""What `apiward baseline prune` does: accepted findings against the last scans of the API that they belong to."""

import os
from datetime import UTC, datetime

from apiward.cli.addresses import address_of
from apiward.cli.baseline_file import read_baseline, save_baseline
from apiward.cli.exits import ExitCode
from apiward.cli.speaking import say, write_out
from apiward.cli.state import State, state_of
from apiward.config.errors import AdvisedError
from apiward.prove.baseline import Accepted, Baseline
from apiward.prove.changes import Previous, PreviousReportError, parse_previous
from apiward.prove.neutral import one_line


def prune_file(file: str, url: str) -> int:
    """Take out what is fixed, say it, and return 0. `url` is for entries without a target. Raises AdvisedError."""
    entries = read_baseline(file).accepted
    scans = _scans(state_of(os.environ), entries, address_of(url) if url else "", file)
    fixed = [entry for entry in entries if _is_fixed(entry, scans[entry.target])]
    kept = tuple(entry for entry in entries if entry not in fixed)
    if fixed:
        save_baseline(file, Baseline(kept))
    write_out("".join(f"fixed, taken out: {_named(entry)}\n" for entry in fixed))
    today = datetime.now(UTC).astimezone().date()
    for entry in kept:
        if entry.expires_on < today:
            say(f"ran out on {entry.expires_on}, counts again: {_named(entry)}")
    for target in dict.fromkeys(entry.target for entry in kept if not scans[entry.target]):
        say(f"No scan of {one_line(target)} is kept here: its entries stay.")
    say(f"{len(fixed)} taken out, {len(kept)} stay in {file}")
    return ExitCode.HOLDS


def _scans(state: State, entries: tuple[Accepted, ...], url: str, file: str) -> dict[str, tuple[Previous, ...]]:
    """Return the kept scans of every target of the entries, the latest first."""
    targets = {entry.target for entry in entries}
    if "" in targets and not url:
        raise AdvisedError(
            f"{file} does not say of which API all its findings are.",
            "So we cannot tell which scan to compare with.",
            f"Name the API: apiward baseline prune {file} --url URL",
        )
    found = {target: _kept(state, target or url) for target in targets}
    if targets and not any(found.values()):
        names = sorted(one_line(target or url) for target in targets)
        raise AdvisedError(
            f"There is no scan of {' or '.join(names)} to compare with.", "", f"Scan first: apiward scan {names[0]}"
        )
    return found


def _kept(state: State, target: str) -> tuple[Previous, ...]:
    last, whole = state.last(), state.last_of(target)
    scans = [last] if last is not None and last.target == target else []
    try:
        return tuple(parse_previous(kept.report_text) for kept in (*scans, *([whole] if whole else [])))
    except PreviousReportError:
        return ()  # written by another version of apiward: as if there were none


def _is_fixed(entry: Accepted, scans: tuple[Previous, ...]) -> bool:
    """Whether the latest scan that can tell saw it hold. A finding at the same place leaves it open."""
    place = (entry.check, entry.operation)
    for scan in scans:
        if any(id_ == entry.id or (check, operation) == place for id_, check, operation in scan.findings):
            return False
        if place in scan.held:
            return True
    return False


def _named(entry: Accepted) -> str:
    return one_line(f"{entry.id} {entry.check} {entry.operation}")
