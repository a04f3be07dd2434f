"""`apiward baseline`: tidies a file of accepted findings."""

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from apiward.cli.speaking import say, write_out


@click.group("baseline")
def COMMAND() -> None:  # noqa: N802 - the name that the group looks for
    """Tidy a file of accepted findings."""


@COMMAND.command("prune")
@click.argument("file")
def prune(file: str) -> None:
    """Take out of FILE what the last scan of the same API saw fixed.

    What that scan could not tell stays. Run a scan first.
    """
    from apiward.cli.baseline_file import read_baseline  # noqa: PLC0415 - help must be fast
    from apiward.cli.state import state_of  # noqa: PLC0415 - the same
    from apiward.cli.writing import write_file  # noqa: PLC0415 - the same
    from apiward.config import AdvisedError  # noqa: PLC0415 - the same
    from apiward.prove.baseline import Baseline, dumped  # noqa: PLC0415 - the same
    from apiward.prove.changes import parse_previous  # noqa: PLC0415 - the same

    baseline = read_baseline(file)
    kept = state_of(os.environ).last()
    if kept is None:
        raise AdvisedError("There is no scan to compare with.", "", "Scan first: apiward scan URL")
    previous = parse_previous(kept.report_text)
    found = {id_ for id_, _, _ in previous.findings}
    open_places = {(check, operation) for _, check, operation in previous.findings}
    fixed = [
        e for e in baseline.accepted
        if e.id not in found and (e.check, e.operation) in previous.held - open_places
    ]  # fmt: skip
    if fixed:
        write_file(Path(file), dumped(Baseline(tuple(e for e in baseline.accepted if e not in fixed))))
    today = datetime.now(UTC).astimezone().date()
    write_out("".join(f"fixed, taken out: {e.id} {e.check} {e.operation}\n" for e in fixed))
    for entry in baseline.accepted:
        if entry.expires_on < today and entry not in fixed:
            say(f"ran out on {entry.expires_on}, counts again: {entry.id} {entry.check} {entry.operation}")
    say(f"{len(fixed)} taken out, {len(baseline.accepted) - len(fixed)} stay in {file}")
