"""What `apiward report` does: makes the report, and writes it where it is wanted."""

import os
import time
from collections.abc import Mapping
from pathlib import Path

from apiward.app.recording.findings import named_store
from apiward.app.reporting.making import ENDINGS, make_report, rendered
from apiward.cli.evidence_kept import evidence_in
from apiward.cli.exits import ExitCode
from apiward.cli.outputs import whole_file
from apiward.cli.speaking import say, write_out
from apiward.cli.state import state_of
from apiward.cli.store_places import place_of
from apiward.config.errors import AdvisedError
from apiward.prove.reports.model import ReportKind


def report(given: Mapping[str, object]) -> int:
    """Write the report; return 3 where there is no grade. Raises AdvisedError."""
    output = str(given.get("output") or "")
    ending = _ending(output, is_json=given.get("is_json") is True)
    kind = ReportKind(str(given.get("kind") or ReportKind.SUMMARY))
    place, config = place_of(given)
    with named_store(place, config, str(given.get("store") or "")) as store:
        target, look_up = str(given.get("target") or ""), evidence_in(state_of(os.environ))
        made = make_report(store, place, time.time(), kind=kind, target=target, evidence_of=look_up)
    whole = rendered(made, ending)
    if output and output != "-":
        with whole_file(Path(output)) as file:
            file.write(whole)
        say(f"The report ({kind.value}) is in {output}")
    else:
        write_out(whole.decode())
    return ExitCode.HOLDS if made.grade.letter is not None else ExitCode.NOT_ENOUGH


def _ending(output: str, *, is_json: bool) -> str:
    if not output or output == "-":
        return ".json" if is_json else ".txt"
    ending = Path(output).suffix.lower()
    if is_json and ending != ".json":
        raise AdvisedError(f"--json does not fit {output}.", "", "Leave out --json, or write to FILE.json.")
    if ending not in ENDINGS:
        raise AdvisedError(
            f"A report cannot be written to {output}.",
            "The ending of the name says what it is to be.",
            f"End it with {', '.join(ENDINGS)}.",
        )
    return ending
