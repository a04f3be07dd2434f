"""What `apiward report` does: makes the report, and writes it where it is wanted."""

import os
import time
from collections.abc import Mapping
from pathlib import Path

from apiward.app.recording.findings import named_store
from apiward.app.reporting.making import ENDINGS, make_report, rendered
from apiward.cli.evidence_kept import evidence_in
from apiward.cli.exits import ExitCode
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
        _write(Path(output), whole)
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


def _write(path: Path, whole: bytes) -> None:
    """Write the file for its owner alone: it says what is open. It gets its name when it is whole."""
    part = path.with_name(f".{path.name}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600), "wb") as file:
            file.write(whole)
        part.replace(path)
    except OSError as error:
        raise AdvisedError(f"{path} cannot be written.", f"{error.strerror}.", "Name another file with -o.") from error
    finally:
        part.unlink(missing_ok=True)
